import Pipeline

/// Text with Telegram's HTML in it, and its length as the service counts it: UTF-16 units of what
/// is seen, without tags.
///
/// Of the two modes HTML is the one that text from outside cannot break: three characters are
/// escaped everywhere, where MarkdownV2 has nineteen and other rules inside of code and links.
struct TelegramText {
    private(set) var html = ""
    private(set) var units = 0

    /// Adds text from anywhere, in a tag or none.
    ///
    /// No name in it is called.
    mutating func add(_ text: String, in tag: String? = nil) {
        let text = Escaping.uncalled(text)
        units += text.utf16.count
        html += tag.map { "<\($0)>\(Self.escaped(text))</\($0)>" } ?? Self.escaped(text)
    }

    mutating func addLink(_ text: String, to url: String) {
        units += text.utf16.count
        html += "<a href=\"\(Self.escaped(url))\">\(Self.escaped(text))</a>"
    }

    /// Adds the name of someone who is called: `@name`, or a number.
    mutating func addName(_ name: String) {
        guard !name.hasPrefix("@") else {
            units += name.utf16.count
            html += name
            return
        }
        addLink(name, to: "tg://user?id=\(name)")
    }

    mutating func add(_ text: TelegramText) {
        html += text.html
        units += text.units
    }

    /// The same without a tag: what is sent when the service does not understand them.
    static func plain(_ html: String) -> String {
        var result = ""
        var rest = Substring(html)
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            result += rest[..<start]
            rest = rest[rest.index(after: end)...]
        }
        result += rest
        for (entity, text) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
            result = result.replacing(entity, with: text)
        }
        return result
    }

    /// The four named entities that the service knows.
    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
            case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
            case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
            case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
