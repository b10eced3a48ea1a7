/// Turns a tree into code: each node into a closure over the closures of its parts.
///
/// All that can be decided once is decided here: slots of variables, names of fields, overloads,
/// constants (folded where all parts are constant), sets behind `in`, regular expressions.
struct Planner {
    /// A name that the expression itself introduces.
    struct Local {
        var slot: Int
        var type: ValueType
        /// How the value is made when the slot is empty: for `cel.bind` and `cel.block`.
        var make: CellCode?
        /// The work of making it.
        var work = 0
    }

    /// The parts of a planned `&&`.
    struct Conjunction {
        var id: NodeID
        var leftID: NodeID
        var rightID: NodeID
        var left: BoolCode
        var right: BoolCode
    }

    let checked: CheckedTree
    let declarations: Declarations
    let environment: Environment
    let engines: Engines
    let pool: ConstantPool
    /// The constants of the environment that the program reads.
    private(set) var constants: [Tape] = []
    private(set) var slotCount = 0
    /// The values of the nodes that are constant.
    private(set) var constantCells: [NodeID: Cell] = [:]
    /// What the program's loops and text tests need to know of texts.
    var needs: [TextNeed] = []
    /// The numbers of the needs.
    var needNumbers: [TextNeed: Int] = [:]
    /// By need: what tells whether a text has its pattern, when that is one regular expression.
    var needMatchers: [Int: any RegexMatcher] = [:]
    /// The regular expressions compiled so far.
    var matchers: [UTF8Key: any RegexMatcher] = [:]
    /// What needs say of nodes that are conditions, or lists.
    var gates: [NodeID: Gate] = [:]
    /// What nodes that are conditions ask of the fields of a loop's variable.
    private var fieldTests: [(id: NodeID, tests: FieldConjunction)] = []
    /// The `&&` that was planned last.
    var lastAnd: Conjunction?
    private var fieldNames: [Int: FieldName] = [:]
    var locals = Scope<Local>()
    private var mistakes: [Diagnostic] = []
    /// The instructions of the patterns compiled so far.
    var patternInstructions = 0
    var hasTooLargePatterns = false

    /// The plan of a checked tree, or of one without types.
    static func plan(
        _ checked: CheckedTree, _ declarations: Declarations, _ environment: Environment
    ) throws(CompilationError) -> Plan {
        var planner = Planner(checked, declarations, environment)
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
        pool = ConstantPool(
            limit: environment.limits.builtBytes, work: environment.limits.cost)
    }

    mutating func report(_ message: Message, _ id: NodeID) {
        guard mistakes.count < environment.limits.diagnostics else { return }
        let range = checked.tree[id].range
        mistakes.append(Diagnostic(message, at: range, in: checked.tree.source))
    }

    func type(_ id: NodeID) -> ValueType { checked.type(id) }

    /// Notes what a node asks of fields.
    ///
    /// Only the last ones are kept: what uses them was begun just before.
    mutating func note(_ id: NodeID, _ tests: FieldConjunction) {
        if fieldTests.count == Planner.fieldTestLimit { fieldTests.removeFirst() }
        fieldTests.append((id, tests))
    }

    /// What a node asks of fields, when it was planned just before.
    func fieldTests(of id: NodeID) -> FieldConjunction? {
        fieldTests.last { $0.id == id }?.tests
    }

    /// How many nodes that ask of fields are remembered.
    private static let fieldTestLimit = 8

    /// A slot of its own for a name that the expression introduces.
    mutating func newSlot() -> Int {
        slotCount += 1
        return slotCount - 1
    }

    // MARK: Nodes

    mutating func plan(_ id: NodeID) -> Code {
        let code = code(of: id)
        if let constant = code.constant { constantCells[id] = constant }
        return code
    }

    /// The code of nodes one after the other.
    ///
    /// What plans the parts of a node is kept apart from what takes room on the stack.
    mutating func planned(_ nodes: [NodeID]) -> [Code] {
        var parts: [Code] = []
        parts.reserveCapacity(nodes.count)
        for node in nodes { parts.append(plan(node)) }
        return parts
    }

    private mutating func code(of id: NodeID) -> Code {
        switch checked.tree[id].kind {
        case .literal(let literal): return .constant(cell(of: literal))
        case .name(let name, let isAbsolute): return planName(id, name, isAbsolute: isAbsolute)
        case .select(let selection): return planSelection(id, selection)
        case .call(let name, let target, let arguments):
            return planCall(id, name, target, arguments)
        case .list(let elements): return planList(id, elements)
        case .map(let entries): return planMap(id, entries)
        case .loop(let loop): return planLoop(id, loop)
        case .bind(let name, let value, let result): return planBind(name, value, result)
        case .block(let values, let result): return planBlock(values, result)
        case .faulty: return .cell({ _ throws(Fault) in throw Fault(.unknownName, at: id) })
        }
    }

    private mutating func planBind(_ name: String, _ value: NodeID, _ result: NodeID) -> Code {
        let make = plan(value).asCell
        let local = local(value, make)
        locals.enter(name, local)
        let body = plan(result)
        locals.leave()
        return clearing([local.slot], before: body)
    }

    private mutating func local(_ value: NodeID, _ make: @escaping CellCode) -> Local {
        Local(slot: newSlot(), type: type(value), make: make, work: weight(value))
    }

    private mutating func planBlock(_ values: [NodeID], _ result: NodeID) -> Code {
        locals.enterBlock()
        var slots: [Int] = []
        for value in values {
            let make = plan(value).asCell
            let local = local(value, make)
            slots.append(local.slot)
            locals.enterNext(local)
        }
        let body = plan(result)
        locals.leaveBlock()
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
        // Nothing but a text's own size bounds this arena, so there is always room.
        guard let memory = pool.literals.take(count) else { return Cell(kind) }
        let bytes = memory.bindMemory(to: UInt8.self, capacity: count)
        var offset = 0
        for byte in content {
            bytes[offset] = byte
            offset += 1
        }
        return Cell(kind, at: memory, length: count)
    }

    /// A field's name, for reading.
    mutating func fieldName(_ name: String) -> FieldName {
        let number = environment.fieldNames.number(of: name)
        if let known = fieldNames[number] { return known }
        let made = FieldName(cell: text(.string, name.utf8), number: number)
        // Names beyond those that are numbered share a number.
        if number < FieldNames.limit { fieldNames[number] = made }
        return made
    }

    /// The value of a constant of the environment.
    mutating func constant(_ index: Int) -> Cell? {
        guard let tape = declarations.variables[index].constant else { return nil }
        if !constants.contains(where: { $0 === tape }) { constants.append(tape) }
        return tape.rootCell
    }

    /// The code, evaluated now when all its parts are constants.
    ///
    /// A fault stays for the evaluation.
    func folded(_ code: Code, _ parts: [Code]) -> Code {
        guard parts.allSatisfy({ $0.constant != nil }) else { return code }
        return fold(code).map { .constant($0) } ?? code
    }

    private func fold(_ code: Code) -> Cell? {
        withUnsafeTemporaryAllocation(of: Cell.self, capacity: slotCount + 1) { slots in
            slots.initialize(repeating: .absent)
            // The address is there because the buffer has room for at least one element. Constant
            // code reads no variable and no tape, so these addresses are never followed.
            let slots = slots.baseAddress.unsafelyUnwrapped
            let nowhere = UnsafeRawPointer(slots)
            var frame = Frame(
                variables: UnsafePointer(slots), slots: slots,
                ids: nowhere.assumingMemoryBound(to: UInt32.self), idStride: 0,
                tapes: nowhere.assumingMemoryBound(to: TapeReference.self), tapeCount: 0,
                fuel: 0, reserve: pool.work, cost: pool.work,
                isCancelled: nil, arena: pool.folded, activation: nil,
                engines: .passUnretained(engines))
            let cell = withExtendedLifetime(engines) {
                withUnsafeMutablePointer(to: &frame) { try? code.cell($0) }
            }
            // The arena is a value: what was built there stays in the pool's chunks.
            pool.folded = frame.arena
            pool.work = max(0, frame.reserve + frame.fuel)
            return cell
        }
    }

    // MARK: Variables

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
                if let index = declarations.variableTable.indexes[full] {
                    found.append((index, fields))
                }
            }
            fields.insert(parts.removeLast(), at: 0)
        }
        return found
    }
}
