import Pipeline

/// The Markdown messages of a robot.
///
/// Headings and mentions are ours alone; what comes from rules and conversations stands in plain
/// paragraphs and quotes, with its markup made harmless.
struct DingTalkFormat: RobotFormat {
    /// The service's limit for the whole body.
    static let limit = 20_000
    /// Without it, two lines are shown as one.
    private static let lineEnd = "  \n"
    private static let separator = "\n\n---\n\n"
    private static let dialect = Dialect.markdown(Escaping.markdownLine)

    let channel: String
    let keyword: String
    let mentions: Mentions
    let context: MessageContext

    var separatorSize: Int { JSONText.escaped(Self.separator).utf8.count }

    func size(of block: String) -> Int { JSONText.escaped(block).utf8.count }

    func envelopeSize(_ frame: Frame) -> Int { body(frame, []).utf8.count }

    func body(_ frame: Frame, _ blocks: [String]) -> String {
        var text = "#### \(frame.heading)\n\n" + blocks.joined(separator: Self.separator)
        // A mention shows only where the text has it, too.
        if let line = Self.mentionLine(frame.people) { text += "\n\n" + line }
        let content = JSONText.object([
            ("title", JSONText.string(Self.withoutMentions(frame.title))),
            ("text", JSONText.string(text)),
        ])
        return envelope("markdown", content, frame, kind: "")
    }

    func plainBody(_ frame: Frame, _ alerts: [Alert]) -> String? {
        func body(_ text: String) -> String {
            envelope(
                "text", JSONText.object([("content", JSONText.string(text))]), frame, kind: "/text")
        }
        let form = PlainForm(
            context: context, escape: Self.withoutMentions, size: { body($0).utf8.count })
        return body(
            form.text(
                alerts, heading: frame.heading, ending: Self.mentionLine(frame.people) ?? "",
                limit: Self.limit))
    }

    func block(_ alert: AlertText) -> String {
        let title = Escaping.markdownLine(alert.title)
        var paragraphs = ["\(alert.mark) **\(alert.severity) · \(title)**"]
        let message = alert.message.map(Escaping.markdownLine)
        if !message.isEmpty { paragraphs.append(message.joined(separator: Self.lineEnd)) }
        let quotes = alert.quoteLines(in: Self.dialect).map { "> " + $0 }
        if !quotes.isEmpty { paragraphs.append(quotes.joined(separator: Self.lineEnd)) }
        paragraphs.append(alert.factLines(in: Self.dialect).joined(separator: Self.lineEnd))
        if let link = alert.recordingLine(in: Self.dialect) { paragraphs.append(link) }
        return paragraphs.joined(separator: "\n\n")
    }

    /// `kind` tells the forms of one message apart: a refused one must not hide the next.
    private func envelope(
        _ type: String, _ content: String, _ frame: Frame, kind: String
    ) -> String {
        let key = HMACText.digest(
            of: "\(channel)/\(frame.flush.id)/\(frame.part)\(kind)", digits: 32)
        return JSONText.object([
            ("msgtype", JSONText.string(type)), (type, content),
            ("at", Self.atMember(frame.people)), ("msgUuid", JSONText.string(key)),
        ])
    }

    /// Nil when nobody is called by name: all are called without one in the text.
    private static func mentionLine(_ people: People) -> String? {
        let names = (people.mobiles + people.users).map { "@" + $0 }
        return names.isEmpty ? nil : names.joined(separator: " ")
    }

    private static func atMember(_ people: People) -> String {
        JSONText.object([
            ("atMobiles", JSONText.array(people.mobiles.map(JSONText.string))),
            ("atUserIds", JSONText.array(people.users.map(JSONText.string))),
            ("isAtAll", people.all ? "true" : "false"),
        ])
    }

    /// For places that are no Markdown, but where nobody must be called either.
    private static func withoutMentions(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "@" ? "＠" : $0 }))
    }
}
