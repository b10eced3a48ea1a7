/// Turns a tree into code: each node into a closure over the closures of its parts.
///
/// All that can be decided once is decided here: slots of variables, names of fields, overloads,
/// constants (folded where all parts are constant), sets behind `in`, regular expressions.
struct Planner {
    /// A name that the expression itself introduces.
    struct Local {
        var name: String
        var slot: Int
        var type: ValueType
        /// How the value is made when the slot is empty: for `cel.bind` and `cel.block`.
        var make: CellCode?
    }

    let checked: CheckedTree
    let declarations: Declarations
    let environment: Environment
    let engines: Engines
    let pool: ConstantPool
    private(set) var names: [Cell] = []
    private var nameNumbers: [String: Int] = [:]
    private(set) var variables: [Plan.PlannedVariable] = []
    private(set) var tapes: [Tape] = []
    private(set) var slotCount = 0
    var locals: [Local] = []
    private var mistakes: [Diagnostic] = []
    private var constantTapes: [Int: UInt32] = [:]

    /// The plan of a checked tree, or of one without types.
    static func plan(
        _ checked: CheckedTree, _ declarations: Declarations, _ environment: Environment
    ) throws(CompilationError) -> Plan {
        var planner = Planner(checked, declarations, environment)
        // Variables get the first slots, so they are found before any code is made.
        planner.collectVariables(checked.tree.root)
        planner.slotCount = planner.variables.count
        let code = planner.plan(checked.tree.root)
        guard planner.mistakes.isEmpty else {
            throw CompilationError(diagnostics: planner.mistakes)
        }
        return Plan(planner, code, checked.tree.root)
    }

    private init(
        _ checked: CheckedTree, _ declarations: Declarations, _ environment: Environment
    ) {
        self.checked = checked
        self.declarations = declarations
        self.environment = environment
        engines = Engines(environment)
        pool = ConstantPool(limit: environment.limits.builtBytes)
    }

    mutating func report(_ message: Message, _ id: NodeID) {
        let range = checked.tree[id].range
        mistakes.append(Diagnostic(message, at: range, in: checked.tree.source))
    }

    func type(_ id: NodeID) -> ValueType { checked.type(id) }

    /// A slot of its own for a name that the expression introduces.
    mutating func newSlot() -> Int {
        slotCount += 1
        return slotCount - 1
    }

    // MARK: Nodes

    mutating func plan(_ id: NodeID) -> Code {
        switch checked.tree[id].kind {
        case .literal(let literal): return .constant(cell(of: literal))
        case .name(let name, let isAbsolute): return planName(id, name, isAbsolute: isAbsolute)
        case .select(let selection): return planSelection(id, selection)
        case .call(let name, let target, let arguments):
            return planCall(id, name, target, arguments)
        case .list(let elements): return planList(id, elements)
        case .map(let entries): return planMap(id, entries)
        case .loop(let loop): return planLoop(id, loop)
        case .bind(let name, let value, let result):
            let type = type(value)
            let make = plan(value).asCell
            let slot = newSlot()
            locals.append(Local(name: name, slot: slot, type: type, make: make))
            let body = plan(result)
            locals.removeLast()
            return clearing([slot], before: body)
        case .block(let values, let result): return planBlock(values, result)
        case .faulty: return .cell({ _ throws(Fault) in throw Fault(.unknownName, at: id) })
        }
    }

    private mutating func planBlock(_ values: [NodeID], _ result: NodeID) -> Code {
        let before = locals.count
        var slots: [Int] = []
        for (index, value) in values.enumerated() {
            let make = plan(value).asCell
            let slot = newSlot()
            slots.append(slot)
            locals.append(
                Local(name: "@index\(index)", slot: slot, type: type(value), make: make))
        }
        let body = plan(result)
        locals.removeLast(locals.count - before)
        return clearing(slots, before: body)
    }

    /// Code that empties slots first, so that what they stand for is made anew in each round.
    private func clearing(_ slots: [Int], before body: Code) -> Code {
        @inline(__always)
        @Sendable func clear(_ evaluation: Evaluation) {
            for slot in slots { evaluation.pointee.slots[slot] = .absent }
        }
        switch body {
        case .constant: return body
        case .bool(let code):
            return .bool({ evaluation throws(Fault) in
                clear(evaluation)
                return try code(evaluation)
            })
        default:
            let code = body.asCell
            return .cell({ evaluation throws(Fault) in
                clear(evaluation)
                return try code(evaluation)
            })
        }
    }

    // MARK: Constants

    func cell(of literal: Literal) -> Cell {
        switch literal {
        case .null: .null
        case .bool(let value): Cell(value)
        case .int(let value): Cell(value)
        case .uint(let value): Cell(value)
        case .double(let value): Cell(value)
        case .string(let value): text(.string, value.utf8)
        case .bytes(let value): text(.bytes, value)
        }
    }

    /// A text in the program's memory.
    func text(_ kind: Kind, _ content: some Collection<UInt8>) -> Cell {
        let count = content.count
        // The source is far smaller than the pool, so there is room; without it the text is empty.
        guard let memory = pool.arena.take(count) else { return Cell(kind) }
        let bytes = memory.bindMemory(to: UInt8.self, capacity: count)
        var offset = 0
        for byte in content {
            bytes[offset] = byte
            offset += 1
        }
        return Cell(kind, at: memory, length: count)
    }

    /// The number of a field's name in this program.
    mutating func number(ofName name: String) -> Int {
        if let known = nameNumbers[name] { return known }
        nameNumbers[name] = names.count
        names.append(text(.string, name.utf8))
        return names.count - 1
    }

    /// The value of a constant of the environment.
    func constant(_ index: Int) -> Cell? {
        guard let tape = declarations.variables[index].constant,
            let number = constantTapes[index]
        else { return nil }
        return tape.rootCell.noted(number)
    }

    /// The code, evaluated now when all its parts are constants.
    ///
    /// A fault stays for the evaluation.
    func folded(_ code: Code, _ parts: [Code]) -> Code {
        guard parts.allSatisfy({ $0.constant != nil }) else { return code }
        return fold(code).map { .constant($0) } ?? code
    }

    private func fold(_ code: Code) -> Cell? {
        let idRoom = tapes.count * names.count
        return withUnsafeTemporaryAllocation(of: Cell.self, capacity: slotCount + 1) { slots in
            slots.initialize(repeating: .absent)
            return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: idRoom + 1) { ids in
                ids.initialize(repeating: Frame.unresolved)
                return withUnsafeTemporaryAllocation(
                    of: Unmanaged<Tape>.self, capacity: tapes.count + 1
                ) { table in
                    for (index, tape) in tapes.enumerated() {
                        table.initializeElement(at: index, to: .passUnretained(tape))
                    }
                    return fold(code, slots, ids, table)
                }
            }
        }
    }

    private func fold(
        _ code: Code, _ slots: UnsafeMutableBufferPointer<Cell>,
        _ ids: UnsafeMutableBufferPointer<UInt32>,
        _ table: UnsafeMutableBufferPointer<Unmanaged<Tape>>
    ) -> Cell? {
        names.withUnsafeBufferPointer { names in
            // The addresses are there because each buffer has room for at least one element.
            let slots = slots.baseAddress.unsafelyUnwrapped
            var frame = Frame(
                slots: slots, ids: ids.baseAddress.unsafelyUnwrapped,
                names: names.baseAddress ?? UnsafePointer(slots), nameCount: names.count,
                tapes: table.baseAddress.unsafelyUnwrapped, tapeCount: tapes.count,
                tapeRoom: tapes.count,
                fuel: 0, reserve: environment.limits.cost, cost: environment.limits.cost,
                isCancelled: nil, arena: pool.arena, activation: nil, plan: nil,
                engines: .passUnretained(engines))
            let cell = withExtendedLifetime(engines) {
                withUnsafeMutablePointer(to: &frame) { try? code.cell($0) }
            }
            // The arena is a value: what was built there stays in the pool's chunks.
            pool.arena = frame.arena
            return cell
        }
    }

    // MARK: Variables

    /// Gives slots to the variables that the tree reads.
    private mutating func collectVariables(_ id: NodeID) {
        if let reference = checked.references[id] {
            if case .variable(let index) = reference { addVariable(index) }
        } else if !checked.isChecked, let dotted = checked.tree.dottedName(id) {
            for candidate in dottedCandidates(dotted.name, isAbsolute: dotted.isAbsolute) {
                addVariable(candidate.index)
            }
        }
        forEachChild(of: checked.tree[id].kind) { collectVariables($0) }
    }

    private mutating func addVariable(_ index: Int) {
        let variable = declarations.variables[index]
        if let tape = variable.constant {
            if constantTapes[index] == nil {
                tapes.append(tape)
                constantTapes[index] = UInt32(truncatingIfNeeded: tapes.count)
            }
        } else if !variables.contains(where: { $0.index == index }) {
            variables.append(
                Plan.PlannedVariable(
                    index: index, type: variable.type, kinds: variable.type.kinds,
                    name: text(.string, variable.name.utf8)))
        }
    }

    /// The variables that a dotted name may start with: longest first, innermost container first.
    func dottedCandidates(
        _ name: String, isAbsolute: Bool
    ) -> [(index: Int, fields: [String])] {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var fields: [String] = []
        var found: [(index: Int, fields: [String])] = []
        while !parts.isEmpty {
            let prefix = parts.joined(separator: ".")
            for full in declarations.candidates(prefix, isAbsolute: isAbsolute) {
                if let index = declarations.variableNames.indexes[full] {
                    found.append((index, fields))
                }
            }
            fields.insert(parts.removeLast(), at: 0)
        }
        return found
    }

    func slot(ofVariable index: Int) -> Int? { variables.firstIndex { $0.index == index } }
}
