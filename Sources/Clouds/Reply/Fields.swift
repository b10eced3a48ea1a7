import CEL

/// The name of a member, as the documents write it and as the gateway may write it.
struct FieldName: Sendable {
    let camel: String
    let pascal: String

    init(_ camel: String) {
        self.camel = camel
        pascal = camel.prefix(1).uppercased() + camel.dropFirst()
    }
}

/// A member's name in one reply, looked up once for many objects of it.
struct FieldPlace {
    private let first: Tape.MemberName?
    private let others: [Tape.MemberName]

    init(_ name: FieldName, in tape: Tape) {
        let names = tape.memberNames(like: name.camel)
        first = names.first
        others = Array(names.dropFirst())
    }

    /// The member of an object, unless it is null.
    func value(in node: Tape.Node) -> Tape.Node? {
        guard let first else { return nil }
        if let found = node[first], !found.isNull { return found }
        for other in others {
            if let found = node[other], !found.isNull { return found }
        }
        return nil
    }

    /// As ``CEL/Tape/Node/text`` of the member; empty without one.
    func text(in node: Tape.Node) -> String {
        if let first, let text = node.string(first) { return text }
        return value(in: node)?.text ?? ""
    }

    /// As ``CEL/Tape/Node/whole`` of the member.
    func whole(in node: Tape.Node) -> Int64? {
        if let first, let number = node.int(first), number.magnitude <= Tape.Node.largestWhole {
            return number
        }
        return value(in: node)?.whole
    }
}

/// Reads a reply as leniently as the services write it: names in any case, numbers from texts,
/// empty for absent.
///
/// Nothing throws, because one odd member must not cost the whole reply.
extension Tape.Node {
    /// The member of that name in any case, unless it is null.
    func field(_ name: FieldName) -> Tape.Node? {
        if let node = self[name.camel] ?? self[name.pascal], !node.isNull { return node }
        return members.first { member in
            !member.value.isNull && isSameName(member.name, name.camel)
        }?.value
    }

    /// The elements of a list, or of the only member of an object when that is a list: the gateway
    /// wraps lists.
    var listed: [Tape.Node] { wrappedList.map { Array($0.elements) } ?? [] }

    /// The same list, as it is.
    var wrappedList: Tape.Node? {
        switch kind {
        case .list: self
        case .object where count == 1: members.first?.value
        default: nil
        }
    }

    /// A text, or a number or bool written as one; empty for all else.
    var text: String {
        switch kind {
        case .string: string ?? ""
        case .int, .uint, .double: int.map { "\($0)" } ?? double.map { "\($0)" } ?? ""
        case .bool: bool == true ? "true" : "false"
        default: ""
        }
    }

    /// A number, or the number that a text is.
    var number: Double? {
        let value = double ?? string.flatMap { Double(trimmed($0)) }
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A whole number; fractions are rounded.
    ///
    /// Nil beyond ``largestWhole``, so that sums and differences of a few cannot overflow.
    var whole: Int64? {
        let value =
            int ?? string.flatMap { Int64(trimmed($0)) }
            ?? number.flatMap { Int64(exactly: $0.rounded()) }
        return value.flatMap { $0.magnitude <= Tape.Node.largestWhole ? $0 : nil }
    }

    /// A bool, or `true` and `false` as text in any case.
    var truth: Bool? {
        bool
            ?? string.flatMap { text in
                switch trimmed(text).lowercased() {
                case "true": true
                case "false": false
                default: nil
                }
            }
    }

    /// The largest whole number that is taken from a reply, either side of 0.
    static var largestWhole: UInt64 { 1 << 56 }

    /// A tape of this value alone.
    var separate: Tape? {
        var builder = TapeBuilder()
        builder.append(self)
        return try? builder.finish()
    }
}

/// Whether two names are the same but for the case of ASCII letters.
private func isSameName(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
        && left.utf8.elementsEqual(right.utf8) { lowercased($0) == lowercased($1) }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
