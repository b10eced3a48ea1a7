/// The state of one evaluation, or of several one after the other over one activation.
///
/// All of it lives on the caller's stack and in the arena. The pointers are plain because the code
/// of a program reads them at every step; ``Frame/run`` makes them and keeps everything behind them
/// alive until the evaluation has ended.
struct Frame {
    /// The environment's variables, by their index.
    let variables: UnsafePointer<Cell>
    /// The names that the program itself introduces.
    let slots: UnsafeMutablePointer<Cell>
    /// By tape and name of a field: the name's number in that tape, 0 when it is not there.
    let ids: UnsafePointer<UInt32>
    let idStride: Int
    /// The activation's tapes by number, from 1; the lazily made ones follow in ``Extras``.
    let tapes: UnsafePointer<TapeReference>
    let tapeCount: Int
    /// The work that may be done until the budget is looked at again.
    var fuel: Int
    /// The work that may be done after that.
    var reserve: Int
    var cost: Int
    let isCancelled: (@Sendable () -> Bool)?
    var arena: Arena
    let activation: UnsafePointer<Activation>?
    let engines: Unmanaged<Engines>
    /// What is known of the activation's texts beforehand, for a set of programs.
    var scan: UnsafePointer<TextScan>?
    /// The number of the program's first need in the scan.
    var firstNeed = 0
    /// What few evaluations need, made when first needed.
    var extras: Extras?

    /// How much work is done between two looks at the budget.
    static let slice = 50_000
}

/// What the host has brought in, shared by all evaluations of a plan.
final class Engines: Sendable {
    let regexEngine: (any RegexEngine)?
    let timeZones: (any TimeZones)?
    let patternBytes: Int

    init(_ environment: Environment) {
        regexEngine = environment.regexEngine
        timeZones = environment.timeZones
        patternBytes = environment.limits.patternBytes
    }
}

/// The part of an evaluation's state that needs reference counting.
final class Extras {
    /// What keeps lazily made tapes alive.
    var lazyTapes: [Tape] = []
    /// The lazily made variables, by index.
    var lazyCells: [Int: Cell] = [:]
    /// Patterns that are not constants, compiled in this evaluation.
    var patterns: [UTF8Key: any RegexMatcher] = [:]
    /// Those that the engine refused.
    var refusedPatterns: Set<UTF8Key> = []
    /// What a host function said when it failed.
    var hostFailure = ""
}

/// The handle through which code works on its evaluation.
typealias Evaluation = UnsafeMutablePointer<Frame>

extension UnsafeMutablePointer<Frame> {
    // MARK: Budget

    /// Counts work; throws when the budget is used up.
    @inline(__always)
    func spend(_ units: Int) throws(Fault) {
        pointee.fuel -= units
        if pointee.fuel < 0 { try refuel() }
    }

    /// Counts work on so many bytes of text.
    @inline(__always)
    func spend(bytes: Int) throws(Fault) { try spend(bytes >> 4) }

    @inline(never)
    private func refuel() throws(Fault) {
        if let isCancelled = pointee.isCancelled, isCancelled() { throw Fault(.cancelled) }
        let wanted = Swift.max(Frame.slice, -pointee.fuel)
        let granted = Swift.min(wanted, pointee.reserve)
        pointee.reserve -= granted
        pointee.fuel += granted
        if pointee.fuel < 0 { throw Fault(.costExceeded) }
    }

    /// Starts the next program's budget.
    func refill() {
        let fuel = pointee.isCancelled == nil ? Swift.min(pointee.cost, Frame.slice) : 0
        pointee.fuel = fuel
        pointee.reserve = pointee.cost - fuel
        pointee.arena.release()
    }

    /// The work done so far.
    var spent: Int { pointee.cost - pointee.reserve - pointee.fuel }

    // MARK: Memory

    /// Memory for so many bytes, which live until the evaluation has ended.
    func allocate(bytes: Int) throws(Fault) -> UnsafeMutablePointer<UInt8> {
        try spend(bytes: bytes)
        guard let memory = pointee.arena.take(bytes) else { throw Fault(.memoryExceeded) }
        return memory.bindMemory(to: UInt8.self, capacity: bytes)
    }

    /// Memory for so many cells, which live until the evaluation has ended.
    func allocate(cells: Int) throws(Fault) -> UnsafeMutablePointer<Cell> {
        let (size, overflow) = cells.multipliedReportingOverflow(by: MemoryLayout<Cell>.stride)
        if overflow { throw Fault(.memoryExceeded) }
        try spend(bytes: size)
        guard let memory = pointee.arena.take(size) else { throw Fault(.memoryExceeded) }
        return memory.bindMemory(to: Cell.self, capacity: cells)
    }

    /// Counts memory that is built outside the arena: results for the host, growing texts.
    func charge(bytes: Int) throws(Fault) {
        try spend(bytes: bytes)
        guard pointee.arena.charge(bytes) else { throw Fault(.memoryExceeded) }
    }

    /// A text or bytes value of those bytes.
    func make(_ kind: Kind, _ content: some Collection<UInt8>) throws(Fault) -> Cell {
        let count = content.count
        guard count <= Int(UInt32.max) else { throw Fault(.tooLarge) }
        let memory = try allocate(bytes: count)
        var offset = 0
        for byte in content {
            memory[offset] = byte
            offset += 1
        }
        return Cell(kind, at: memory, length: count)
    }

    func make(_ text: String) throws(Fault) -> Cell { try make(.string, text.utf8) }

    /// A list of those elements.
    func make(list elements: some Collection<Cell>) throws(Fault) -> Cell {
        let memory = try allocate(cells: elements.count)
        var offset = 0
        for element in elements {
            memory[offset] = element
            offset += 1
        }
        return Cell(.list, at: memory, length: elements.count)
    }

    /// An optional that holds a value.
    func make(optional value: Cell) throws(Fault) -> Cell {
        let memory = try allocate(cells: 1)
        memory.pointee = value
        return Cell(.optional, at: memory, length: 1)
    }

    /// The state that few evaluations need.
    var extras: Extras {
        if let known = pointee.extras { return known }
        let made = Extras()
        pointee.extras = made
        return made
    }

    var engines: Engines { pointee.engines.takeUnretainedValue() }

    // MARK: Names and variables

    /// The number of a field's name in a tape, 0 when the tape does not have it.
    @inline(__always)
    func nameID(_ name: FieldName, in tape: UInt32) -> UInt32 {
        // Objects have the number of their tape, so it is not 0; the table is far below 2⁶³.
        guard name.number < pointee.idStride, Int(tape) <= pointee.tapeCount else {
            return lateNameID(name, in: tape)
        }
        return pointee.ids[(Int(tape) &- 1) &* pointee.idStride &+ name.number]
    }

    /// For lazily made tapes, and for names that were not known when the activation was made.
    @inline(never)
    private func lateNameID(_ name: FieldName, in tape: UInt32) -> UInt32 {
        self.tape(tape).nameID(name.cell.text)
    }

    func tape(_ number: UInt32) -> Tape {
        let index = Int(number) - 1
        if index < pointee.tapeCount { return pointee.tapes[index].tape }
        return extras.lazyTapes[index - pointee.tapeCount]
    }

    /// The name of a member, by its object's tape.
    func memberName(_ member: Cell, of object: Cell) -> Cell {
        tape(object.note).nameCell(member.note)
    }

    /// A variable that has no value in its place: made now when it is lazy.
    @inline(never)
    func load(_ variable: Int, _ type: ValueType, at node: NodeID) throws(Fault) -> Cell {
        guard let activation = pointee.activation else { throw Fault(.unknownName, at: node) }
        let name = try make(activation.pointee.variables.names[variable])
        if let known = pointee.extras?.lazyCells[variable] {
            if known.is(.absent) { throw Fault(.wrongKind, name, at: node) }
            return known
        }
        guard let lazy = activation.pointee.lazies[variable] else {
            let isMisfit = activation.pointee.misfits.contains(variable)
            throw Fault(isMisfit ? .wrongKind : .unknownName, name, at: node)
        }
        let made: Tape.Node
        do {
            made = try lazy.make()
        } catch {
            extras.hostFailure = (error as? HostFailure)?.message ?? ""
            throw Fault(.host, name, at: node)
        }
        extras.lazyTapes.append(made.tape)
        let number = pointee.tapeCount + extras.lazyTapes.count
        let cell = made.cell.noted(UInt32(truncatingIfNeeded: number))
        // A value of a wrong kind is remembered as absent, so that it is asked for once.
        let fitting = coerced(cell, to: type)
        extras.lazyCells[variable] = fitting ?? .absent
        guard let fitting else { throw Fault(.wrongKind, name, at: node) }
        return fitting
    }
}

/// The cell as a value of a declared type: numbers of another kind are taken when they fit exactly
/// (an int for a double always); nil when the value cannot be meant.
func coerced(_ cell: Cell, to type: ValueType) -> Cell? {
    if type.kinds & cell.kind.bit != 0 { return cell }
    switch (type, cell.kind) {
    case (.double, .int): return Cell(Double(cell.int))
    case (.double, .uint): return Cell(Double(cell.uint))
    case (.int, .uint): return Int64(exactly: cell.uint).map { Cell($0) }
    case (.int, .double): return Int64(exactly: cell.double).map { Cell($0) }
    case (.uint, .int): return UInt64(exactly: cell.int).map { Cell($0) }
    case (.uint, .double): return UInt64(exactly: cell.double).map { Cell($0) }
    default: return nil
    }
}
