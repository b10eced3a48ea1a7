/// A planned expression: code, and all that it needs to run.
final class Plan: Sendable {
    /// A variable of the environment that the program reads; its slot is its place in the list.
    struct PlannedVariable: Sendable {
        var index: Int
        var type: ValueType
        var kinds: UInt32
        var name: Cell
    }

    let source: Source
    let ranges: [Range<Int>]
    let code: Code
    let condition: BoolCode
    let variables: [PlannedVariable]
    let variableNames: [String]
    let slotCount: Int
    let names: [Cell]
    let tapes: [Tape]
    let pool: ConstantPool
    let limits: Limits
    let engines: Engines
    /// The variables of the environment that the program was planned in.
    private let environmentNames: VariableNames

    init(_ planner: consuming Planner, _ code: Code, _ root: NodeID) {
        let environment = planner.environment
        source = planner.checked.tree.source
        ranges = planner.checked.tree.nodes.map(\.range)
        self.code = code
        condition = code.asBool(root)
        variables = planner.variables
        variableNames = planner.variables.map {
            planner.declarations.variables[$0.index].name
        }
        environmentNames = planner.declarations.variableNames
        slotCount = planner.slotCount
        names = planner.names
        tapes = planner.tapes
        pool = planner.pool
        limits = environment.limits
        engines = planner.engines
    }

    /// Runs code of this plan over an activation.
    func run<Result>(
        _ activation: Activation, _ budget: Budget?,
        _ body: (Evaluation) throws(Fault) -> Result
    ) throws(EvaluationError) -> Result {
        let tapeRoom = tapes.count + activation.tapes.count + activation.lazies.count + 1
        let idRoom = tapeRoom * names.count
        let outcome = withUnsafeTemporaryAllocation(of: Cell.self, capacity: slotCount + 1) {
            slots in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: idRoom + 1) { ids in
                withUnsafeTemporaryAllocation(
                    of: Unmanaged<Tape>.self, capacity: tapeRoom
                ) { tapes in
                    ids.initialize(repeating: Frame.unresolved)
                    return withUnsafePointer(to: activation) {
                        run($0, budget, slots, ids, tapes, body)
                    }
                }
            }
        }
        switch outcome {
        case .success(let result): return result
        case .failure(let error): throw error
        }
    }

    private func run<Result>(
        _ activation: UnsafePointer<Activation>, _ budget: Budget?,
        _ slots: UnsafeMutableBufferPointer<Cell>,
        _ ids: UnsafeMutableBufferPointer<UInt32>,
        _ tapeTable: UnsafeMutableBufferPointer<Unmanaged<Tape>>,
        _ body: (Evaluation) throws(Fault) -> Result
    ) -> Swift.Result<Result, EvaluationError> {
        var tapeCount = 0
        for tape in tapes {
            tapeTable.initializeElement(at: tapeCount, to: .passUnretained(tape))
            tapeCount += 1
        }
        for tape in activation.pointee.tapes {
            tapeTable.initializeElement(at: tapeCount, to: .passUnretained(tape))
            tapeCount += 1
        }
        fill(slots, from: activation.pointee)
        let cost = budget?.cost ?? limits.cost
        return names.withUnsafeBufferPointer { names in
            // The addresses are there because each buffer has room for at least one element;
            // names may be none, and then none is read.
            var frame = Frame(
                slots: slots.baseAddress.unsafelyUnwrapped, ids: ids.baseAddress.unsafelyUnwrapped,
                names: names.baseAddress ?? UnsafePointer(slots.baseAddress.unsafelyUnwrapped),
                nameCount: names.count, tapes: tapeTable.baseAddress.unsafelyUnwrapped,
                tapeCount: tapeCount, tapeRoom: tapeTable.count, fuel: 0, reserve: max(cost, 0),
                cost: max(cost, 0),
                isCancelled: budget?.isCancelled, arena: Arena(limit: limits.builtBytes),
                activation: activation, plan: .passUnretained(self),
                engines: .passUnretained(engines))
            defer { frame.arena.release() }
            return withUnsafeMutablePointer(to: &frame) { evaluation in
                do throws(Fault) {
                    try evaluation.spend(ranges.count)
                    return .success(try body(evaluation))
                } catch {
                    return .failure(self.error(error, evaluation))
                }
            }
        }
    }

    private func fill(_ slots: UnsafeMutableBufferPointer<Cell>, from activation: Activation) {
        slots.initialize(repeating: .absent)
        let shift = UInt32(truncatingIfNeeded: tapes.count)
        for (slot, variable) in variables.enumerated() {
            guard let index = index(ofSlot: slot, in: activation) else { continue }
            let cell = activation.cells[index]
            if cell.is(.absent) { continue }
            let noted = cell.noted(cell.note + shift)
            if variable.kinds & cell.kind.bit != 0 {
                slots[slot] = noted
            } else if let fitting = coerced(noted, to: variable.type) {
                slots[slot] = fitting
            }
        }
    }

    /// Where an activation has the value of a slot's variable, nil when it does not know it.
    @inline(__always)
    func index(ofSlot slot: Int, in activation: Activation) -> Int? {
        if activation.names === environmentNames { return variables[slot].index }
        return activation.names.indexes[variableNames[slot]]
    }

    private func error(_ fault: Fault, _ evaluation: Evaluation) -> EvaluationError {
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
