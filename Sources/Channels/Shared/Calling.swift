import Pipeline

extension Mentions {
    /// The most people that one message of a service calls.
    package static let most = 50
}

extension People {
    /// Only users, each written as `isName` says; perhaps everyone, and those who are there.
    func areUsers(everyone: Bool, isName: (String) -> Bool) -> Bool {
        mobiles.isEmpty && groups.isEmpty && (everyone || !(all || here))
            && users.allSatisfy(isName)
    }
}

extension Escaping {
    /// Names that call a whole room.
    private static let groups: Set<String> = ["all", "channel", "here", "everyone", "room"]

    /// Text in which no name is called: `@` becomes its full-width twin, but in a mail address.
    static func uncalled(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "@")) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16)
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "@") else {
                result.append(byte)
                continue
            }
            let isInside = index > 0 && isNamePart(bytes[index - 1])
            let name = bytes[(index + 1)...].prefix { isNamePart($0) }
            let isGroup = isGroup(String(decoding: name, as: UTF8.self))
            result += isInside && !isGroup ? [byte] : Array("＠".utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether a name calls a whole room.
    static func isGroup(_ name: String) -> Bool { groups.contains(name.lowercased()) }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

extension JSONText {
    /// The object with more members before its own: what is added only when it is sent.
    static func adding(_ members: [(String, String)], to object: String) -> String {
        let first = members.map { "\(string($0.0)):\($0.1)" }.joined(separator: ",")
        guard !first.isEmpty, object.hasPrefix("{") else { return object }
        let rest = object.dropFirst()
        return "{" + first + (rest.hasPrefix("}") ? "" : ",") + rest
    }
}
