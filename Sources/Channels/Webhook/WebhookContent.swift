package import Pipeline

/// What a webhook sends: how its body and headers are made.
package struct WebhookContent: Sendable {
    package enum Format: String, CaseIterable, Hashable, Sendable {
        case json
        /// CloudEvents in structured mode: attributes and data in one document.
        case cloudEvents = "cloudevents"
        /// CloudEvents in binary mode: attributes in headers.
        case binaryCloudEvents = "cloudevents-binary"
        /// What the operator writes.
        case custom

        var isEvent: Bool { self == .cloudEvents || self == .binaryCloudEvents }
    }

    package var format: Format
    /// Of `custom`.
    package var body: WebhookTemplate?
    package var bodyType: BodyType
    /// Those with expressions; the others are the settings' own.
    package var headers: [(name: String, value: WebhookTemplate)]
    /// Of events; nil for one with the channel's name.
    package var eventSource: String?
    package var eventType: String

    package static let defaultEventType = "tocsin.alert"

    package static let json = WebhookContent()

    package init(
        format: Format = .json, body: WebhookTemplate? = nil, bodyType: BodyType = .json,
        headers: [(name: String, value: WebhookTemplate)] = [], eventSource: String? = nil,
        eventType: String = defaultEventType
    ) {
        self.format = format
        self.body = body
        self.bodyType = bodyType
        self.headers = headers
        self.eventSource = eventSource
        self.eventType = eventType
    }

    /// Whether each alert has a message of its own.
    var isSingle: Bool {
        format.isEvent || body?.readsOneAlert == true
            || headers.contains { $0.value.readsOneAlert }
    }

    var bodyLimit: Int {
        format.isEvent ? WebhookFormat.eventLimit : WebhookFormat.bodyLimit
    }

    var secrets: [String] {
        ((body?.secrets ?? []) + headers.flatMap(\.value.secrets)).map(\.value)
    }
}

extension WebhookContent {
    /// The settings' keys that say what is sent.
    package static let keys = [
        "format", "body", "content-type", "headers", "source", "event-type",
    ]

    /// What the settings say; nil with findings.
    ///
    /// `headers` of the result are those with expressions; `fixedHeaders` are all others.
    package static func read(
        _ fields: [String: Cursor], interpolate: @escaping InterpolatedText.Reader
    ) -> (content: WebhookContent, fixedHeaders: [String: Secret])? {
        var reader = ContentReader(fields: fields, interpolate: interpolate)
        return reader.read()
    }
}

/// Reads the keys of `WebhookContent`, each mistake a finding at its place.
private struct ContentReader {
    let fields: [String: Cursor]
    let interpolate: InterpolatedText.Reader
    private var isSound = true

    init(fields: [String: Cursor], interpolate: @escaping InterpolatedText.Reader) {
        self.fields = fields
        self.interpolate = interpolate
    }

    mutating func read() -> (content: WebhookContent, fixedHeaders: [String: Secret])? {
        var content = WebhookContent()
        if let field = fields["format"] {
            guard let format = field.choice(WebhookContent.Format.self) else { return nil }
            content.format = format
        }
        checkKeys(content.format)
        if let field = fields["content-type"] { content.bodyType = bodyType(field) }
        if content.format == .custom, isSound { content.body = body(content.bodyType.kind) }
        readEvent(&content)
        let fixed = readHeaders(&content)
        return isSound ? (content, fixed) : nil
    }

    /// Keys of another format would do nothing.
    private mutating func checkKeys(_ format: WebhookContent.Format) {
        let owners: [(keys: [String], isOwner: Bool, formats: String)] = [
            (["body", "content-type"], format == .custom, "custom"),
            (["source", "event-type"], format.isEvent, "cloudevents, cloudevents-binary"),
        ]
        for owner in owners where !owner.isOwner {
            for key in owner.keys {
                guard let field = fields[key] else { continue }
                fail(
                    field,
                    Bilingual(
                        "`\(key)` 只用于 format: \(owner.formats)",
                        "`\(key)` belongs to format: \(owner.formats)"))
            }
        }
        if format == .custom, fields["body"] == nil {
            fail(
                fields["format"],
                Bilingual("format: custom 要有 `body`", "format: custom needs a `body`"),
                hint: Bilingual(
                    "body: |\n  {\"text\": \"{{ alert.title }}\"}",
                    "body: |\n  {\"text\": \"{{ alert.title }}\"}"))
        }
    }

    private mutating func body(_ kind: BodyKind) -> WebhookTemplate? {
        guard let field = fields["body"] else { return nil }
        guard let body = TemplateReader(cursor: field, interpolate: interpolate).body(kind),
            TemplateTrial(cursor: field).passes(body, limit: WebhookFormat.bodyLimit)
        else {
            isSound = false
            return nil
        }
        return body
    }

    private mutating func bodyType(_ field: Cursor) -> BodyType {
        guard let text = field.text() else {
            isSound = false
            return .json
        }
        do {
            return try BodyType(text)
        } catch {
            fail(field, error.message, hint: error.hint)
            return .json
        }
    }

    private mutating func readEvent(_ content: inout WebhookContent) {
        if let field = fields["source"], let text = field.text() {
            content.eventSource = text
            if !CloudEvent.isSource(text) {
                fail(
                    field, Bilingual("`source` 不是 URI", "`source` is no URI"),
                    hint: Bilingual("例如 /tocsin/prod", "for example /tocsin/prod"))
            }
        }
        if let field = fields["event-type"], let text = field.text() {
            content.eventType = text
            if !CloudEvent.isType(text) {
                fail(
                    field, Bilingual("`event-type` 要写成一行", "`event-type` is one line"),
                    hint: Bilingual(
                        "例如 com.example.tocsin.alert", "for example com.example.tocsin.alert"))
            }
        }
    }

    private mutating func readHeaders(_ content: inout WebhookContent) -> [String: Secret] {
        guard let field = fields["headers"] else { return [:] }
        guard let entries = field.entries() else {
            isSound = false
            return [:]
        }
        var fixed: [String: Secret] = [:]
        for (key, name, value) in entries {
            let reader = TemplateReader(cursor: value, interpolate: interpolate)
            guard let template = reader.header() else {
                isSound = false
                continue
            }
            guard template.holeCount > 0 else {
                fixed[name] = Secret(template.fixedText)
                continue
            }
            do {
                try HeaderCheck.check(name, Secret(template.fixedText))
            } catch {
                fail(key, error.message, hint: error.hint)
            }
            if !TemplateTrial(cursor: value).passes(template, limit: Int.max) { isSound = false }
            content.headers.append((name, template))
        }
        content.headers.sort { $0.name < $1.name }
        let holes = content.headers.reduce(0) { $0 + $1.value.holeCount }
        if holes > HeaderCheck.holeLimit {
            fail(
                field,
                Bilingual(
                    "所有请求头里最多 \(HeaderCheck.holeLimit) 处 `{{ }}`",
                    "all headers together have at most \(HeaderCheck.holeLimit) times `{{ }}`"))
        }
        return fixed
    }

    private mutating func fail(_ field: Cursor?, _ message: Bilingual, hint: Bilingual? = nil) {
        isSound = false
        field?.report("bad-setting", message, hint: hint)
    }
}
