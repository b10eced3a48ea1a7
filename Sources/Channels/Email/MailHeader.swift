import Pipeline

/// Header fields as RFC 5322 and 2047 want them: ASCII, in lines that every server takes, and
/// without a way for a value to end its field.
enum MailHeader {
    /// RFC 2047: a line with an encoded word in it has at most 76 characters.
    static let lineLimit = 76
    /// What a word of Base64 has around it: `=?UTF-8?B?` and `?=`.
    private static let wordFrame = 12
    /// More bytes than any usual character has, and fewer than a word holds even after the
    /// longest name of a field here.
    private static let longestCharacter = 36
    private static let labelLimit = 63
    private static let lineBreak = "\r\n "

    /// A field with free text, whose control characters become blanks.
    static func text(_ name: String, _ value: String) -> String {
        let line = PlainText.line(value)
        let indent = name.utf8.count + 2
        let lines = isPlain(line, indent: indent) ? [line] : words(of: line, indent: indent)
        return "\(name): " + lines.joined(separator: lineBreak) + "\r\n"
    }

    /// A field whose value is ours, in ASCII and short.
    static func plain(_ name: String, _ value: String) -> String {
        "\(name): \(value)\r\n"
    }

    /// A name as one label of `List-Id`: as it is where it is letters, digits and hyphens, else a
    /// name made of it.
    static func label(_ name: String) -> String {
        let isLabel = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isLabel && (1...labelLimit).contains(name.utf8.count)
            ? name : HMACText.digest(of: name, digits: 16)
    }

    /// A field with addresses, one a line.
    static func addresses(_ name: String, _ addresses: [MailAddress]) -> String {
        let values = addresses.enumerated().map { index, address in
            self.address(address, indent: index == 0 ? name.utf8.count + 2 : 1)
        }
        return "\(name): " + values.joined(separator: "," + lineBreak) + "\r\n"
    }

    /// `Sat, 21 Nov 2026 12:00:00 +0800`.
    static func date(_ moment: Timestamp, offsetSeconds: Int) -> String {
        // A zone's seconds, as of a century ago, cannot be written.
        let offset = offsetSeconds / 60 * 60
        let fields = moment.fields(offsetSeconds: offset)
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let local = (moment + .seconds(offset)).milliseconds
        let dayNumber = local >= 0 ? local / 86_400_000 : (local - 86_399_999) / 86_400_000
        let weekday = days[Int((dayNumber % 7 + 7) % 7)]
        let minutes = abs(offset) / 60
        return "\(weekday), \(fields.day) \(months[fields.month - 1]) \(padded(fields.year, to: 4))"
            + " \(padded(fields.hour, to: 2)):\(padded(fields.minute, to: 2))"
            + ":\(padded(fields.second, to: 2)) \(offset < 0 ? "-" : "+")"
            + padded(minutes / 60, to: 2) + padded(minutes % 60, to: 2)
    }

    private static func address(_ address: MailAddress, indent: Int) -> String {
        guard !address.isInternational else { return group(address, indent: indent) }
        let name = PlainText.line(address.displayName)
        guard !name.isEmpty else { return address.address }
        let quoted = "\"" + name.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] } + "\""
        // An encoded word never stands inside quotes.
        let lines = isPlain(quoted, indent: indent) ? [quoted] : words(of: name, indent: indent)
        let last = (lines.last?.utf8.count ?? 0) + (lines.count == 1 ? indent : 1)
        let bracketed = "<\(address.address)>"
        let joint = last + 1 + bracketed.utf8.count <= lineLimit ? " " : lineBreak
        return lines.joined(separator: lineBreak) + joint + bracketed
    }

    /// An address outside ASCII, for all to read, as RFC 6857 has it: the name of a group of
    /// nobody.
    ///
    /// So the mail itself stays in ASCII, and only its envelope needs a server that knows more.
    private static func group(_ address: MailAddress, indent: Int) -> String {
        let name = [PlainText.line(address.displayName), address.address]
            .filter { !$0.isEmpty }.joined(separator: " ")
        return words(of: name, indent: indent).joined(separator: lineBreak) + " :;"
    }

    /// Whether a text can stand as it is: ASCII, short enough for one line, and not to be taken
    /// for an encoded word.
    private static func isPlain(_ text: String, indent: Int) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
            && text.utf8.count + indent <= lineLimit
    }

    /// Encoded words of whole characters, one a line, the first after `indent` characters.
    ///
    /// A character too long for a word is cut between its scalars.
    private static func words(of text: String, indent: Int) -> [String] {
        let units = text.flatMap { character -> [String] in
            guard character.utf8.count > longestCharacter else { return [String(character)] }
            return character.unicodeScalars.map { String($0) }
        }
        var words: [String] = []
        var word = ""
        for unit in units {
            let room = room(after: words.isEmpty ? indent : 1)
            if !word.isEmpty, word.utf8.count + unit.utf8.count > room {
                words.append(word)
                word = ""
            }
            word += unit
        }
        words.append(word)
        return words.map { "=?UTF-8?B?\(Base64.text(Array($0.utf8)))?=" }
    }

    /// How many bytes a word holds whose line has `indent` characters before it.
    private static func room(after indent: Int) -> Int {
        max(0, lineLimit - indent - wordFrame) / 4 * 3
    }
}
