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
    package init(_ text: String, key: String) throws(ChannelSettingsError) {
        guard !text.isEmpty else { throw ChannelSettingsError(key, .missing) }
        guard PlainText.line(text) == text else {
            throw ChannelSettingsError(
                key, .unusable("an address has no line ends or double blanks"))
        }
        let (name, address) = try Self.split(text, key: key)
        guard let at = address.lastIndex(of: "@") else {
            throw ChannelSettingsError(key, .unusable("write `name@example.com`"))
        }
        local = String(address[..<at])
        domain = String(address[address.index(after: at)...])
        displayName = name
        try check(key: key)
    }

    /// `local@domain`.
    package var address: String { "\(local)@\(domain)" }

    private static func split(_ text: String, key: String) throws(ChannelSettingsError) -> (
        name: String, address: Substring
    ) {
        guard let open = text.lastIndex(of: "<") else { return ("", text[...]) }
        guard text.hasSuffix(">") else {
            throw ChannelSettingsError(key, .unusable("write `Name <name@example.com>`"))
        }
        var name = text[..<open].unicodeScalars.trimmedOfBlanks
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
            name = String(name.dropFirst().dropLast())
        }
        return (name, text[text.index(after: open)...].dropLast())
    }

    private func check(key: String) throws(ChannelSettingsError) {
        guard displayName.count <= Self.nameLimit,
            !displayName.contains(where: { "<>".contains($0) })
        else {
            throw ChannelSettingsError(key, .unusable("the name before the address is too long"))
        }
        let atoms = local.split(separator: ".", omittingEmptySubsequences: false)
        let isSoundLocal =
            (1...Self.localLimit).contains(local.utf8.count)
            && atoms.allSatisfy { atom in !atom.isEmpty && atom.utf8.allSatisfy(Self.isAtom) }
        guard isSoundLocal else {
            throw ChannelSettingsError(
                key, .unusable("the part before the @ is not plain ASCII (name.surname)"))
        }
        guard domain.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw ChannelSettingsError(
                key, .unusable("write an international domain in its xn-- form"))
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
            throw ChannelSettingsError(key, .unusable("the part behind the @ is no domain"))
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
