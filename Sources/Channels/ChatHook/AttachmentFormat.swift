import Pipeline

/// Messages of the two chat services that took over Slack's old attachments: one heading, and one
/// coloured attachment for each alert.
struct AttachmentFormat: MessageFormat {
    let dialect: ChatHook.Dialect
    let mentions: Mentions
    let context: MessageContext

    /// One alert: its JSON, and how long what is read of it is.
    private struct Attachment {
        let json: String
        let length: Int
    }

    private var words: Words { Words(language: context.language) }

    /// A user name, as both services allow it, with or without `@`.
    static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /@?[A-Za-z0-9][A-Za-z0-9._\-]{0,63}/) != nil
            && !Escaping.isGroup(text.hasPrefix("@") ? String(text.dropFirst()) : text)
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: dialect.limit)
    }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let people = mentions.people(for: alerts, most: Mentions.most)
        // Once is enough to call people.
        func text(_ part: Int, _ parts: Int) -> String {
            let heading = "【Tocsin】\(words.alerts(alerts.count))\(words.part(part, of: parts))"
            let names = part == 1 ? names(of: people) : []
            return ([dialect.bold(heading)] + (names.isEmpty ? [] : [names.joined(separator: " ")]))
                .joined(separator: "\n")
        }
        let splitting = Splitting<String>(
            limit: limit, separator: 0, cutNote: words.cutNote,
            envelope: { part, parts in dialect.length(text(part, parts)) },
            write: { alert, _ in
                let attachment = attachment(alert)
                return (attachment.json, attachment.length)
            })
        let byID = Dictionary(alerts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return splitting.parts(of: alerts).map { part in
            let heading = text(part.part, part.parts)
            let plain = PlainForm(context: context, escape: Self.escaped, size: dialect.length)
                .text(
                    part.pieces.compactMap { byID[$0.alert] }, heading: heading,
                    limit: dialect.limit)
            return Message(
                part: part.part, parts: part.parts,
                body: JSONText.object([
                    ("text", JSONText.string(heading)),
                    ("attachments", JSONText.array(part.pieces.map(\.content))),
                ]), plain: JSONText.object([("text", JSONText.string(plain))]),
                alerts: part.pieces.map(\.alert))
        }
    }

    private func names(of people: People) -> [String] {
        (people.all ? [dialect.everyone] : []) + (people.here ? ["@here"] : [])
            + people.users.map { $0.hasPrefix("@") ? $0 : "@" + $0 }
    }

    private func attachment(_ alert: Alert) -> Attachment {
        let pieces = AlertPieces(alert, context)
        let title = Self.escaped("\(pieces.mark) \(pieces.heading)")
        var text = pieces.message.map(Self.escaped)
        // An empty line ends the paragraph, or the quote would go on with it.
        if !text.isEmpty, !pieces.quotes.isEmpty { text.append("") }
        text += pieces.quotes.map { "> " + Self.escaped($0) }
        let body = text.joined(separator: "\n")
        let fields = pieces.facts.map { fact in (fact.name, Self.escaped(fact.value)) }
        var members = [
            ("fallback", JSONText.string(title)),
            ("color", JSONText.string(SeverityColor.hex(alert.severity))),
            ("title", JSONText.string(title)),
        ]
        if let link = pieces.link {
            members.append(("title_link", JSONText.string(link.url)))
        }
        members += [
            ("text", JSONText.string(body)),
            (
                "fields",
                JSONText.array(
                    fields.map { name, value in
                        JSONText.object([
                            ("short", "true"), ("title", JSONText.string(name)),
                            ("value", JSONText.string(value)),
                        ])
                    })
            ),
        ]
        let length = ([title, body] + fields.flatMap { [$0.0, $0.1] })
            .reduce(0) { $0 + dialect.length($1) }
        return Attachment(json: JSONText.object(members), length: length)
    }

    /// No markup, and no name that is called.
    private static func escaped(_ text: String) -> String {
        Escaping.uncalled(Escaping.markdownLine(text))
    }
}
