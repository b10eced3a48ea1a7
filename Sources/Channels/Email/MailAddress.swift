import Foundation
package import Pipeline

/// A mail address of the settings: `qa@example.com` or `Name <qa@example.com>`, checked so that it
/// can stand in a header and in an SMTP command as it is.
package struct MailAddress: Hashable, Sendable {
    /// May be empty, and may hold any characters but control characters.
    package let displayName: String
    /// In quotes where it must be.
    package let local: String
    /// In ASCII, in small letters.
    package let domain: String

    /// RFC 5321, 4.5.3.1.
    private static let localLimit = 64
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
        guard name.count <= Self.nameLimit, !name.contains(where: { "<>".contains($0) }) else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "地址前的名字太长，或有尖括号", "the name before the address is too long, or has < or >"))
        }
        displayName = name
        local = try Self.local(address[..<at], key: key)
        domain = try Self.domain(address[address.index(after: at)...], key: key)
    }

    /// `local@domain`.
    package var address: String { "\(local)@\(domain)" }

    /// Whether its server must take addresses outside ASCII (SMTPUTF8).
    package var isInternational: Bool { !local.utf8.allSatisfy { $0 < 0x80 } }

    /// The name, without its quotes, and what stands in angle brackets, or all of it.
    private static func split(_ text: String, key: String) throws(SettingsError) -> (
        name: String, address: Substring
    ) {
        guard let open = openingBracket(text) else { return ("", text[...]) }
        guard text.hasSuffix(">") else {
            throw SettingsError(
                key,
                wrong: Bilingual("写成 `名字 <name@example.com>`", "write `Name <name@example.com>`"))
        }
        var name = PlainText.line(String(text[..<open]))
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
            name = String(name.dropFirst().dropLast())
        }
        return (name, text[text.index(after: open)...].dropLast())
    }

    /// The first `<` outside quotes; where quotes are not closed, the last of all.
    private static func openingBracket(_ text: String) -> String.Index? {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\"" {
                isQuoted.toggle()
            } else if isQuoted {
                isEscaped = character == "\\"
            } else if character == "<" {
                return index
            }
        }
        return isQuoted ? text.lastIndex(of: "<") : nil
    }

    // MARK: The two halves

    /// The part before the @ as short as it can be spelt: quotes stay where they are needed.
    private static func local(_ text: Substring, key: String) throws(SettingsError) -> String {
        let composed = String(text).precomposedStringWithCanonicalMapping
        guard let content = content(of: composed), !content.isEmpty else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "@ 前面的部分写法不对", "the part before the @ is not written as it must be"),
                hint: Bilingual(
                    "形如 name.surname；别的字符要放进引号：\"a b\"@example.com",
                    "write name.surname; put other characters in quotes: \"a b\"@example.com"))
        }
        let isPlain = isDotted(content)
        let local =
            isPlain
            ? content
            : "\"" + content.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] } + "\""
        guard local.utf8.count <= localLimit else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "@ 前面的部分超过 \(localLimit) 字节",
                    "the part before the @ is over \(localLimit) bytes"))
        }
        return local
    }

    /// What is meant: without quotes and their escapes; nil when it is not sound.
    private static func content(of text: String) -> String? {
        guard text.hasPrefix("\"") else { return isDotted(text) ? text : nil }
        var content = String.UnicodeScalarView()
        var isEscaped = false
        var isClosed = false
        for scalar in text.unicodeScalars.dropFirst() {
            guard !isClosed else { return nil }
            if isEscaped {
                isEscaped = false
                content.append(scalar)
            } else if scalar == "\"" {
                isClosed = true
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                content.append(scalar)
            }
        }
        return isClosed ? String(content) : nil
    }

    private static func isDotted(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.utf8.allSatisfy(isOfAtom)
        }
    }

    /// Outside ASCII all that `PlainText.line` leaves stands for itself.
    private static func isOfAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }

    private static func domain(_ text: Substring, key: String) throws(SettingsError) -> String {
        guard let domain = InternationalDomain.ascii(String(text)) else {
            throw SettingsError(
                key, wrong: Bilingual("@ 后面的部分不是域名", "the part behind the @ is no domain"),
                hint: text.utf8.allSatisfy { $0 < 0x80 }
                    ? nil
                    : Bilingual(
                        "可写成 xn-- 的形式", "an international domain can be written as xn--…"))
        }
        return domain
    }
}
