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
    private let patternCount: Int
    /// The domains; nil for one that few needs are about.
    private let domains: [TextDomain?]
    private let scanner: (any TextScanner)?
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
        firstNeeds = programs.map { table.add($0.plan.needs) }
        patternCount = table.patterns.count
        domains = table.domains.enumerated().map { index, domain in
            let threshold =
                domain.isText ? ProgramSet.textThreshold : ProgramSet.listThreshold
            return table.weights[index] >= threshold ? domain : nil
        }
        pool = table.pool
        let isWorthwhile = domains.contains { $0 != nil }
        let scanner =
            isWorthwhile
            ? environment.textScanners?.makeScanner(table.patterns, uses: table.uses) : nil
        for index in table.needs.indices {
            let pattern = Int(table.needs[index].pattern)
            table.needs[index].isDecided = scanner?.decides(pattern: pattern) ?? false
        }
        needs = table.needs
        self.scanner = scanner
        gates = zip(programs, firstNeeds).map { program, firstNeed in
            SetGate(program.plan, table.needs, firstNeed: firstNeed)
        }
    }

    /// What is known of a program's condition without its plan, in few bytes: most programs of a
    /// large set are answered by it.
    fileprivate struct SetGate {
        private var need = TextScan.Need(pattern: -1, domain: -1)
        private var holdsWithout = false
        private var known: Bool?

        init(_ plan: Plan, _ needs: [TextScan.Need], firstNeed: Int) {
            known = plan.knownCondition
            guard let gate = plan.gate else { return }
            need = needs[firstNeed + gate.need]
            if !gate.isWhole { need.isDecided = false }
            holdsWithout = gate.holdsWithout
        }

        /// The answer; nil when the program has to be asked.
        @inline(__always)
        func answer(_ evaluation: Evaluation) -> Bool? {
            if let known { return known }
            guard need.pattern >= 0, let scan = evaluation.pointee.scan,
                let canBeMet = scan.pointee.canBeMet(need)
            else { return nil }
            if !canBeMet { return holdsWithout }
            return need.isDecided ? !holdsWithout : nil
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
        var table = TextTable()
        var found = domains.map { domain in
            domain.map { table.add($0, evaluation) } ?? TextTable.Found()
        }
        var hits = TextHits(patterns: patternCount)
        scanner.scan(table.texts, &hits)
        let elements = table.elements(&found)
        return elements.withUnsafeBufferPointer { elements in
            // The array has at least one element, so it has an address.
            let base = elements.baseAddress.unsafelyUnwrapped
            let domains = found.enumerated().map { index, found in
                TextScan.Domain(
                    bits: found.bits, length: found.length,
                    elements: base + index * table.texts.count)
            }
            return withScan(hits, domains) { scan in
                evaluation.pointee.scan = scan
                defer { evaluation.pointee.scan = nil }
                return body()
            }
        }
    }

    private func withScan<Result>(
        _ hits: TextHits, _ domains: [TextScan.Domain],
        _ body: (UnsafePointer<TextScan>?) -> Result
    ) -> Result {
        needs.withUnsafeBufferPointer { needs in
            domains.withUnsafeBufferPointer { domains in
                hits.first.withUnsafeBufferPointer { first in
                    hits.text.withUnsafeBufferPointer { text in
                        hits.next.withUnsafeBufferPointer { next in
                            guard let needs = needs.baseAddress, let domains = domains.baseAddress,
                                let first = first.baseAddress
                            else { return body(nil) }
                            // Without entries nothing is read behind the last two.
                            let scan = TextScan(
                                needs: needs, domains: domains, first: first,
                                text: text.baseAddress ?? first, next: next.baseAddress ?? first)
                            return withUnsafePointer(to: scan) { body($0) }
                        }
                    }
                }
            }
        }
    }
}
