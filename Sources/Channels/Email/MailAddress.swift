package import Pipeline

/// A mail address of the settings: `qa@example.com` or `Name <qa@example.com>`, checked so that it
/// can stand in a header and in an SMTP command as it is.
package struct MailAddress: Hashable, Sendable {
    /// May be empty, and may hold any characters but control characters.
    package let displayName: String
    package let local: String
    package let domain: String

    /// RFC 5321, 4.5.3.1.
    private static let localLimit = 64
    private static let domainLimit = 253
    private static let nameLimit = 128

    /// Checks it; an error names `key`, the setting it stands in.
    package init(_ text: String, key: String) throws(SettingsError) {
        guard !text.isEmpty else { throw SettingsError(key, .missing) }
        guard PlainText.line(text) == text else {
            throw SettingsError(
                key,
                wrong: Bilingual("地址里不能有换行和连续空格", "an address has no line ends or double blanks"))
        }
        let (name, address) = try Self.split(text, key: key)
        guard let at = address.lastIndex(of: "@") else {
            throw SettingsError(
                key, wrong: Bilingual("写成 `name@example.com`", "write `name@example.com`"))
        }
        local = String(address[..<at])
        domain = String(address[address.index(after: at)...])
        displayName = name
        try check(key: key)
    }

    /// `local@domain`.
    package var address: String { "\(local)@\(domain)" }

    private static func split(_ text: String, key: String) throws(SettingsError) -> (
        name: String, address: Substring
    ) {
        guard let open = text.lastIndex(of: "<") else { return ("", text[...]) }
        guard text.hasSuffix(">") else {
            throw SettingsError(
                key,
                wrong: Bilingual("写成 `名字 <name@example.com>`", "write `Name <name@example.com>`"))
        }
        var name = text[..<open].unicodeScalars.trimmedOfBlanks
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
            name = String(name.dropFirst().dropLast())
        }
        return (name, text[text.index(after: open)...].dropLast())
    }

    private func check(key: String) throws(SettingsError) {
        guard displayName.count <= Self.nameLimit,
            !displayName.contains(where: { "<>".contains($0) })
        else {
            throw SettingsError(
                key, wrong: Bilingual("地址前的名字太长", "the name before the address is too long"))
        }
        let atoms = local.split(separator: ".", omittingEmptySubsequences: false)
        let isSoundLocal =
            (1...Self.localLimit).contains(local.utf8.count)
            && atoms.allSatisfy { atom in !atom.isEmpty && atom.utf8.allSatisfy(Self.isAtom) }
        guard isSoundLocal else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "@ 前面的部分不是 ASCII（如 name.surname）",
                    "the part before the @ is not plain ASCII (name.surname)"))
        }
        guard domain.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "国际化域名写成 xn-- 的形式", "write an international domain in its xn-- form"))
        }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        let isSoundDomain =
            (1...Self.domainLimit).contains(domain.utf8.count)
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-")
                    && !label.hasSuffix("-")
                    && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
            }
        guard isSoundDomain else {
            throw SettingsError(
                key, wrong: Bilingual("@ 后面的部分不是域名", "the part behind the @ is no domain"))
        }
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }
}

extension Substring.UnicodeScalarView {
    fileprivate var trimmedOfBlanks: String {
        PlainText.line(String(self))
    }
}
