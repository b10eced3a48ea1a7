import Pipeline

/// The messages of a webhook: a line of content that calls people, and an embed for each alert.
struct DiscordFormat: RobotFormat {
    /// The most UTF-16 units of all embeds together; the content has a limit of its own.
    static let limit = 6000
    /// The most embeds.
    static let weightLimit = 10
    static let contentLimit = 2000
    private static let titleLimit = 256
    private static let descriptionLimit = 4096
    private static let fieldLimit = (name: 256, value: 1024)
    private static let threadNameLimit = 100
    /// With a mention of everyone and the most people, the content stays within its limit.
    private static let subjectLimit = 300
    private static let dialect = Dialect.markdown(DiscordText.escaped)

    /// An embed in the making.
    struct Block {
        let title: String
        let description: String
        let fields: [(name: String, value: String)]
        let severity: Severity
        let raisedAt: String
    }

    let mentions: Mentions
    let context: MessageContext
    let thread: Discord.Thread?

    var separatorSize: Int { 0 }

    func size(of block: Block) -> Int {
        block.title.utf16.count + block.description.utf16.count
            + block.fields.reduce(0) { $0 + $1.name.utf16.count + $1.value.utf16.count }
    }

    func isTakenAlone(_ block: Block) -> Bool {
        block.description.utf16.count <= Self.descriptionLimit
    }

    /// The content does not count among the embeds.
    func envelopeSize(_ frame: Frame) -> Int { 0 }

    func body(_ frame: Frame, _ blocks: [Block]) -> String {
        let subject = frame.subject.subject(
            part: frame.part, of: frame.parts, units: Self.subjectLimit)
        var content = DiscordText.escaped(subject)
        let calls = Self.calls(frame.people)
        if !calls.isEmpty { content += "\n" + calls }
        return message(frame, content, [("embeds", JSONText.array(blocks.map(Self.embed)))])
    }

    func plainBody(_ frame: Frame, _ alerts: [Alert]) -> String? {
        let form = PlainForm(
            context: context, escape: { DiscordText.escaped($0) }, size: { $0.utf16.count })
        return message(
            frame,
            form.text(
                alerts, heading: frame.heading, ending: Self.calls(frame.people),
                limit: Self.contentLimit), [])
    }

    func block(_ alert: AlertText) -> Block {
        let head = "\(alert.mark) \(alert.severity) · "
        let title =
            head + DiscordText.escaped(alert.title, units: Self.titleLimit - head.utf16.count)
        var lines = alert.message.map { DiscordText.escaped($0) }
        lines += alert.quoteLines(in: Self.dialect).map { "> " + $0 }
        lines.append(words.task + words.colon + DiscordText.escaped(alert.task))
        lines.append(words.rule + words.colon + DiscordText.escaped(alert.rule))
        if let link = alert.recordingLine(in: Self.dialect) { lines.append(link) }
        // A field must not be empty.
        var fields = alert.labels.filter { !$0.name.isEmpty && !$0.value.isEmpty }
            .map { label in
                (
                    name: DiscordText.escaped(label.name, units: Self.fieldLimit.name),
                    value: DiscordText.escaped(label.value, units: Self.fieldLimit.value)
                )
            }
        if alert.hiddenLabels > 0 {
            fields.append((name: words.labels, value: words.moreLabels(alert.hiddenLabels)))
        }
        return Block(
            title: title, description: lines.joined(separator: "\n"), fields: fields,
            severity: alert.alert.severity, raisedAt: alert.alert.raisedAt.rfc3339)
    }

    /// Without `url`: embeds that share one would be shown as a single one.
    private static func embed(_ block: Block) -> String {
        let fields = block.fields.map { field in
            JSONText.object([
                ("name", JSONText.string(field.name)), ("value", JSONText.string(field.value)),
                ("inline", "true"),
            ])
        }
        return JSONText.object([
            ("title", JSONText.string(block.title)),
            ("description", JSONText.string(block.description)),
            ("color", String(color(of: block.severity))),
            ("timestamp", JSONText.string(block.raisedAt)), ("fields", JSONText.array(fields)),
        ])
    }

    private func message(
        _ frame: Frame, _ content: String, _ others: [(String, String)]
    ) -> String {
        let people = frame.people
        // Who is not named here is not called, whatever the texts say.
        let allowed = JSONText.object([
            ("parse", people.all || people.here ? "[\"everyone\"]" : "[]"),
            ("users", JSONText.array(people.users.map(JSONText.string))),
            ("roles", JSONText.array(people.groups.map(JSONText.string))),
        ])
        var members = [("content", JSONText.string(content))] + others
        members.append(("allowed_mentions", allowed))
        if case .new? = thread {
            let name = frame.subject.subject(
                part: frame.part, of: frame.parts, units: Self.threadNameLimit)
            members.append(("thread_name", JSONText.string(name)))
        }
        return JSONText.object(members)
    }

    /// Empty when nobody is called.
    private static func calls(_ people: People) -> String {
        var calls = people.users.map { "<@\($0)>" } + people.groups.map { "<@&\($0)>" }
        if people.here { calls.append("@here") }
        if people.all { calls.append("@everyone") }
        return calls.joined(separator: " ")
    }

    private static func color(of severity: Severity) -> Int {
        switch severity {
        case .info: 0x95_A5A6
        case .low: 0x34_98DB
        case .medium: 0xF1_C40F
        case .high: 0xE6_7E22
        case .critical: 0xE7_4C3C
        }
    }
}
