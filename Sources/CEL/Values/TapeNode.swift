extension Tape {
    /// A view of one value in a tape: cheap to make and copy, and it keeps the tape alive.
    ///
    /// Asking a node for what it is not gives `nil`, never a trap, so paths read as chains:
    /// `tape.root["data"]?["sentences"]?[0]?["words"]?.string`.
    public struct Node: Sendable {
        let tape: Tape
        let cell: Cell
    }
}

extension Tape.Node {
    /// What the value is.
    public var kind: Kind { cell.kind }

    /// Whether it is `null`.
    public var isNull: Bool { cell.is(.null) }

    /// The bool, when it is one.
    public var bool: Bool? { cell.is(.bool) ? cell.bool : nil }

    /// The number as an int: an int, a uint that fits, or a double with a whole value that fits.
    public var int: Int64? {
        switch cell.kind {
        case .int: cell.int
        case .uint: Int64(exactly: cell.uint)
        case .double: Int64(exactly: cell.double)
        default: nil
        }
    }

    /// The number as a double: a double, or an int or uint rounded to the nearest one.
    public var double: Double? {
        switch cell.kind {
        case .int: Double(cell.int)
        case .uint: Double(cell.uint)
        case .double: cell.double
        default: nil
        }
    }

    /// The text, when it is a string.
    public var string: String? { cell.is(.string) ? text(cell) : nil }

    /// The octets, when it is bytes.
    public var bytes: [UInt8]? { cell.is(.bytes) ? Array(cell.text) : nil }

    /// The point in time, when it is one.
    public var timestamp: Timestamp? { cell.is(.timestamp) ? cell.timestamp : nil }

    /// The span of time, when it is one.
    public var duration: Duration? {
        cell.is(.duration) ? Duration(wholeNanoseconds: cell.nanoseconds) : nil
    }

    /// The bytes of a string or bytes value without a copy, only valid inside `body`.
    public func withUTF8<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        guard cell.is(.string) || cell.is(.bytes) else { return nil }
        return try withExtendedLifetime(tape) { try body(cell.text) }
    }

    /// How many elements, entries or members; 0 for anything else.
    public var count: Int {
        cell.is(.list) || cell.is(.map) || cell.is(.object) ? cell.count : 0
    }

    /// The element of a list at an index from 0.
    public subscript(index: Int) -> Tape.Node? {
        guard cell.is(.list), index >= 0, index < cell.count else { return nil }
        return child(index)
    }

    /// The member of an object, or the entry of a map, with that name; of two the first counts.
    public subscript(name: String) -> Tape.Node? {
        var name = name
        return name.withUTF8 { text in
            if cell.is(.object) {
                let id = tape.nameID(text)
                guard id != 0 else { return nil }
                return (0..<cell.count).first { cell.children[$0].note == id }.map(child)
            }
            guard cell.is(.map) else { return nil }
            let index = (0..<cell.count).first { index in
                let key = cell.children[index * 2]
                return key.is(.string) && equalBytes(key.text, text)
            }
            return index.map { child($0 * 2 + 1) }
        }
    }

    /// The member of an object with a name that its tape was asked for; of two the first counts.
    public subscript(name: Tape.MemberName) -> Tape.Node? {
        guard cell.is(.object) else { return nil }
        for index in 0..<cell.count where cell.children[index].note == name.number {
            return child(index)
        }
        return nil
    }

    /// The text of a member, when it is a string: what `node[name]?.string` gives, sooner.
    public func string(_ name: Tape.MemberName) -> String? {
        let cell = member(name)
        return cell.is(.string) ? text(cell) : nil
    }

    /// The text of a cell of the tape.
    private func text(_ cell: Cell) -> String {
        guard tape.holdsValidText, #available(macOS 26, *) else { return cell.string }
        return withExtendedLifetime(tape) {
            // Unchecked because who made the tape has found its texts to be UTF-8.
            String(copying: UTF8Span(unchecked: cell.text.span))
        }
    }

    /// The number of a member, when it is an int: what `node[name]?.int` gives of one, sooner.
    public func int(_ name: Tape.MemberName) -> Int64? {
        let cell = member(name)
        return cell.is(.int) ? cell.int : nil
    }

    private func member(_ name: Tape.MemberName) -> Cell {
        guard cell.is(.object) else { return .absent }
        for index in 0..<cell.count where cell.children[index].note == name.number {
            return cell.children[index]
        }
        return .absent
    }

    /// The elements of a list in order; none for anything else.
    public var elements: some RandomAccessCollection<Tape.Node> {
        (0..<(cell.is(.list) ? cell.count : 0)).lazy.map { child($0) }
    }

    /// The members of an object in order; none for anything else.
    public var members: some RandomAccessCollection<(name: String, value: Tape.Node)> {
        (0..<(cell.is(.object) ? cell.count : 0)).lazy.map { index in
            (name: tape.nameCell(cell.children[index].note).string, value: child(index))
        }
    }

    /// The entries of a map in order; none for anything else.
    public var entries: some RandomAccessCollection<(key: Tape.Node, value: Tape.Node)> {
        (0..<(cell.is(.map) ? cell.count : 0)).lazy.map { index in
            (key: child(index * 2), value: child(index * 2 + 1))
        }
    }

    private func child(_ index: Int) -> Tape.Node {
        Tape.Node(tape: tape, cell: cell.children[index].noted(0))
    }

    /// A deep copy as a host's value; objects become maps.
    public var value: Value {
        switch cell.kind {
        case .absent, .null, .optional, .opaque: .null
        case .bool: .bool(cell.bool)
        case .int: .int(cell.int)
        case .uint: .uint(cell.uint)
        case .double: .double(cell.double)
        case .string: .string(cell.string)
        case .bytes: .bytes(Array(cell.text))
        case .duration: .duration(Duration(wholeNanoseconds: cell.nanoseconds))
        case .timestamp: .timestamp(cell.timestamp)
        case .type: .type(cell.string)
        case .list: .list(elements.map(\.value))
        case .map:
            .map(Dictionary(entries.map { ($0.key.value, $0.value.value) }) { first, _ in first })
        case .object:
            .map(
                Dictionary(members.map { (.string($0.name), $0.value.value) }) { first, _ in first }
            )
        }
    }
}

extension Tape {
    /// A name that members of a tape have, for looking them up in many objects.
    public struct MemberName: Hashable, Sendable {
        let number: UInt32
    }

    /// The names in the tape that are the given one but for the case of ASCII letters, the very same
    /// one first.
    ///
    /// Takes time for each different name in the tape.
    public func memberNames(like name: String) -> [MemberName] {
        let wanted = Array(name.utf8)
        var found: [MemberName] = []
        for number in names.indices.dropFirst() {
            let text = names[number].text
            guard text.count == wanted.count,
                zip(text, wanted).allSatisfy({ $0.lowercasedASCII == $1.lowercasedASCII })
            else { continue }
            let made = MemberName(number: UInt32(truncatingIfNeeded: number))
            found.insert(made, at: text.elementsEqual(wanted) ? 0 : found.count)
        }
        return found
    }

    /// A tape that holds one value and all that is in it.
    public static func of(_ value: Value) throws(TapeError) -> Tape {
        try of(value, objectsAsMaps: false)
    }

    /// As ``of(_:)``; with maps in place of objects no cell of the tape needs the tape's names.
    static func of(_ value: Value, objectsAsMaps: Bool) throws(TapeError) -> Tape {
        var builder = TapeBuilder()
        builder.objectsAsMaps = objectsAsMaps
        builder.append(value)
        return try builder.finish()
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
