import Pipeline

/// The cards of a bot (card 1.0): a coloured header, and for each alert its text, its quotes, its
/// facts and a button into the recording.
struct FeishuFormat: RobotFormat {
    /// The service says 20 KB for the whole body.
    static let limit = 20_000
    /// The most elements of a card: a bound of our own, since a card of hundreds is not read.
    static let weightLimit = 60
    private static let dialect = Dialect.markdown(Self.escaped)
    /// For texts that are no markup.
    private static let plain = Dialect(escape: { $0 }, link: { text, _ in text })
    private static let rule = JSONText.object([("tag", JSONText.string("hr"))])

    let keyword: String
    let mentions: Mentions
    let context: MessageContext
    /// Whether time and signature will be put in front when it is sent.
    let isSigned: Bool

    /// A rule and two commas.
    var separatorSize: Int { Self.rule.utf8.count + 2 }

    func size(of block: [String]) -> Int {
        block.reduce(0) { $0 + $1.utf8.count } + block.count - 1
    }

    /// Its elements, and the rule.
    func weight(of block: [String]) -> Int { block.count + 1 }

    func envelopeSize(_ frame: Frame) -> Int {
        body(frame, []).utf8.count + (isSigned ? FeishuSignature.size : 0)
    }

    func body(_ frame: Frame, _ blocks: [[String]]) -> String {
        var elements = blocks.joined(separator: [Self.rule]).joined(separator: ",")
        if let calls = Self.calls(frame.people) { elements += "," + Self.markdown(calls) }
        let header = JSONText.object([
            ("template", JSONText.string(Self.color(of: frame.severity))),
            ("title", Self.text("plain_text", frame.title)),
        ])
        let card = JSONText.object([
            ("config", #"{"wide_screen_mode":true}"#), ("header", header),
            ("elements", "[" + elements + "]"),
        ])
        return JSONText.object([("msg_type", JSONText.string("interactive")), ("card", card)])
    }

    func plainBody(_ frame: Frame, _ alerts: [Alert]) -> String? {
        func body(_ text: String) -> String {
            JSONText.object([
                ("msg_type", JSONText.string("text")),
                ("content", JSONText.object([("text", JSONText.string(text))])),
            ])
        }
        let form = PlainForm(
            context: context, escape: Self.withoutTags, size: { body($0).utf8.count })
        var calls = frame.people.users.map { "<at user_id=\"\($0)\"></at>" }
        if frame.people.all { calls.append("<at user_id=\"all\"></at>") }
        return body(
            form.text(
                alerts, heading: frame.heading, ending: calls.joined(separator: " "),
                limit: Self.limit - (isSigned ? FeishuSignature.size : 0)))
    }

    func block(_ alert: AlertText) -> [String] {
        let title = "\(alert.mark) **\(alert.severity) · \(Self.escaped(alert.title))**"
        let message = alert.message.map(Self.escaped)
        var elements = [Self.markdown(([title] + message).joined(separator: "\n"))]
        let quotes = alert.quoteLines(in: Self.dialect)
        if !quotes.isEmpty { elements.append(Self.markdown(quotes.joined(separator: "\n"))) }
        let facts = alert.factLines(in: Self.plain).joined(separator: "\n")
        elements.append(
            JSONText.object([
                ("tag", JSONText.string("note")),
                ("elements", JSONText.array([Self.text("plain_text", facts)])),
            ]))
        if let url = alert.recordingURL {
            let button = JSONText.object([
                ("tag", JSONText.string("button")),
                ("text", Self.text("plain_text", alert.recordingTitle)),
                ("type", JSONText.string("default")), ("url", JSONText.string(url)),
            ])
            elements.append(
                JSONText.object([
                    ("tag", JSONText.string("action")), ("actions", JSONText.array([button])),
                ]))
        }
        return elements
    }

    private static func color(of severity: Severity) -> String {
        switch severity {
        case .info: "grey"
        case .low: "blue"
        case .medium: "yellow"
        case .high: "orange"
        case .critical: "red"
        }
    }

    private static func markdown(_ text: String) -> String {
        JSONText.object([
            ("tag", JSONText.string("div")), ("text", Self.text("lark_md", text)),
        ])
    }

    private static func text(_ tag: String, _ content: String) -> String {
        JSONText.object([("tag", JSONText.string(tag)), ("content", JSONText.string(content))])
    }

    /// Nil when nobody is called.
    private static func calls(_ people: People) -> String? {
        let names = people.users + (people.all ? ["all"] : [])
        return names.isEmpty ? nil : names.map { "<at id=\($0)></at>" }.joined(separator: " ")
    }

    /// For `lark_md`, whose escape is the HTML entity.
    static func escaped(_ text: String) -> String {
        var result = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case "&", "<", ">", "*", "~", "[", "]", "_", "#", "\\", "`":
                result += "&#\(scalar.value);"
            case "-", "+": result += index == 0 ? "&#\(scalar.value);" : String(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// For a text message, in which only `<at …>` is markup.
    private static func withoutTags(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "<" ? "＜" : $0 }))
    }
}
