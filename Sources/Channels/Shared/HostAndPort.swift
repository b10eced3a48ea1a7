/// `host`, `host:port`, `[::1]:port`: what a setting names as the other side.
struct HostAndPort: Hashable, Sendable {
    /// In ASCII; an IPv6 address without its brackets.
    let host: String
    let port: Int?

    /// Nil when it is none of the three, or the port is not one of 1…65535.
    init?(_ text: some StringProtocol) {
        let text = Substring(text)
        var host = text
        var rest: Substring = ""
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard host.allSatisfy({ $0.isHexDigit || ":.".contains($0) }) else { return nil }
        } else {
            if let colon = text.firstIndex(of: ":") {
                host = text[..<colon]
                rest = text[colon...]
            }
            guard host.allSatisfy(Self.isOfName) else { return nil }
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        if rest.isEmpty {
            port = nil
        } else {
            guard let number = Self.port(rest) else { return nil }
            port = number
        }
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._".contains(character))
    }

    private static func port(_ text: Substring) -> Int? {
        let digits = text.dropFirst()
        guard text.first == ":", (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
            (1...65_535).contains(number)
        else { return nil }
        return number
    }
}
