import Pipeline

/// The Markdown messages of a robot.
///
/// Headings and mentions are ours alone; what comes from rules and conversations stands in plain
/// paragraphs and quotes, with its markup made harmless.
struct DingTalkFormat {
    /// The service's limit for the whole body.
    static let bodyLimit = 20_000
    /// Without it, two lines are shown as one.
    private static let lineEnd = "  \n"
    private static let separator = "\n\n---\n\n"

    let channel: String
    let keyword: String
    let mentions: DingTalkChannel.Settings.Mentions
    let context: MessageContext

    private var words: Words { Words(language: context.language) }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int = bodyLimit) -> [Message] {
        let subject = FlushText(alerts: alerts, context: context)
        let splitting = Splitting<String>(
            limit: limit, separator: JSONText.escaped(Self.separator).utf8.count,
            cutNote: words.cutNote,
            envelope: { part, parts in
                body(blocks: [], subject, part: part, parts: parts, flush).utf8.count
            },
            write: { alert, _ in
                let block = block(AlertText(alert: alert, context: context))
                return (block, JSONText.escaped(block).utf8.count)
            })
        return splitting.parts(of: alerts).map { part in
            Message(
                part: part.part, parts: part.parts,
                body: body(
                    blocks: part.pieces.map(\.content), subject, part: part.part,
                    parts: part.parts, flush),
                alerts: part.pieces.map(\.alert))
        }
    }

    private func body(
        blocks: [String], _ subject: FlushText, part: Int, parts: Int, _ flush: Flush
    ) -> String {
        let mark = keyword.isEmpty ? "Tocsin" : keyword
        let heading =
            "#### 【\(mark)】\(words.alerts(subject.alerts.count))\(words.part(part, of: parts))"
        var text = heading + "\n\n" + blocks.joined(separator: Self.separator)
        // Once is enough to call people; a mention shows only where the text has it, too.
        let isCalling = part == 1 && !mentions.isEmpty
        if isCalling, let line = mentionLine { text += "\n\n" + line }
        let title = "【\(mark)】" + subject.subject(part: part, of: parts)
        var members = [
            ("msgtype", JSONText.string("markdown")),
            (
                "markdown",
                JSONText.object([
                    ("title", JSONText.string(Self.withoutMentions(title))),
                    ("text", JSONText.string(text)),
                ])
            ),
        ]
        if isCalling { members.append(("at", atMember)) }
        members.append(("msgUuid", JSONText.string(idempotencyKey(flush, part))))
        return JSONText.object(members)
    }

    private func block(_ alert: AlertText) -> String {
        let title = Escaping.markdownLine(alert.title)
        var paragraphs = ["\(alert.mark) **\(alert.severity) · \(title)**"]
        let message = alert.message.map(Escaping.markdownLine)
        if !message.isEmpty { paragraphs.append(message.joined(separator: Self.lineEnd)) }
        var quotes = alert.quotes.map { "> " + Escaping.markdownLine($0.line(words)) }
        if alert.hiddenQuotes > 0 { quotes.append("> " + words.moreQuotes(alert.hiddenQuotes)) }
        if !quotes.isEmpty { paragraphs.append(quotes.joined(separator: Self.lineEnd)) }
        paragraphs.append(facts(alert).joined(separator: Self.lineEnd))
        return paragraphs.joined(separator: "\n\n")
    }

    private func facts(_ alert: AlertText) -> [String] {
        var lines = [
            words.task + words.colon + Escaping.markdownLine(alert.task),
            words.rule + words.colon + Escaping.markdownLine(alert.rule),
            words.raised + words.colon + alert.raisedAt,
        ]
        var labels = alert.labels.map { Escaping.markdownLine("\($0.name)=\($0.value)") }
        if alert.hiddenLabels > 0 { labels.append(words.moreLabels(alert.hiddenLabels)) }
        if !labels.isEmpty {
            lines.append(words.labels + words.colon + labels.joined(separator: " · "))
        }
        return lines
    }

    /// Nil when all are called: that needs no name in the text.
    private var mentionLine: String? {
        let people = (mentions.mobiles + mentions.userIDs).map { "@" + $0 }
        return people.isEmpty ? nil : people.joined(separator: " ")
    }

    private var atMember: String {
        JSONText.object([
            ("atMobiles", JSONText.array(mentions.mobiles.map(JSONText.string))),
            ("atUserIds", JSONText.array(mentions.userIDs.map(JSONText.string))),
            ("isAtAll", mentions.all ? "true" : "false"),
        ])
    }

    /// The same at every attempt of a delivery, and another for every other delivery: made of what
    /// its id is made of.
    private func idempotencyKey(_ flush: Flush, _ part: Int) -> String {
        HMACText.digest(of: "\(channel)/\(flush.id)/\(part)", digits: 32)
    }

    /// The title is the preview in the list of conversations: not Markdown, but no place to call
    /// someone either.
    private static func withoutMentions(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "@" ? "＠" : $0 }))
    }
}
