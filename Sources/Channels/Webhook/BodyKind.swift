package import Pipeline

/// What a body is written in, by its content type: it decides how values are escaped.
enum BodyKind: Hashable, Sendable {
    case json
    /// XML and HTML.
    case xml
    /// `application/x-www-form-urlencoded`.
    case form
    case plain

    init(contentType: String) {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        self =
            switch type {
            case "application/json", "text/json": .json
            case "application/xml", "text/xml", "text/html": .xml
            case "application/x-www-form-urlencoded": .form
            default: type.hasSuffix("+json") ? .json : type.hasSuffix("+xml") ? .xml : .plain
            }
    }

    /// A value that stands in the text of such a body; in JSON, inside quotes.
    func escaped(_ text: String) -> String {
        switch self {
        case .json: JSONText.escaped(text)
        case .xml: Escaping.xml(text)
        case .form: Escaping.query(text)
        case .plain: text
        }
    }
}

/// The content type of a body that the operator writes, checked.
package struct BodyType: Hashable, Sendable {
    /// As it is sent: in UTF-8, and said so where a type has another default.
    let text: String
    let kind: BodyKind

    /// The most bytes of a content type.
    package static let lengthLimit = 200
    package static let json = BodyType(text: "application/json", kind: .json)

    private init(text: String, kind: BodyKind) {
        self.text = text
        self.kind = kind
    }

    package init(_ text: String) throws(SettingsError) {
        let form =
            /[A-Za-z0-9!#$&^_.+\-]+\/[A-Za-z0-9!#$&^_.+\-]+(\s*;\s*[A-Za-z0-9_\-]+=("[ -!#-\[\]-~]*"|[A-Za-z0-9_.\-]+))*/
        guard text.utf8.count <= Self.lengthLimit,
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }),
            text.wholeMatch(of: form) != nil
        else {
            throw SettingsError(
                "content-type", wrong: Bilingual("不是内容类型", "it is no content type"),
                hint: Bilingual("例如 text/plain", "for example text/plain"))
        }
        let kind = BodyKind(contentType: text)
        if let charset = text.lowercased().firstMatch(of: /charset="?([^";\s]*)/) {
            guard charset.1 == "utf-8" else {
                throw SettingsError(
                    "content-type", wrong: Bilingual("正文总是 UTF-8", "a body is always in UTF-8"),
                    hint: Bilingual(
                        "去掉 charset，或写 charset=utf-8", "leave charset out, or write charset=utf-8"))
            }
            self.init(text: text, kind: kind)
        } else {
            let hasOtherDefault = text.lowercased().hasPrefix("text/")
            self.init(text: hasOtherDefault ? text + "; charset=utf-8" : text, kind: kind)
        }
    }
}

extension Escaping {
    /// For XML and HTML, in text and in quoted attributes; what XML cannot hold is left out.
    static func xml(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0D: kept.append(contentsOf: "\u{FFFE}".unicodeScalars)
            case 0..<0x09, 0x0B, 0x0C, 0x0E..<0x20, 0xFFFE, 0xFFFF: break
            default: kept.append(scalar)
            }
        }
        // A parser would make a line feed of a carriage return.
        return html(String(kept)).replacing("\u{FFFE}", with: "&#13;")
    }
}
