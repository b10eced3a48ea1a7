/// A planned expression: code, and all that it needs to run.
final class Plan: Sendable {
    let source: Source
    let ranges: [Range<Int>]
    let code: Code
    let condition: BoolCode
    /// The answer of a condition that is constant.
    let knownCondition: Bool?
    /// The variables of the environment that the program was planned in.
    let variables: VariableTable
    let fieldNames: FieldNames
    let slotCount: Int
    /// What the program needs to know of texts, for a scan beforehand.
    let needs: [TextNeed]
    /// By need: what tells whether a text has its pattern, when that is one regular expression.
    let matchers: [Int: any RegexMatcher]
    /// What a need says of the condition.
    let gate: Gate?
    let constants: [Tape]
    let pool: ConstantPool
    let limits: Limits
    let engines: Engines

    init(_ planner: consuming Planner, _ code: Code, _ root: NodeID) {
        gate = planner.gate(root)
        needs = planner.needs
        matchers = planner.needMatchers
        let environment = planner.environment
        source = planner.checked.tree.source
        ranges = planner.checked.tree.nodes.map(\.range)
        self.code = code
        condition = planner.condition(root, code)
        knownCondition = code.constant.flatMap { $0.is(.bool) ? $0.bool : nil }
        variables = planner.declarations.variableTable
        fieldNames = environment.fieldNames
        slotCount = planner.slotCount
        constants = planner.constants
        pool = planner.pool
        limits = environment.limits
        engines = planner.engines
    }

    /// Runs code of this plan over an activation.
    @inline(__always)
    func run<Result>(
        _ activation: Activation, _ budget: Budget?,
        _ body: (Evaluation) throws(Fault) -> Result
    ) throws(EvaluationError) -> Result {
        guard activation.variables === variables else {
            return try runAdapted(activation.adapted(to: variables, fieldNames), budget, body)
        }
        let outcome = Frame.run(
            activation, slots: slotCount, limits: limits, engines: engines, budget: budget
        ) { evaluation in
            do throws(Fault) {
                try evaluation.spend(ranges.count)
                return Swift.Result<Result, EvaluationError>.success(try body(evaluation))
            } catch {
                return .failure(self.error(error, evaluation))
            }
        }
        return try outcome.get()
    }

    /// As ``run(_:_:_:)``, for an activation of another state of the environment.
    @inline(never)
    private func runAdapted<Result>(
        _ activation: Activation, _ budget: Budget?,
        _ body: (Evaluation) throws(Fault) -> Result
    ) throws(EvaluationError) -> Result { try run(activation, budget, body) }

    /// What a fault says to people.
    @inline(never)
    func error(_ fault: Fault, _ evaluation: Evaluation) -> EvaluationError {
        let node = Int(fault.node)
        let range =
            ranges.indices.contains(node) ? ranges[node] : 0..<source.bytes.count
        let (line, column) = source.position(of: range.lowerBound)
        let content = Message.fault(
            fault.code, subject: evaluation.shown(fault.subject),
            detail: fault.code == .host ? evaluation.extras.hostFailure : "")
        return EvaluationError(range: range, line: line, column: column, content: content)
    }
}

extension Frame {
    /// How many slots lie on the stack; more are allocated.
    private static let stackSlots = 16

    /// Makes a frame over an activation and calls `body` with it.
    @inline(__always)
    static func run<Result>(
        _ activation: Activation, slots count: Int, limits: Limits, engines: Engines,
        budget: Budget?, _ body: (Evaluation) -> Result
    ) -> Result {
        if count <= stackSlots {
            return withUnsafeTemporaryAllocation(of: Cell.self, capacity: stackSlots) {
                run(activation, $0, limits, engines, budget, body)
            }
        }
        return withUnsafeTemporaryAllocation(of: Cell.self, capacity: count) {
            run(activation, $0, limits, engines, budget, body)
        }
    }

    @inline(__always)
    private static func run<Result>(
        _ activation: Activation, _ slots: UnsafeMutableBufferPointer<Cell>, _ limits: Limits,
        _ engines: Engines, _ budget: Budget?, _ body: (Evaluation) -> Result
    ) -> Result {
        let cost = max(budget?.cost ?? limits.cost, 0)
        // Who can be cancelled is asked before the first step.
        let fuel = budget?.isCancelled == nil ? min(cost, slice) : 0
        // The slots have an address because there is at least one. An array without elements may
        // have none; then nothing is read there, and any address will do.
        let slots = slots.baseAddress.unsafelyUnwrapped
        let nowhere = UnsafeRawPointer(slots)
        return withUnsafePointer(to: activation) { pointer in
            activation.cells.withUnsafeBufferPointer { cells in
                activation.ids.withUnsafeBufferPointer { ids in
                    activation.tapeTable.withUnsafeBufferPointer { tapes in
                        var frame = Frame(
                            variables: cells.baseAddress ?? UnsafePointer(slots), slots: slots,
                            ids: ids.baseAddress ?? nowhere.assumingMemoryBound(to: UInt32.self),
                            idStride: activation.idStride,
                            tapes: tapes.baseAddress
                                ?? nowhere.assumingMemoryBound(to: TapeReference.self),
                            tapeCount: tapes.count, fuel: fuel, reserve: cost - fuel, cost: cost,
                            isCancelled: budget?.isCancelled,
                            arena: Arena(limit: limits.builtBytes), activation: pointer,
                            engines: .passUnretained(engines))
                        defer { frame.arena.release() }
                        return withUnsafeMutablePointer(to: &frame) { body($0) }
                    }
                }
            }
        }
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The most code points of a value that an error shows.
    private static var shownLimit: Int { 60 }

    /// A value as an error shows it: short, and never what is in a list or a map.
    func shown(_ cell: Cell) -> String {
        switch cell.kind {
        case .absent: return ""
        case .string:
            let text = String(decoding: cell.text.prefix(4 * Self.shownLimit), as: UTF8.self)
            let short = String(text.unicodeScalars.prefix(Self.shownLimit))
            return "`\(short)\(short.utf8.count < cell.count ? "…" : "")`"
        case .list, .map, .object, .bytes, .optional, .opaque: return cell.kind.name
        default:
            guard let text = try? text(of: cell) else { return cell.kind.name }
            return text.string
        }
    }
}

extension Kind {
    /// The name of the type that values of the kind have.
    var name: String {
        switch self {
        case .absent: ""
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .duration: "google.protobuf.Duration"
        case .timestamp: "google.protobuf.Timestamp"
        case .list: "list"
        case .map, .object: "map"
        case .type: "type"
        case .optional: "optional_type"
        case .opaque: "opaque"
        }
    }
}
