import Pipeline

/// Push messages: plain text with a title, a priority and a link.
struct NtfyFormat: MessageFormat {
    /// Bytes of the text; a longer one silently becomes a file.
    static let messageLimit = 4096
    /// Bytes of the whole body: twice the text's.
    static let bodyLimit = 8192
    private static let separator = "\n\n"

    let topic: String
    let context: MessageContext

    private var words: Words { Words(language: context.language) }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: Self.messageLimit)
    }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let messages = split(alerts, limit: limit) { $0.utf8.count }
        // Where half of the text must be escaped, the body is over its limit before the text is.
        guard messages.contains(where: { $0.body.utf8.count > Self.bodyLimit }) else {
            return messages
        }
        return split(alerts, limit: limit) { JSONText.escaped($0).utf8.count }
    }

    private func split(
        _ alerts: [Alert], limit: Int, _ length: @escaping (String) -> Int
    ) -> [Message] {
        let splitting = Splitting<String>(
            limit: limit, separator: length(Self.separator), cutNote: words.cutNote,
            envelope: { _, _ in 0 },
            write: { alert, _ in
                let lines = AlertPieces(alert, context).plainLines(context)
                let text = lines.joined(separator: "\n")
                return (text, length(text))
            })
        let subject = FlushText(alerts: alerts, context: context)
        let links = alerts.lazy.compactMap { alert in
            AlertText(alert: alert, context: context).recordingURL
        }
        return splitting.parts(of: alerts).map { part in
            let text = part.pieces.map(\.content).joined(separator: Self.separator)
            return Message(
                part: part.part, parts: part.parts,
                body: body(
                    title: subject.boundedSubject(part: part.part, of: part.parts), text: text,
                    severity: subject.severity, link: links.first, isFirst: part.part == 1),
                plain: JSONText.object([
                    ("topic", JSONText.string(topic)), ("message", JSONText.string(text)),
                ]), alerts: part.pieces.map(\.alert))
        }
    }

    private func body(
        title: String, text: String, severity: Severity, link: String?, isFirst: Bool
    ) -> String {
        var members = [
            ("topic", JSONText.string(topic)), ("title", JSONText.string(title)),
            ("message", JSONText.string(text)),
            // One sound for one flush.
            ("priority", isFirst ? Self.priority(severity) : "2"),
            (
                "tags",
                JSONText.array([Self.tag(severity), severity.rawValue].map(JSONText.string))
            ),
        ]
        if let link { members.append(("click", JSONText.string(link))) }
        return JSONText.object(members)
    }

    /// 1 (silent) to 5 (breaks through the night's rest).
    private static func priority(_ severity: Severity) -> String {
        switch severity {
        case .info, .low: "2"
        case .medium: "3"
        case .high: "4"
        case .critical: "5"
        }
    }

    /// The short name of an emoji, which is shown before the title.
    private static func tag(_ severity: Severity) -> String {
        switch severity {
        case .info: "information_source"
        case .low: "large_blue_circle"
        case .medium: "yellow_circle"
        case .high: "orange_circle"
        case .critical: "rotating_light"
        }
    }
}
