import Pipeline

/// The messages of an account: HTML for most clients, and the same in plain text for the rest.
struct MatrixFormat: MessageFormat {
    /// The event may have 65536 bytes with what the server adds to the content.
    static let contentLimit = 60_000
    private static let plainSeparator = "\n\n"
    private static let htmlSeparator = "<hr>"

    let mentions: Mentions
    let thread: String?
    let context: MessageContext

    /// The same text twice.
    struct Block {
        var plain: String
        var html: String

        /// What it takes in the body.
        var bytes: Int {
            JSONText.escaped(plain).utf8.count + JSONText.escaped(html).utf8.count
        }
    }

    private var words: Words { Words(language: context.language) }

    /// `@name:server`, of the characters that the specification allows.
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= Matrix.idLimit
            && text.wholeMatch(of: /@[A-Za-z0-9._=\-\/+]+:[A-Za-z0-9.\-]+(?::[0-9]{1,5})?/) != nil
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: Self.contentLimit)
    }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let people = mentions.people(for: alerts, most: Mentions.most)
        let isNotice = alerts.allSatisfy { $0.severity == .info }
        let separator = Block(plain: Self.plainSeparator, html: Self.htmlSeparator)
        func body(_ blocks: [Block], _ part: Int, _ parts: Int, isRich: Bool = true) -> String {
            self.body(
                blocks: blocks, count: alerts.count, part == 1 ? people : People(),
                isNotice: isNotice, isRich: isRich, part: part, parts: parts)
        }
        let splitting = Splitting<Block>(
            limit: limit, separator: separator.bytes, cutNote: words.cutNote,
            envelope: { part, parts in body([], part, parts).utf8.count },
            write: { alert, _ in
                let block = block(alert)
                return (block, block.bytes)
            })
        return splitting.parts(of: alerts).map { part in
            let blocks = part.pieces.map(\.content)
            return Message(
                part: part.part, parts: part.parts, body: body(blocks, part.part, part.parts),
                plain: body(blocks, part.part, part.parts, isRich: false),
                alerts: part.pieces.map(\.alert))
        }
    }

    private func body(
        blocks: [Block], count: Int, _ people: People, isNotice: Bool, isRich: Bool, part: Int,
        parts: Int
    ) -> String {
        let heading = "【Tocsin】\(words.alerts(count))\(words.part(part, of: parts))"
        var plain = heading + Self.plainSeparator
        var html = "<p><strong>\(heading)</strong></p>"
        plain += blocks.map(\.plain).joined(separator: Self.plainSeparator)
        html += blocks.map(\.html).joined(separator: Self.htmlSeparator)
        var mentions: [(String, String)] = []
        if !people.isEmpty {
            let names = (people.all ? ["@room"] : []) + people.users
            plain += Self.plainSeparator + names.joined(separator: " ")
            html += "<p>" + names.map(Self.pill).joined(separator: " ") + "</p>"
            if !people.users.isEmpty {
                mentions.append(("user_ids", JSONText.array(people.users.map(JSONText.string))))
            }
            if people.all { mentions.append(("room", "true")) }
        }
        // A notice makes no sound: for what is only worth knowing.
        var members = [
            ("msgtype", JSONText.string(isNotice ? "m.notice" : "m.text")),
            ("body", JSONText.string(plain)),
        ]
        if isRich {
            members += [
                ("format", JSONText.string("org.matrix.custom.html")),
                ("formatted_body", JSONText.string(html)),
            ]
        }
        members.append(("m.mentions", JSONText.object(mentions)))
        if let thread { members.append(("m.relates_to", Self.relation(to: thread))) }
        return JSONText.object(members)
    }

    private func block(_ alert: Alert) -> Block {
        let pieces = AlertPieces(alert, context)
        let plain = pieces.plainLines(context).map(Escaping.uncalled).joined(separator: "\n")
        let color = SeverityColor.hex(alert.severity)
        var html = "<p>\(pieces.mark) <strong><span data-mx-color=\"\(color)\">"
        html += "\(Self.text(pieces.heading))</span></strong>"
        html += pieces.message.map { "<br>" + Self.text($0) }.joined() + "</p>"
        if !pieces.quotes.isEmpty {
            let quotes = pieces.quotes.map(Self.text).joined(separator: "<br>")
            html += "<blockquote>\(quotes)</blockquote>"
        }
        var facts = pieces.facts.map { Self.text($0.name + words.colon + $0.value) }
        if let link = pieces.link {
            facts.append("<a href=\"\(Escaping.html(link.url))\">\(Escaping.html(link.words))</a>")
        }
        return Block(plain: plain, html: html + "<p>\(facts.joined(separator: "<br>"))</p>")
    }

    /// No markup, and no name that is called.
    private static func text(_ text: String) -> String {
        Escaping.html(Escaping.uncalled(text))
    }

    private static func pill(_ name: String) -> String {
        guard name != "@room" else { return name }
        let name = Escaping.html(name)
        return "<a href=\"https://matrix.to/#/\(name)\">\(name)</a>"
    }

    /// As the specification has it, with the fallback for clients without threads.
    static func relation(to thread: String) -> String {
        JSONText.object([
            ("rel_type", JSONText.string("m.thread")), ("event_id", JSONText.string(thread)),
            ("is_falling_back", "true"),
            ("m.in_reply_to", JSONText.object([("event_id", JSONText.string(thread))])),
        ])
    }
}
