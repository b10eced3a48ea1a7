import Pipeline

/// The Markdown messages of a robot, within 4096 bytes of content.
///
/// The dialect has no escapes, so what comes from outside has its markup made harmless. Members are
/// called in the Markdown itself; mobile numbers and all can be called by a text message only, so
/// for them a short one follows.
struct WeComFormat: RobotFormat {
    /// The service's limit for the content of a Markdown message, in bytes of UTF-8.
    static let limit = 4096
    /// And for that of a text message.
    static let textLimit = 2048
    static let mostPeople = WeCom.mostPeople
    /// With four of them there is still room for an alert.
    static let identifierLimit = 64
    private static let separator = "\n\n"
    private static let dialect = Dialect.markdown(Escaping.markdownLine)

    let mentions: Mentions
    let context: MessageContext

    var separatorSize: Int { Self.separator.utf8.count }

    func size(of block: String) -> Int { block.utf8.count }

    func envelopeSize(_ frame: Frame) -> Int { content(frame, []).utf8.count }

    func body(_ frame: Frame, _ blocks: [String]) -> String {
        JSONText.object([
            ("msgtype", JSONText.string("markdown")),
            (
                "markdown",
                JSONText.object([("content", JSONText.string(content(frame, blocks)))])
            ),
        ])
    }

    func plainBody(_ frame: Frame, _ alerts: [Alert]) -> String? {
        let form = PlainForm(
            context: context, escape: Self.withoutTags, size: { $0.utf8.count })
        let content = form.text(alerts, heading: frame.heading, limit: Self.textLimit)
        // A call that has a message of its own is not made twice.
        return Self.text(content, calling: Self.needsText(frame.people) ? People() : frame.people)
    }

    func callBody(_ frame: Frame) -> String? {
        guard Self.needsText(frame.people) else { return nil }
        let content = Self.withoutTags(frame.title).prefix(bytes: Self.textLimit)
        return Self.text(content, calling: frame.people)
    }

    func block(_ alert: AlertText) -> String {
        let title = "\(alert.severity) · \(Escaping.markdownLine(alert.title))"
        var lines = ["\(alert.mark) **\(Self.colored(title, alert.alert.severity))**"]
        lines += alert.message.map(Escaping.markdownLine)
        lines += alert.quoteLines(in: Self.dialect).map { "> " + $0 }
        // An empty line ends the quote.
        if lines.last?.hasPrefix("> ") == true { lines.append("") }
        lines += alert.factLines(in: Self.dialect)
        if let link = alert.recordingLine(in: Self.dialect) { lines.append(link) }
        return lines.joined(separator: "\n")
    }

    private func content(_ frame: Frame, _ blocks: [String]) -> String {
        var text = "#### \(frame.heading)\n" + blocks.joined(separator: Self.separator)
        if !frame.people.users.isEmpty, !Self.needsText(frame.people) {
            text += "\n\n" + frame.people.users.map { "<@\($0)>" }.joined(separator: " ")
        }
        return text
    }

    private static func needsText(_ people: People) -> Bool {
        people.all || !people.mobiles.isEmpty
    }

    private static func text(_ content: String, calling people: People) -> String {
        var members = [("content", JSONText.string(content))]
        let users = people.users + (people.all ? ["@all"] : [])
        if !users.isEmpty {
            members.append(("mentioned_list", JSONText.array(users.map(JSONText.string))))
        }
        if !people.mobiles.isEmpty {
            members.append(
                ("mentioned_mobile_list", JSONText.array(people.mobiles.map(JSONText.string))))
        }
        return JSONText.object([
            ("msgtype", JSONText.string("text")), ("text", JSONText.object(members)),
        ])
    }

    /// The three colours that there are.
    private static func colored(_ text: String, _ severity: Severity) -> String {
        let color =
            switch severity {
            case .critical, .high: "warning"
            case .medium, .low: "info"
            case .info: "comment"
            }
        return "<font color=\"\(color)\">\(text)</font>"
    }

    /// For a text message, in which only `<@…>` is markup.
    private static func withoutTags(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "<" ? "＜" : $0 }))
    }
}
