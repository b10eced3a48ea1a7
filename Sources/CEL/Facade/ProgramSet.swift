/// Conditions that are asked together: the rules of a rule file, say.
///
/// One evaluation asks all of them over one activation. What they have in common is done once: the
/// texts that they look through are scanned once for the words of all, so that a condition on a word
/// that no text has costs next to nothing. The answers are those of ``Program/isTrue(_:budget:)``,
/// but that work which is not done is not counted.
public final class ProgramSet: Sendable {
    /// The programs, in their order.
    public let programs: [Program]

    /// With fewer needs of a list's texts than this, a scan costs more than it saves.
    static let listThreshold = 8
    /// The same for a single text.
    static let textThreshold = 16

    private let engines: Engines
    private let limits: Limits
    private let variables: VariableTable
    private let fieldNames: FieldNames
    private let slotCount: Int
    /// By program: the number of its first need.
    private let firstNeeds: [Int]
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
        engines = Engines(environment)
        limits = environment.limits
        variables = environment.declarations.variableTable
        fieldNames = environment.fieldNames
        slotCount = programs.map(\.plan.slotCount).max() ?? 0
        var table = TextNeedTable(environment)
        firstNeeds = programs.map { table.add($0.plan.needs) }
        needs = table.needs
        patternCount = table.patterns.count
        domains = table.domains.enumerated().map { index, domain in
            let threshold =
                domain.isText ? ProgramSet.textThreshold : ProgramSet.listThreshold
            return table.needCounts[index] >= threshold ? domain : nil
        }
        pool = table.pool
        let isWorthwhile = domains.contains { $0 != nil }
        scanner =
            isWorthwhile
            ? environment.textScanners?.makeScanner(table.patterns, uses: table.uses) : nil
    }

    /// Asks some of the programs, one after the other.
    ///
    /// `indexes`: Which programs, by their place in the set; all when nil.
    /// `budget`: Bounds for each program by itself; the environment's when nil.
    /// `body`: Gets each program's index and its answer.
    public func evaluate(
        _ activation: Activation, _ indexes: [Int]? = nil, budget: Budget? = nil,
        _ body: (_ index: Int, _ answer: Result<Bool, EvaluationError>) -> Void
    ) {
        guard activation.variables === variables else {
            return evaluate(
                activation.adapted(to: variables, fieldNames), indexes, budget: budget, body)
        }
        Frame.run(
            activation, slots: slotCount, limits: limits, engines: engines, budget: budget
        ) { evaluation in
            guard let scanner else { return ask(evaluation, indexes, body) }
            scanned(evaluation, scanner) { ask(evaluation, indexes, body) }
        }
    }

    private func ask(
        _ evaluation: Evaluation, _ indexes: [Int]?,
        _ body: (_ index: Int, _ answer: Result<Bool, EvaluationError>) -> Void
    ) {
        if let indexes {
            for index in indexes where programs.indices.contains(index) {
                body(index, answer(index, evaluation))
            }
        } else {
            for index in programs.indices { body(index, answer(index, evaluation)) }
        }
    }

    @inline(__always)
    private func answer(_ index: Int, _ evaluation: Evaluation) -> Result<Bool, EvaluationError> {
        let plan = programs[index].plan
        if let known = plan.knownCondition { return .success(known) }
        evaluation.pointee.firstNeed = firstNeeds[index]
        if plan.gate >= 0, evaluation.isRuledOut(plan.gate) { return .success(false) }
        evaluation.refill()
        do throws(Fault) {
            try evaluation.spend(plan.ranges.count)
            return .success(try plan.condition(evaluation))
        } catch {
            return .failure(plan.error(error, evaluation))
        }
    }

    // MARK: The scan

    private func scanned(
        _ evaluation: Evaluation, _ scanner: any TextScanner, _ body: () -> Void
    ) {
        var table = TextTable()
        var found = domains.map { domain in
            domain.map { table.add($0, evaluation) } ?? TextTable.Found()
        }
        var hits = TextHits(patterns: patternCount)
        scanner.scan(table.texts, &hits)
        let elements = table.elements(&found)
        elements.withUnsafeBufferPointer { elements in
            // The array has at least one element, so it has an address.
            let base = elements.baseAddress.unsafelyUnwrapped
            let domains = found.enumerated().map { index, found in
                TextScan.Domain(
                    bits: found.bits, length: found.length,
                    elements: base + index * table.texts.count)
            }
            withScan(hits, domains) { scan in
                evaluation.pointee.scan = scan
                body()
                evaluation.pointee.scan = nil
            }
        }
    }

    private func withScan(
        _ hits: TextHits, _ domains: [TextScan.Domain], _ body: (UnsafePointer<TextScan>?) -> Void
    ) {
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
                            withUnsafePointer(to: scan) { body($0) }
                        }
                    }
                }
            }
        }
    }
}
