import Pipeline

/// The messages of a bot: HTML with a bold heading, quotes and a link to the recording.
struct TelegramFormat: MessageFormat {
    /// UTF-16 units of what is seen.
    static let textLimit = 4096
    private static let separator = "\n\n"

    let mentions: Mentions
    let context: MessageContext

    private var words: Words { Words(language: context.language) }

    /// `@name` as the service allows it, or a user's number.
    static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /@[A-Za-z][A-Za-z0-9_]{3,31}|[1-9][0-9]{0,18}/) != nil
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: Self.textLimit)
    }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let people = mentions.people(for: alerts, most: Mentions.most).users
        let splitting = Splitting<TelegramText>(
            limit: limit, separator: Self.separator.utf16.count, cutNote: words.cutNote,
            envelope: { part, parts in
                text(blocks: [], count: alerts.count, people, part: part, parts: parts).units
            },
            write: { alert, _ in
                let block = block(AlertPieces(alert, context))
                return (block, block.units)
            })
        return splitting.parts(of: alerts).map { part in
            let text = text(
                blocks: part.pieces.map(\.content), count: alerts.count, people, part: part.part,
                parts: part.parts)
            // One sound for one flush, and none for what is only worth knowing.
            let isSilent = part.part > 1 || alerts.allSatisfy { $0.severity == .info }
            return Message(
                part: part.part, parts: part.parts,
                body: Self.body(text: text.html, isHTML: true, isSilent: isSilent),
                plain: Self.body(
                    text: TelegramText.plain(text.html), isHTML: false, isSilent: isSilent),
                alerts: part.pieces.map(\.alert))
        }
    }

    /// Without the chat, which is added when it is sent.
    static func body(text: String, isHTML: Bool, isSilent: Bool) -> String {
        var members = [("text", JSONText.string(text))]
        if isHTML { members.append(("parse_mode", JSONText.string("HTML"))) }
        members.append(("link_preview_options", #"{"is_disabled":true}"#))
        members.append(("disable_notification", isSilent ? "true" : "false"))
        return JSONText.object(members)
    }

    private func text(
        blocks: [TelegramText], count: Int, _ people: [String], part: Int, parts: Int
    ) -> TelegramText {
        var text = TelegramText()
        text.add("【Tocsin】\(words.alerts(count))\(words.part(part, of: parts))")
        text.add(Self.separator)
        for (index, block) in blocks.enumerated() {
            if index > 0 { text.add(Self.separator) }
            text.add(block)
        }
        // Once is enough to call people.
        if part == 1, !people.isEmpty {
            text.add(Self.separator)
            for (index, name) in people.enumerated() {
                if index > 0 { text.add(" ") }
                text.addName(name)
            }
        }
        return text
    }

    private func block(_ alert: AlertPieces) -> TelegramText {
        var text = TelegramText()
        text.add("\(alert.mark) ")
        text.add(alert.heading, in: "b")
        if !alert.message.isEmpty { text.add("\n" + alert.message.joined(separator: "\n")) }
        if !alert.quotes.isEmpty {
            text.add("\n")
            text.add(alert.quotes.joined(separator: "\n"), in: "blockquote")
        }
        for (name, value) in alert.facts { text.add("\n" + name + words.colon + value) }
        if let link = alert.link {
            text.add("\n")
            text.addLink(link.words, to: link.url)
        }
        return text
    }
}
