/// A value of an evaluation under way, read where it lies: nothing is copied or counted.
///
/// It is valid inside the body that it was given to, and no longer: a view must not be kept. Asking
/// a view for what it is not gives `nil`, never a trap, as with ``Tape/Node``.
public struct View {
    let cell: Cell
    let evaluation: Evaluation

    init(_ cell: Cell, _ evaluation: Evaluation) {
        self.cell = cell
        self.evaluation = evaluation
    }

    /// What the value is.
    public var kind: Kind { cell.kind }

    /// Whether it is `null`.
    public var isNull: Bool { cell.is(.null) }

    /// The bool, when it is one.
    public var bool: Bool? { cell.is(.bool) ? cell.bool : nil }

    /// The number as an int: an int, a uint that fits, or a double with a whole value that fits.
    @inline(__always)
    public var int: Int64? { cell.is(.int) ? cell.int : cell.wholeNumber }

    /// The number as a double: a double, or an int or uint rounded to the nearest one.
    public var double: Double? {
        switch cell.kind {
        case .int: Double(cell.int)
        case .uint: Double(cell.uint)
        case .double: cell.double
        default: nil
        }
    }

    /// A copy of the text, when it is a string.
    public var string: String? { cell.is(.string) ? cell.string : nil }

    /// The point in time, when it is one.
    public var timestamp: Timestamp? { cell.is(.timestamp) ? cell.timestamp : nil }

    /// The span of time, when it is one.
    public var duration: Duration? {
        cell.is(.duration) ? Duration(wholeNanoseconds: cell.nanoseconds) : nil
    }

    /// The bytes of a string or bytes value, only valid inside `body`.
    public func withUTF8<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard cell.is(.string) || cell.is(.bytes) else { return nil }
        return try body(cell.text)
    }

    /// Whether both are the same text.
    public func hasSameText(as other: View) -> Bool {
        cell.is(.string) && other.cell.is(.string) && equalBytes(cell.text, other.cell.text)
    }

    /// Whether both are texts and the other one is in this one.
    public func contains(_ other: View) -> Bool {
        cell.is(.string) && other.cell.is(.string) && containsBytes(cell.text, other.cell.text)
    }

    /// How many elements, entries or members; 0 for anything else.
    public var count: Int { cell.is(.list) || cell.isMap ? cell.count : 0 }

    /// The element of a list at an index from 0.
    public subscript(index: Int) -> View? {
        guard cell.is(.list), index >= 0, index < cell.count else { return nil }
        return View(cell.child(index), evaluation)
    }

    /// The member of an object, or the entry of a map, with that name; of two the first counts.
    ///
    /// For one field of many objects take a ``MemberReader``.
    public subscript(name: String) -> View? {
        var reader = MemberReader(MemberKey(name))
        return reader.read(self)
    }
}

/// The name of a field that a host function reads: made once, used in many calls.
public struct MemberKey: Sendable {
    let name: [UInt8]
    let position: Int

    /// A field's name.
    ///
    /// `position`: Where it probably is in its object: its place in the declaration when all fields
    ///   before it are always there. A wrong one costs a little time.
    public init(_ name: String, position: Int = 0) {
        self.name = Array(name.utf8)
        self.position = max(position, 0)
    }
}

/// Reads one field of many objects.
///
/// What it learns from one object is used for the next of the same tape, so make it outside of the
/// loop.
public struct MemberReader {
    private let key: MemberKey
    /// The tape in which the name has the number `id`; 0 before the first object.
    private var tape: UInt32 = 0
    private var id: UInt32 = 0

    /// A reader of a field.
    public init(_ key: MemberKey) { self.key = key }

    /// The field of an object, or the entry of a map with that text as its key; nil when it is not
    /// there, and for anything else.
    @inline(__always)
    public mutating func read(_ object: View) -> View? {
        let cell = cell(object)
        return cell.is(.absent) ? nil : View(cell, object.evaluation)
    }

    /// The field as a whole number; 0 when it is not there or no number.
    @inline(__always)
    public mutating func int(_ object: View) -> Int64 {
        let cell = cell(object)
        return cell.is(.int) ? cell.int : cell.wholeNumber ?? 0
    }

    @inline(__always)
    private mutating func cell(_ object: View) -> Cell {
        let container = object.cell
        guard container.is(.object), container.note == tape, tape != 0 else {
            return found(object)
        }
        if key.position < container.count {
            let cell = container.children[key.position]
            if cell.note == id { return cell.noted(tape) }
        }
        return searched(container)
    }

    /// In an object of another tape than the last one, or in a map.
    @inline(never)
    private mutating func found(_ object: View) -> Cell {
        let container = object.cell
        guard container.count > 0 else { return .absent }
        guard container.is(.object) else { return container.is(.map) ? entry(container) : .absent }
        tape = container.note
        id = key.name.withUnsafeBufferPointer { object.evaluation.tape(tape).nameID($0) }
        return searched(container)
    }

    private func searched(_ object: Cell) -> Cell {
        guard id != 0 else { return .absent }
        for index in 0..<object.count where object.children[index].note == id {
            return object.children[index].noted(tape)
        }
        return .absent
    }

    private func entry(_ map: Cell) -> Cell {
        key.name.withUnsafeBufferPointer { name in
            for index in 0..<map.count {
                let key = map.child(index * 2)
                if key.is(.string), equalBytes(key.text, name) { return map.child(index * 2 + 1) }
            }
            return .absent
        }
    }
}
