package import CEL

/// A text with `{{ expressions }}` in it, compiled.
package struct Template: Sendable {
    package enum Part: Sendable {
        case text(String)
        /// The program, and where its source starts in the template's text, in UTF-8 bytes.
        case expression(Program, offset: Int)
    }

    package let parts: [Part]

    /// The most bytes of a rendered text; longer ones are cut, and say so.
    static let lengthLimit = 8_000

    /// Whether an expression reads a variable.
    package func reads(_ variable: String) -> Bool {
        parts.contains { part in
            if case .expression(let program, _) = part {
                program.usage.reads(variable)
            } else {
                false
            }
        }
    }

    /// Compiles the text that stands at the cursor; findings are placed inside it.
    package static func compiled(_ cursor: Cursor, in environment: Environment) -> Template? {
        if cursor.reportStructure() { return nil }
        guard let text = cursor.text() else { return nil }
        // "# like this" is a comment; "#{{ id }}" was meant to be read.
        if let comment = cursor.commentBehind, comment.dropFirst().first.map({ $0 != " " }) == true
        {
            cursor.reportComment(comment, behind: text)
        }
        var parts: [Part] = []
        var isSound = true
        for piece in TemplateScanner.pieces(of: text) {
            switch piece {
            case .text(let text): parts.append(.text(text))
            case .unclosed(let offset):
                cursor.report(
                    "unclosed-template", at: offset..<offset + 2,
                    Bilingual("`{{` 没有对应的 `}}`", "`{{` has no `}}`"))
                isSound = false
            case .expression(let source, let offset):
                do {
                    parts.append(
                        .expression(try environment.compile(source), offset: offset))
                } catch {
                    cursor.report(error, in: source, at: offset)
                    isSound = false
                }
            }
        }
        return isSound ? Template(parts: parts) : nil
    }

    /// The text with its values; a label that is not there is empty.
    func rendered(_ activation: Activation) throws(EvaluationError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let fixed): text += fixed
            case .expression(let program, _):
                do throws(EvaluationError) {
                    let value = try program.evaluate(
                        activation, budget: Budget(cost: Rule.costLimit))
                    text += ValueText.text(of: value)
                } catch {
                    guard error.code == "no-such-key" else { throw error }
                }
            }
        }
        guard text.utf8.count > Self.lengthLimit else { return text }
        var cut = text
        while cut.utf8.count > Self.lengthLimit { cut.removeLast(max(1, cut.count / 50)) }
        return cut + "…"
    }
}

/// Splits a template: pure, linear in its length.
enum TemplateScanner {
    enum Piece: Hashable {
        case text(String)
        /// The source between the braces, and where it starts, in UTF-8 bytes.
        case expression(String, offset: Int)
        case unclosed(offset: Int)
    }

    static func pieces(of text: String) -> [Piece] {
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var start = 0
        var place = 0
        func flush(_ end: Int) {
            if end > start {
                pieces.append(.text(String(decoding: bytes[start..<end], as: UTF8.self)))
            }
        }
        while place + 1 < bytes.count {
            guard bytes[place] == UInt8(ascii: "{"), bytes[place + 1] == UInt8(ascii: "{") else {
                place += 1
                continue
            }
            flush(place)
            guard let end = end(ofExpressionAt: place + 2, in: bytes) else {
                return pieces + [.unclosed(offset: place)]
            }
            let source = String(decoding: bytes[(place + 2)..<end], as: UTF8.self)
            pieces.append(.expression(source, offset: place + 2))
            place = end + 2
            start = place
        }
        flush(bytes.count)
        return pieces
    }

    /// Where `}}` closes it, outside of quotes and of the expression's own braces.
    private static func end(ofExpressionAt start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var quote: UInt8?
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            if let open = quote {
                if byte == UInt8(ascii: "\\") { place += 1 } else if byte == open { quote = nil }
            } else {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}"):
                    guard depth > 0 else {
                        return place + 1 < bytes.count && bytes[place + 1] == byte ? place : nil
                    }
                    depth -= 1
                default: break
                }
            }
            place += 1
        }
        return nil
    }
}

/// Values of the rule language as people read them.
package enum ValueText {
    /// The most elements of a list that are written out.
    private static let elementLimit = 20

    package static func text(of value: Value) -> String {
        switch value {
        case .null: ""
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): String(int)
        case .uint(let uint): String(uint)
        case .double(let double): text(of: double)
        case .string(let string): string
        case .bytes(let bytes): "(\(bytes.count) bytes)"
        case .list(let elements):
            elements.prefix(elementLimit).map { text(of: $0) }.joined(separator: "、")
                + (elements.count > elementLimit ? "…" : "")
        case .map(let entries):
            if let words = entries["words"], case .string(let text) = words {
                text
            } else {
                entries.map { "\(text(of: $0.key)): \(text(of: $0.value))" }.sorted()
                    .prefix(elementLimit).joined(separator: ", ")
            }
        case .duration(let duration): text(of: duration)
        case .timestamp(let moment):
            Timestamp(milliseconds: moment.seconds * 1000 + Int64(moment.nanoseconds) / 1_000_000)
                .rfc3339
        case .type(let name): name
        case .optional(let value): value.map { text(of: $0) } ?? ""
        case .opaque(_, let text): text
        }
    }

    /// At most two decimals, and none that are zero.
    private static func text(of double: Double) -> String {
        guard double.isFinite, abs(double) < 1e15 else { return "\(double)" }
        let hundredths = Int64((double * 100).rounded())
        let whole = "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100)"
        let rest = Int(hundredths.magnitude % 100)
        if rest == 0 { return hundredths == 0 ? "0" : whole }
        let decimals = padded(rest, to: 2)
        return whole + "." + (decimals.hasSuffix("0") ? String(decimals.dropLast()) : decimals)
    }

    /// `1h02m`, `5m03s`, `12s`, `800ms`.
    private static func text(of duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        guard milliseconds.magnitude >= 1000 else { return "\(milliseconds)ms" }
        let sign = milliseconds < 0 ? "-" : ""
        let seconds = Int(milliseconds.magnitude / 1000)
        if seconds < 60 { return "\(sign)\(seconds)s" }
        if seconds < 3600 { return "\(sign)\(seconds / 60)m\(padded(seconds % 60, to: 2))s" }
        return "\(sign)\(seconds / 3600)h\(padded(seconds / 60 % 60, to: 2))m"
    }
}
