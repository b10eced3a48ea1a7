import Pipeline

/// The messages of an incoming webhook in blocks: a header, and for each alert its text, its quotes
/// and its facts.
struct SlackFormat: RobotFormat {
    /// The most UTF-16 units of all texts together: at about 13,000 the service refuses the blocks.
    static let limit = 12_000
    /// The service takes 50 blocks; two are the header and the people called.
    static let weightLimit = 48
    /// Entities make an identifier five times as long.
    static let identifierLimit = 128
    private static let headerLimit = 150
    private static let textLimit = 3000
    private static let elementLimit = 10
    private static let dialect = Dialect(escape: SlackText.escaped, link: SlackText.link)
    private static let divider = JSONText.object([("type", JSONText.string("divider"))])

    /// The blocks of one alert.
    struct Block {
        var blocks: [String] = []
        var size = 0
    }

    let mentions: Mentions
    let context: MessageContext
    /// The message that all of them answer; empty when they stand alone.
    let thread: String

    var separatorSize: Int { 0 }

    func size(of block: Block) -> Int { block.size }

    /// Its blocks, and the divider.
    func weight(of block: Block) -> Int { block.blocks.count + 1 }

    func envelopeSize(_ frame: Frame) -> Int {
        header(frame).utf16.count + Self.calls(frame.people).utf16.count
    }

    func body(_ frame: Frame, _ blocks: [Block]) -> String {
        var all = [
            JSONText.object([
                ("type", JSONText.string("header")), ("text", Self.plain(header(frame))),
            ])
        ]
        all += blocks.map(\.blocks).joined(separator: [Self.divider])
        let calls = Self.calls(frame.people)
        if !calls.isEmpty { all.append(Self.section(calls)) }
        let title = frame.subject.subject(part: frame.part, of: frame.parts, units: 500)
        return envelope(SlackText.escaped(title), [("blocks", JSONText.array(all))])
    }

    /// Nobody is called: a name that the service does not know must not cost the alert twice.
    func plainBody(_ frame: Frame, _ alerts: [Alert]) -> String? {
        let form = PlainForm(
            context: context, escape: SlackText.escaped, size: { $0.utf16.count })
        return envelope(form.text(alerts, heading: frame.heading, limit: Self.limit), [])
    }

    func block(_ alert: AlertText) -> Block {
        var result = Block()
        func add(_ lines: [String]) {
            for text in SlackText.chunks(lines, limit: Self.textLimit) {
                result.blocks.append(Self.section(text))
                result.size += text.utf16.count
            }
        }
        let title = "\(alert.mark) *\(alert.severity) · \(SlackText.escaped(alert.title))*"
        add([title] + alert.message.map(SlackText.escaped))
        add(alert.quoteLines(in: Self.dialect).map { "> " + $0 })
        var facts = alert.factLines(in: Self.dialect)
        if let link = alert.recordingLine(in: Self.dialect) { facts.append(link) }
        let texts = SlackText.chunks(facts, limit: Self.textLimit)
        for start in stride(from: 0, to: texts.count, by: Self.elementLimit) {
            let part = texts[start..<min(texts.count, start + Self.elementLimit)]
            result.blocks.append(
                JSONText.object([
                    ("type", JSONText.string("context")),
                    ("elements", JSONText.array(part.map(Self.markdown))),
                ]))
            result.size += part.reduce(0) { $0 + $1.utf16.count }
        }
        return result
    }

    /// Plain text, in which nothing is markup; but a reader of `<!…>` may look everywhere.
    private func header(_ frame: Frame) -> String {
        frame.subject.subject(part: frame.part, of: frame.parts, units: Self.headerLimit)
            .replacing("<", with: "＜")
    }

    private func envelope(_ text: String, _ others: [(String, String)]) -> String {
        var members = [("text", JSONText.string(text))] + others
        members += [("unfurl_links", "false"), ("unfurl_media", "false")]
        if !thread.isEmpty { members.append(("thread_ts", JSONText.string(thread))) }
        return JSONText.object(members)
    }

    private static func section(_ text: String) -> String {
        JSONText.object([("type", JSONText.string("section")), ("text", markdown(text))])
    }

    /// `verbatim`: names and addresses in it are not made into mentions and links.
    private static func markdown(_ text: String) -> String {
        JSONText.object([
            ("type", JSONText.string("mrkdwn")), ("text", JSONText.string(text)),
            ("verbatim", "true"),
        ])
    }

    private static func plain(_ text: String) -> String {
        JSONText.object([
            ("type", JSONText.string("plain_text")), ("text", JSONText.string(text)),
        ])
    }

    /// Empty when nobody is called.
    private static func calls(_ people: People) -> String {
        var calls = people.users.map { "<@\($0)>" } + people.groups.map { "<!subteam^\($0)>" }
        if people.here { calls.append("<!here>") }
        if people.all { calls.append("<!channel>") }
        return calls.joined(separator: " ")
    }
}
