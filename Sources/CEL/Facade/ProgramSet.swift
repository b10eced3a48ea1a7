import Synchronization

/// Programs that are asked together: the rules of a rule file, say.
///
/// All of them are asked over one activation at a time. What they have in common is done once: the
/// texts that they look through are scanned once for the words of all, so that a condition on a word
/// that no text has costs next to nothing. The answers are those of each program alone, but that work
/// which is not done is not counted.
public final class ProgramSet: Sendable {
    /// The programs, in their order.
    public let programs: [Program]

    /// Where a list's texts are looked for fewer words than this, a scan costs more than it saves.
    static let listThreshold = 8
    /// The same for a single text.
    static let textThreshold = 16

    /// Their plans, without counted references, which would take longer than most answers.
    private let plans: [Unmanaged<Plan>]
    private let engines: Engines
    private let limits: Limits
    private let variables: VariableTable
    private let fieldNames: FieldNames
    private let slotCount: Int
    /// By program: the number of its first need.
    private let firstNeeds: [Int]
    private let gates: [SetGate]
    private let needs: [TextScan.Need]
    /// By pattern: what tells whether a text has it, when that is one regular expression.
    private let matchers: [any RegexMatcher]
    /// The domains; nil for one that few needs are about, and behind the limit.
    private let domains: [TextDomain?]
    /// How many lists and texts the domains are about.
    private let placeCount: Int
    private let scanner: (any TextScanner)?
    /// The memory of the last scan, for the next one.
    private let spare = Mutex<TextHits?>(nil)
    /// Keeps the names of fields.
    private let pool: ConstantPool

    /// A set of programs of one environment.
    ///
    /// `environment`: Whose limits and engines count; its ``Environment/textScanners`` makes the
    ///   scanner.
    public init(_ programs: [Program], _ environment: Environment) {
        self.programs = programs
        plans = programs.map { .passUnretained($0.plan) }
        engines = Engines(environment)
        limits = environment.limits
        variables = environment.declarations.variableTable
        fieldNames = environment.fieldNames
        slotCount = programs.map(\.plan.slotCount).max() ?? 0
        var table = TextNeedTable(environment)
        firstNeeds = programs.map { table.add($0.plan.needs, $0.plan.matchers) }
        domains = table.domains.enumerated().map { index, domain in
            guard index < TextTable.domainLimit else { return nil }
            let threshold =
                domain.place.isText ? ProgramSet.textThreshold : ProgramSet.listThreshold
            return table.weight(of: domain) >= threshold ? domain : nil
        }
        pool = table.pool
        placeCount = table.placeCount
        let isWorthwhile = domains.contains { $0 != nil }
        let scanner =
            isWorthwhile
            ? environment.textScanners?.makeScanner(table.patterns, uses: table.uses) : nil
        for index in table.needs.indices {
            let pattern = Int(table.needs[index].pattern)
            if scanner?.decides(pattern: pattern) ?? false {
                table.needs[index].proof = .noted
            } else if table.matchers[pattern] != nil {
                table.needs[index].proof = .asked
            }
        }
        needs = table.needs
        matchers = table.matchers.map { $0 ?? NoMatcher() }
        self.scanner = scanner
        gates = zip(programs, firstNeeds).map { program, firstNeed in
            SetGate(program.plan, table.needs, firstNeed: firstNeed)
        }
    }

    /// What is known of a program's condition without its plan, in few bytes: most programs of a
    /// large set are answered by it.
    fileprivate struct SetGate {
        /// The bit of the need's domain; 0 when nothing is known of the condition.
        private var domain: UInt64 = 0
        private var pattern: Int32 = 0
        private var proof = TextScan.Proof.open
        private var holdsWithout = false
        private var known: Bool?

        init(_ plan: Plan, _ needs: [TextScan.Need], firstNeed: Int) {
            known = plan.knownCondition
            guard let gate = plan.gate else { return }
            let need = needs[firstNeed + gate.need]
            domain = TextScan.Domain.bit(Int(need.domain))
            pattern = need.pattern
            if gate.isWhole { proof = need.proof }
            holdsWithout = gate.holdsWithout
        }

        /// The answer; nil when the program has to be asked.
        @inline(__always)
        func answer(_ evaluation: Evaluation) -> Bool? {
            guard let scan = evaluation.pointee.scan, scan.pointee.known & domain != 0 else {
                return known
            }
            if scan.pointee.patterns[Int(pattern)].domains & domain == 0 { return holdsWithout }
            switch proof {
            case .open: return nil
            case .noted: return !holdsWithout
            case .asked: return asked(evaluation, scan)
            }
        }

        /// The answer of a regular expression; nil when that takes more than the program may spend.
        @inline(never)
        private func asked(_ evaluation: Evaluation, _ scan: UnsafePointer<TextScan>) -> Bool? {
            let pattern = Int(pattern)
            if scan.pointee.patterns[pattern].first == TextHits.unknown { return nil }
            evaluation.refill()
            let domain = domain.trailingZeroBitCount
            guard let isMet = try? scan.isMet(pattern, domain, evaluation) else { return nil }
            return isMet != holdsWithout
        }
    }

    /// Makes the programs ready over one activation, for `body` to ask them in any order.
    ///
    /// `budget`: Bounds for each question by itself; the environment's when nil.
    public func asking<Result>(
        _ activation: Activation, budget: Budget? = nil, _ body: (Questions) -> Result
    ) -> Result {
        guard activation.variables === variables else {
            return asking(activation.adapted(to: variables, fieldNames), budget: budget, body)
        }
        return Frame.run(
            activation, slots: slotCount, limits: limits, engines: engines, budget: budget
        ) { evaluation in
            gates.withUnsafeBufferPointer { gates in
                let questions = Questions(set: self, gates: gates, evaluation: evaluation)
                guard let scanner else { return body(questions) }
                return scanned(evaluation, scanner) { body(questions) }
            }
        }
    }

    /// The programs of a set over one activation, valid only where ``asking(_:budget:_:)`` gave them.
    ///
    /// A program is named by its place in the set.
    public struct Questions {
        fileprivate let set: ProgramSet
        fileprivate let gates: UnsafeBufferPointer<SetGate>
        fileprivate let evaluation: Evaluation

        /// As ``Program/isTrue(_:budget:)``.
        @inline(__always)
        public func isTrue(_ index: Int) throws(EvaluationError) -> Bool {
            precondition(gates.indices.contains(index), "no program has this place")
            if let known = gates[index].answer(evaluation) { return known }
            return try ask(index)
        }

        @inline(never)
        private func ask(_ index: Int) throws(EvaluationError) -> Bool {
            evaluation.pointee.firstNeed = set.firstNeeds[index]
            // The set keeps its programs, and they their plans.
            let outcome = set.plans[index]._withUnsafeGuaranteedRef { plan in
                Swift.Result { () throws(EvaluationError) in
                    try answer(plan) { () throws(Fault) in try plan.condition(evaluation) }
                }
            }
            return try outcome.get()
        }

        /// As ``Program/withResult(_:budget:_:)``; `body` must not ask further.
        public func withResult<Result>(
            _ index: Int, _ body: (View) throws(EvaluationStop) -> Result
        ) throws(EvaluationError) -> Result {
            let plan = set.programs[index].plan
            evaluation.pointee.firstNeed = set.firstNeeds[index]
            return try answer(plan) { () throws(Fault) in
                let cell = try plan.code.cell(evaluation)
                do throws(EvaluationStop) {
                    return try body(View(cell, evaluation))
                } catch {
                    throw error.fault
                }
            }
        }

        @inline(__always)
        private func answer<Result>(
            _ plan: Plan, _ body: () throws(Fault) -> Result
        ) throws(EvaluationError) -> Result {
            evaluation.refill()
            do throws(Fault) {
                try evaluation.spend(plan.ranges.count)
                return try body()
            } catch {
                throw plan.error(error, evaluation)
            }
        }
    }

    // MARK: The scan

    private func scanned<Result>(
        _ evaluation: Evaluation, _ scanner: any TextScanner, _ body: () -> Result
    ) -> Result {
        var table = TextTable(places: placeCount)
        var found = domains.map { domain in
            domain.map { table.add($0, evaluation) } ?? TextTable.Found()
        }
        let (elements, bits) = table.elements(&found)
        var hits = spare.withLock { $0.take() } ?? TextHits(patterns: matchers.count)
        hits.reset(domains: bits)
        scanner.scan(table.texts, &hits)
        let result = elements.withUnsafeBufferPointer { elements in
            // The array has at least one element, so it has an address.
            let base = elements.baseAddress.unsafelyUnwrapped
            let domains = found.enumerated().map { index, found in
                TextScan.Domain(
                    bits: found.bits, length: found.length,
                    elements: index < TextTable.domainLimit
                        ? base + index * table.texts.count : base)
            }
            return withScan(hits, domains, table.texts) { scan in
                evaluation.pointee.scan = scan
                defer { evaluation.pointee.scan = nil }
                return body()
            }
        }
        keep(hits)
        return result
    }

    private func keep(_ hits: consuming TextHits) {
        guard hits.isModest else { return }
        var kept: TextHits? = consume hits
        spare.withLock { swap(&$0, &kept) }
    }

    private func withScan<Result>(
        _ hits: borrowing TextHits, _ domains: [TextScan.Domain],
        _ texts: [UnsafeBufferPointer<UInt8>], _ body: (UnsafePointer<TextScan>?) -> Result
    ) -> Result {
        var known: UInt64 = 0
        for (number, domain) in domains.enumerated() where domain.isKnown {
            known |= TextScan.Domain.bit(number)
        }
        let patterns = hits.patterns.baseAddress, entries = hits.entries
        return needs.withUnsafeBufferPointer { needs in
            domains.withUnsafeBufferPointer { domains in
                texts.withUnsafeBufferPointer { texts in
                    matchers.withUnsafeBufferPointer { matchers in
                        guard let needs = needs.baseAddress, let domains = domains.baseAddress,
                            let patterns, let texts = texts.baseAddress,
                            let matchers = matchers.baseAddress
                        else { return body(nil) }
                        let scan = TextScan(
                            needs: needs, domains: domains, known: known, patterns: patterns,
                            entries: entries, texts: texts, matchers: matchers)
                        return withUnsafePointer(to: scan) { body($0) }
                    }
                }
            }
        }
    }
}

/// Stands where a pattern is no single regular expression; nobody asks it.
private struct NoMatcher: RegexMatcher {
    var groupCount: Int { 0 }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { true }

    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from offset: Int) -> [Range<Int>?]? { nil }
}
