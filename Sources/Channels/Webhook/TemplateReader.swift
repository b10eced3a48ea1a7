import CEL
import Pipeline

/// Reads a template of the settings: every mistake is a finding at its place.
struct TemplateReader {
    let cursor: Cursor
    let interpolate: InterpolatedText.Reader

    /// What the text of a body must keep besides.
    private enum Shape {
        case json(JSONShape)
        case xml(XMLShape)
        case free
    }

    /// A body; nil with findings.
    func body(_ kind: BodyKind) -> WebhookTemplate? {
        guard let template = compiled() else { return nil }
        var shape: Shape =
            switch kind {
            case .json: .json(JSONShape())
            case .xml: .xml(XMLShape())
            case .form, .plain: .free
            }
        var pieces: [WebhookTemplate.Piece] = []
        var secrets: [String] = []
        var end = 0
        for part in template.parts {
            switch part {
            case .text(let text):
                guard let texts = interpolated(text, at: end) else { return nil }
                for text in texts {
                    guard let fixed = read(text, kind, &shape) else { return nil }
                    pieces.append(.fixed(Secret(fixed)))
                    if text.isSecret { secrets += [text.text, fixed] }
                }
                end += text.utf8.count
            case .expression(let program, let offset):
                guard let form = form(at: offset - 2, kind, &shape) else { return nil }
                pieces.append(
                    .hole(WebhookTemplate.Hole(program: program, offset: offset, form: form)))
                end = offset + program.source.utf8.count + 2
            }
        }
        if case .json(var json) = shape {
            do { try json.end(at: end) } catch { return report(error) }
        }
        return WebhookTemplate(pieces: Self.trimmed(pieces), secrets: secrets)
    }

    /// The value of a header; nil with findings.
    func header() -> WebhookTemplate? {
        guard let template = compiled() else { return nil }
        var pieces: [WebhookTemplate.Piece] = []
        var secrets: [String] = []
        var end = 0
        for part in template.parts {
            switch part {
            case .text(let text):
                guard let texts = interpolated(text, at: end) else { return nil }
                let fixed = texts.map(\.text).joined()
                pieces.append(.fixed(Secret(fixed)))
                secrets += [fixed] + texts.filter(\.isSecret).map(\.text)
                end += text.utf8.count
            case .expression(let program, let offset):
                pieces.append(
                    .hole(WebhookTemplate.Hole(program: program, offset: offset, form: .header)))
                end = offset + program.source.utf8.count + 2
            }
        }
        return WebhookTemplate(pieces: pieces, secrets: secrets)
    }

    private func compiled() -> Template? {
        guard let template = Template.compiled(cursor, in: TemplateWords.environment) else {
            return nil
        }
        let holes = template.parts.count { if case .expression = $0 { true } else { false } }
        guard (cursor.scalarText?.utf8.count ?? 0) <= WebhookTemplate.textLimit,
            holes <= WebhookTemplate.holeLimit
        else {
            let (bytes, most) = (WebhookTemplate.textLimit, WebhookTemplate.holeLimit)
            cursor.report(
                "template-too-large",
                Bilingual(
                    "模板最多 \(bytes) 字节、\(most) 处 `{{ }}`",
                    "a template has at most \(bytes) bytes and \(most) times `{{ }}`"))
            return nil
        }
        return template
    }

    /// The same with offsets into the whole template.
    private func interpolated(_ text: String, at offset: Int) -> [InterpolatedText]? {
        interpolate(text, cursor)?.map {
            InterpolatedText($0.text, isSecret: $0.isSecret, offset: $0.offset + offset)
        }
    }

    /// The text as it is sent; nil with a finding.
    private func read(
        _ text: InterpolatedText, _ kind: BodyKind, _ shape: inout Shape
    ) -> String? {
        switch shape {
        case .json(var json):
            // What is put in between quotes is a text; elsewhere it is JSON as it stands.
            let isText = text.isSecret && json.isInText
            do throws(JSONShape.Mistake) {
                if isText {
                    _ = try json.readHole(at: text.offset)
                } else {
                    for (place, byte) in text.text.utf8.enumerated() {
                        try json.read(byte, at: text.offset + (text.isSecret ? 0 : place))
                    }
                }
            } catch {
                return report(error)
            }
            shape = .json(json)
            return isText ? kind.escaped(text.text) : text.text
        case .xml(var xml):
            if text.isSecret { return kind.escaped(text.text) }
            for byte in text.text.utf8 { xml.read(byte) }
            shape = .xml(xml)
            return text.text
        case .free:
            if text.isSecret { return kind.escaped(text.text) }
            // A form has no line ends; a block of YAML has one at its end at least.
            return kind == .form ? text.text.filter { !$0.isNewline } : text.text
        }
    }

    /// What becomes of the value of a hole; nil with a finding.
    private func form(
        at offset: Int, _ kind: BodyKind, _ shape: inout Shape
    ) -> WebhookTemplate.Form? {
        switch shape {
        case .json(var json):
            do throws(JSONShape.Mistake) {
                let place = try json.readHole(at: offset)
                shape = .json(json)
                return place == .value ? .jsonValue : .text(.json)
            } catch {
                return report(error)
            }
        case .xml(var xml):
            if let problem = xml.readHole() {
                cursor.report("bad-template", at: offset..<offset + 2, problem)
                return nil
            }
            shape = .xml(xml)
            return .text(.xml)
        case .free: return .text(kind)
        }
    }

    private func report<Nothing>(_ mistake: JSONShape.Mistake) -> Nothing? {
        cursor.report(
            "bad-json", at: mistake.offset..<mistake.offset + 1,
            Bilingual(
                "body 不是 JSON：\(mistake.message.chinese)",
                "the body is no JSON: \(mistake.message.english)"), hint: mistake.hint)
        return nil
    }

    /// Without the line end that a block of YAML has at its end.
    private static func trimmed(_ pieces: [WebhookTemplate.Piece]) -> [WebhookTemplate.Piece] {
        guard case .fixed(let last) = pieces.last, last.value.hasSuffix("\n") else { return pieces }
        return pieces.dropLast() + [.fixed(Secret(String(last.value.dropLast())))]
    }
}
