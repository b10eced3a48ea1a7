import Pipeline

/// Adaptive Cards 1.4: a title, and a container for each alert.
///
/// What comes from outside stands in runs of rich text, which know no markup; in the few other
/// places its markup is made harmless.
struct TeamsFormat: RobotFormat {
    /// The service says 28 KB for the whole body, and the flow adds some of its own.
    static let limit = 28_000

    let mentions: Mentions
    let context: MessageContext

    /// A comma.
    var separatorSize: Int { 1 }

    func size(of block: String) -> Int { block.utf8.count }

    func envelopeSize(_ frame: Frame) -> Int { body(frame, []).utf8.count }

    func body(_ frame: Frame, _ blocks: [String]) -> String {
        let severity = frame.severity
        var elements = [
            JSONText.object([
                ("type", JSONText.string("TextBlock")), ("size", JSONText.string("Large")),
                ("weight", JSONText.string("Bolder")), ("wrap", "true"),
                ("color", JSONText.string(Self.color(of: severity))),
                ("text", JSONText.string(frame.heading)),
            ])
        ]
        // Joined, so that an empty list measures like one without its comma.
        elements.append(blocks.joined(separator: ","))
        let people = frame.people.users.compactMap(TeamsPerson.init)
        if !people.isEmpty { elements.append(Self.textBlock(people.map(\.tag))) }
        return Self.message(
            elements.joined(separator: ","), version: "1.4",
            teams: [
                ("width", JSONText.string("Full")),
                ("entities", JSONText.array(people.map(\.entity))),
            ])
    }

    func plainBody(_ frame: Frame, _ alerts: [Alert]) -> String? {
        func body(_ text: String) -> String {
            Self.message(Self.textBlock([text.replacing("\n", with: "\n\n")]), version: "1.0")
        }
        let form = PlainForm(
            context: context, escape: Self.inert, size: { body($0).utf8.count })
        return body(form.text(alerts, heading: frame.heading, limit: Self.limit))
    }

    func block(_ alert: AlertText) -> String {
        let title = Self.run(
            "\(alert.mark) \(alert.severity) · \(alert.title)",
            [
                ("weight", JSONText.string("Bolder")),
                ("color", JSONText.string(Self.color(of: alert.alert.severity))),
            ])
        var items = [Self.richText([title], isFirst: true)]
        items += alert.message.filter { !$0.isEmpty }.map { Self.richText([Self.run($0)]) }
        items += quotes(alert)
        items.append(facts(alert))
        if let url = alert.recordingURL {
            let action = JSONText.object([
                ("type", JSONText.string("Action.OpenUrl")),
                ("title", JSONText.string(Self.inert(alert.recordingTitle))),
                ("url", JSONText.string(url)),
            ])
            items.append(
                JSONText.object([
                    ("type", JSONText.string("ActionSet")), ("actions", JSONText.array([action])),
                ]))
        }
        return JSONText.object([
            ("type", JSONText.string("Container")), ("separator", "true"),
            ("items", JSONText.array(items)),
        ])
    }

    private func quotes(_ alert: AlertText) -> [String] {
        let subtle = [("isSubtle", "true")]
        var items: [String] = []
        for quote in alert.quotes {
            if let before = quote.before { items.append(Self.richText([Self.run(before, subtle)])) }
            var runs = [Self.run(quote.words)]
            if !quote.heading.isEmpty {
                let heading = Self.run(
                    quote.heading + words.colon, [("weight", JSONText.string("Bolder"))])
                runs.insert(heading, at: 0)
            }
            items.append(Self.richText(runs))
            if let after = quote.after { items.append(Self.richText([Self.run(after, subtle)])) }
        }
        if alert.hiddenQuotes > 0 {
            items.append(Self.richText([Self.run(words.moreQuotes(alert.hiddenQuotes), subtle)]))
        }
        return items
    }

    private func facts(_ alert: AlertText) -> String {
        var facts = [
            (words.task, alert.task), (words.rule, alert.rule), (words.raised, alert.raisedAt),
        ]
        facts += alert.labels.map { ($0.name, $0.value) }
        if alert.hiddenLabels > 0 {
            facts.append((words.labels, words.moreLabels(alert.hiddenLabels)))
        }
        let rows = facts.map { title, value in
            JSONText.object([
                ("title", JSONText.string(Self.inert(title))),
                ("value", JSONText.string(Self.inert(value))),
            ])
        }
        return JSONText.object([
            ("type", JSONText.string("FactSet")), ("facts", JSONText.array(rows)),
        ])
    }

    private static func color(of severity: Severity) -> String {
        switch severity {
        case .info: "Default"
        case .low: "Accent"
        case .medium: "Warning"
        case .high, .critical: "Attention"
        }
    }

    /// For places that may read Markdown.
    private static func inert(_ text: String) -> String { Escaping.markdownLine(text) }

    private static func run(_ text: String, _ style: [(String, String)] = []) -> String {
        // No markup but the tag of a mention, which some clients may look for everywhere.
        JSONText.object(
            [
                ("type", JSONText.string("TextRun")),
                ("text", JSONText.string(text.replacing("<", with: "＜"))),
            ] + style)
    }

    private static func richText(_ runs: [String], isFirst: Bool = false) -> String {
        JSONText.object([
            ("type", JSONText.string("RichTextBlock")),
            ("spacing", JSONText.string(isFirst ? "Default" : "Small")),
            ("inlines", JSONText.array(runs)),
        ])
    }

    private static func textBlock(_ texts: [String]) -> String {
        JSONText.object([
            ("type", JSONText.string("TextBlock")), ("wrap", "true"),
            ("text", JSONText.string(texts.joined(separator: " "))),
        ])
    }

    private static func message(
        _ elements: String, version: String, teams: [(String, String)] = []
    ) -> String {
        var card = [
            ("$schema", JSONText.string("http://adaptivecards.io/schemas/adaptive-card.json")),
            ("type", JSONText.string("AdaptiveCard")), ("version", JSONText.string(version)),
        ]
        if !teams.isEmpty { card.append(("msteams", JSONText.object(teams))) }
        card.append(("body", "[" + elements + "]"))
        let attachment = JSONText.object([
            ("contentType", JSONText.string("application/vnd.microsoft.card.adaptive")),
            ("contentUrl", "null"), ("content", JSONText.object(card)),
        ])
        return JSONText.object([
            ("type", JSONText.string("message")), ("attachments", JSONText.array([attachment])),
        ])
    }
}
