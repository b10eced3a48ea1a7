import Pipeline

/// Notifications in plain text, which Apprise escapes for each of its targets.
struct AppriseFormat: MessageFormat {
    /// Bytes of a notification.
    ///
    /// The service takes 3 MB, but its targets are chats: what they cannot take, they refuse.
    static let bodyLimit = 16_000
    private static let separator = "\n\n"

    let tag: String?
    let context: MessageContext

    private var words: Words { Words(language: context.language) }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: Self.bodyLimit)
    }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let subject = FlushText(alerts: alerts, context: context)
        let splitting = Splitting<String>(
            limit: limit, separator: JSONText.escaped(Self.separator).utf8.count,
            cutNote: words.cutNote,
            envelope: { part, parts in body([], subject, part, parts).utf8.count },
            write: { alert, _ in
                let lines = AlertPieces(alert, context).plainLines(context)
                let text = lines.map(Escaping.uncalled).joined(separator: "\n")
                return (text, JSONText.escaped(text).utf8.count)
            })
        return splitting.parts(of: alerts).map { part in
            Message(
                part: part.part, parts: part.parts,
                body: body(part.pieces.map(\.content), subject, part.part, part.parts),
                alerts: part.pieces.map(\.alert))
        }
    }

    private func body(
        _ blocks: [String], _ subject: FlushText, _ part: Int, _ parts: Int
    ) -> String {
        let title = Escaping.uncalled(subject.boundedSubject(part: part, of: parts))
        var members = [
            ("title", JSONText.string(title)),
            ("body", JSONText.string(blocks.joined(separator: Self.separator))),
            ("type", JSONText.string(Self.type(subject.severity))),
            ("format", JSONText.string("text")),
        ]
        if let tag { members.append(("tag", JSONText.string(tag))) }
        return JSONText.object(members)
    }

    /// The colour of the service's four kinds; `success` is for what has ended.
    private static func type(_ severity: Severity) -> String {
        switch severity {
        case .info, .low: "info"
        case .medium: "warning"
        case .high, .critical: "failure"
        }
    }
}
