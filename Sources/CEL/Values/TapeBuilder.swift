/// Why a tape could not be made.
public enum TapeError: Error, Hashable, Sendable {
    /// An end without a begin, a member without a name, a map with a key and no value, or no root.
    case unbalanced
    /// More nesting than ``Tape/nestingLimit``.
    case tooDeep
    /// More than 2³² - 1 bytes or elements in one value, or more than 2²⁴ - 1 names.
    case tooLarge
    /// A cell that points outside its tape, or before it is allowed to.
    case malformed
    /// A value that a tape cannot hold (an optional or an opaque value).
    case unsupported
}

/// Makes a ``Tape`` by hand, value by value.
///
/// ```swift
/// var builder = TapeBuilder()
/// builder.beginObject()
/// builder.name("status"); builder.string("FINISH")
/// builder.name("sentences"); builder.beginList(); builder.end()
/// builder.end()
/// let tape = try builder.finish()
/// ```
///
/// Wrong use does not trap: the first mistake is kept and ``finish()`` throws it.
public struct TapeBuilder: Sendable {
    private struct Level {
        var kind: Kind
        var name: UInt32
        var firstPending: Int
    }

    private var cells: [Cell] = []
    private var pending: [Cell] = []
    private var bytes: [UInt8] = []
    private var nameCells: [Cell] = [Cell(.string)]
    /// The numbers of names in an open hash table of a power of two of places, 0 for a free one.
    private var namePlaces: [UInt32] = []
    private var levels: [Level] = []
    private var nextName: UInt32 = 0
    private var failure: TapeError?
    /// Whether maps whose keys are all texts stay maps.
    var objectsAsMaps = false

    /// An empty builder.
    public init() {}

    /// Appends `null`.
    public mutating func null() { append(Cell.null) }
    /// Appends a bool.
    public mutating func bool(_ value: Bool) { append(Cell(value)) }
    /// Appends an int.
    public mutating func int(_ value: Int64) { append(Cell(value)) }
    /// Appends a uint.
    public mutating func uint(_ value: UInt64) { append(Cell(value)) }
    /// Appends a double.
    public mutating func double(_ value: Double) { append(Cell(value)) }
    /// Appends a point in time; one outside ``Timestamp/isInRange`` makes the tape malformed.
    public mutating func timestamp(_ value: Timestamp) {
        if !value.isInRange { fail(.malformed) }
        append(Cell(value))
    }
    /// Appends a span of time; one over 2⁶³ nanoseconds (292 years) makes the tape malformed.
    public mutating func duration(_ value: Duration) {
        guard let nanoseconds = value.wholeNanoseconds else { return fail(.malformed) }
        append(Cell(nanoseconds: nanoseconds))
    }
    /// Appends text.
    public mutating func string(_ value: String) { append(text: value.utf8, as: .string) }
    /// Appends text given as UTF-8; bytes that are not UTF-8 are replaced by U+FFFD.
    public mutating func string(utf8: some Collection<UInt8>) {
        append(text: String(decoding: utf8, as: UTF8.self).utf8, as: .string)
    }
    /// Appends octets.
    public mutating func bytes(_ value: some Collection<UInt8>) { append(text: value, as: .bytes) }

    /// Opens a list; its elements follow, then ``end()``.
    public mutating func beginList() { begin(.list) }
    /// Opens an object; for each member ``name(_:)`` and a value follow, then ``end()``.
    public mutating func beginObject() { begin(.object) }
    /// Opens a map; key, value, key, value … follow, then ``end()``.
    public mutating func beginMap() { begin(.map) }

    /// Names the next value, a member of the open object.
    public mutating func name(_ name: String) {
        guard levels.last?.kind == .object, nextName == 0 else { return fail(.unbalanced) }
        var name = name
        nextName = name.withUTF8 { intern($0) }
    }

    /// Closes the innermost open list, object or map.
    public mutating func end() {
        guard let level = levels.popLast(), nextName == 0 else { return fail(.unbalanced) }
        let children = pending.count - level.firstPending
        if level.kind == .map && children % 2 != 0 { return fail(.unbalanced) }
        guard children <= Int(UInt32.max) else { return fail(.tooLarge) }
        let first = cells.count
        cells.append(contentsOf: pending[level.firstPending...])
        pending.removeSubrange(level.firstPending...)
        let count = level.kind == .map ? children / 2 : children
        var cell = Cell(level.kind, bits: UInt64(first), length: UInt32(count))
        cell.note = level.name
        pending.append(cell)
    }

    /// Appends a copy of a node of another tape with all that is in it.
    public mutating func append(_ node: Tape.Node) { append(copying: node.cell, of: node.tape) }

    /// Appends a value with all that is in it; maps whose keys are all texts become objects.
    public mutating func append(_ value: Value) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .int(let value): int(value)
        case .uint(let value): uint(value)
        case .double(let value): double(value)
        case .string(let value): string(value)
        case .bytes(let value): bytes(value)
        case .duration(let value): duration(value)
        case .timestamp(let value): timestamp(value)
        case .type(let value): append(text: value.utf8, as: .type)
        case .list(let elements):
            guard begin(.list) else { return }
            for element in elements { append(element) }
            end()
        case .map(let entries): append(entries)
        case .optional, .opaque: fail(.unsupported)
        }
    }

    /// The finished tape; its root is the one value that was appended at the outermost level.
    public consuming func finish() throws(TapeError) -> Tape {
        if let failure { throw failure }
        guard levels.isEmpty, pending.count == 1, let root = pending.first else {
            throw .unbalanced
        }
        cells.append(root)
        return try Tape.make(cells: cells, bytes: bytes, names: nameCells)
    }
}

extension TapeBuilder {
    private mutating func append(_ entries: [Value: Value]) {
        let named = !objectsAsMaps && entries.keys.allSatisfy { $0.kind == .string }
        guard begin(named ? .object : .map) else { return }
        for (key, value) in Value.sorted(entries) {
            if named, case .string(let text) = key {
                name(text)
            } else {
                append(key)
            }
            append(value)
        }
        end()
    }

    @discardableResult
    private mutating func begin(_ kind: Kind) -> Bool {
        guard failure == nil else { return false }
        guard levels.count < Tape.nestingLimit else {
            fail(.tooDeep)
            return false
        }
        guard let name = takeName() else { return false }
        levels.append(Level(kind: kind, name: name, firstPending: pending.count))
        return true
    }

    private mutating func takeName() -> UInt32? {
        let name = nextName
        nextName = 0
        if (levels.last?.kind == .object) != (name != 0) {
            fail(.unbalanced)
            return nil
        }
        return name
    }

    private mutating func append(_ cell: Cell) {
        guard failure == nil, let name = takeName() else { return }
        pending.append(cell.noted(name))
    }

    private mutating func append(text: some Collection<UInt8>, as kind: Kind) {
        let offset = bytes.count
        bytes.append(contentsOf: text)
        guard bytes.count - offset <= Int(UInt32.max) else { return fail(.tooLarge) }
        append(Cell(kind, bits: UInt64(offset), length: UInt32(bytes.count - offset)))
    }

    private mutating func append(copying cell: Cell, of tape: Tape) {
        switch cell.kind {
        case .string, .bytes, .type: append(text: cell.text, as: cell.kind)
        case .list, .map:
            guard begin(cell.kind) else { return }
            let count = cell.is(.map) ? cell.count * 2 : cell.count
            for index in 0..<count { append(copying: cell.children[index], of: tape) }
            end()
        case .object:
            guard begin(.object) else { return }
            for index in 0..<cell.count {
                let member = cell.children[index]
                nextName = intern(tape.nameCell(member.note).text)
                append(copying: member, of: tape)
            }
            end()
        case .absent: append(Cell.null)
        case .null, .bool, .int, .uint, .double, .duration, .timestamp: append(cell.noted(0))
        case .optional, .opaque: fail(.unsupported)
        }
    }

    private mutating func intern(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
        if nameCells.count * 2 > namePlaces.count { makeRoomForNames() }
        var place = NameIndex.hash(name) & (namePlaces.count - 1)
        while namePlaces[place] != 0 {
            if isNamed(namePlaces[place], name) { return namePlaces[place] }
            place = (place + 1) & (namePlaces.count - 1)
        }
        guard nameCells.count < Tape.nameLimit, let length = UInt32(exactly: name.count) else {
            fail(.tooLarge)
            return 0
        }
        let number = UInt32(nameCells.count)
        nameCells.append(Cell(.string, bits: UInt64(bytes.count), length: length))
        bytes.append(contentsOf: name)
        namePlaces[place] = number
        return number
    }

    private func isNamed(_ number: UInt32, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        withName(number) { equalBytes($0, name) }
    }

    private func withName<Result>(
        _ number: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        let cell = nameCells[Int(number)]
        let start = Int(cell.bits)
        return bytes.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[start..<start + cell.count]))
        }
    }

    /// Twice the places, for as many names as fill half of them.
    private mutating func makeRoomForNames() {
        let count = max(namePlaces.count * 2, 32)
        namePlaces = Array(repeating: 0, count: count)
        for number in 1..<UInt32(nameCells.count) {
            var place = withName(number) { NameIndex.hash($0) } & (count - 1)
            while namePlaces[place] != 0 { place = (place + 1) & (count - 1) }
            namePlaces[place] = number
        }
    }

    private mutating func fail(_ error: TapeError) {
        if failure == nil { failure = error }
    }
}

/// A text compared byte by byte, unlike `String`, which normalises.
struct UTF8Key: Hashable, Sendable {
    var bytes: [UInt8]
}

extension UTF8Key {
    init(_ text: String) { self.init(bytes: Array(text.utf8)) }
}

extension Duration {
    /// The span in nanoseconds, rounded towards zero, when it fits.
    var wholeNanoseconds: Int64? {
        let (seconds, attoseconds) = components
        let (product, over) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, over2) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return over || over2 ? nil : sum
    }

    init(wholeNanoseconds: Int64) {
        let (seconds, rest) = wholeNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.init(
            secondsComponent: seconds, attosecondsComponent: rest * 1_000_000_000)
    }
}
