import Pipeline

/// The body of the generic webhook.
struct WebhookFormat {
    /// The specification advises less than 20 KB.
    static let bodyLimit = 20_000

    let channel: String
    let context: MessageContext

    func messages(for alerts: [Alert], in flush: Flush, limit: Int = bodyLimit) -> [Message] {
        let splitting = Splitting<String>(
            limit: limit, separator: 1, cutNote: Words(language: context.language).cutNote,
            envelope: { part, parts in
                body(alerts: [], part: part, parts: parts, at: flush.at).utf8.count
            },
            write: { alert, isCut in
                let text = json(of: alert, isCut: isCut)
                return (text, text.utf8.count)
            })
        return splitting.parts(of: alerts).map { part in
            Message(
                part: part.part, parts: part.parts,
                body: body(
                    alerts: part.pieces.map(\.content), part: part.part, parts: part.parts,
                    at: flush.at),
                alerts: part.pieces.map(\.alert))
        }
    }

    private func body(alerts: [String], part: Int, parts: Int, at moment: Timestamp) -> String {
        let data = JSONText.object([
            ("channel", JSONText.string(channel)), ("part", String(part)),
            ("parts", String(parts)), ("alerts", JSONText.array(alerts)),
        ])
        return JSONText.object([
            ("type", JSONText.string("tocsin.alerts")),
            ("timestamp", JSONText.string(moment.rfc3339)), ("data", data),
        ])
    }

    private func json(of alert: Alert, isCut: Bool) -> String {
        let labels = alert.labels.sorted { $0.key < $1.key }
        var members = [
            ("rule", JSONText.string(alert.id.rule)),
            ("title", JSONText.string(alert.title)),
            ("severity", JSONText.string(alert.severity.rawValue)),
            ("source", JSONText.string(alert.id.task.source)),
            ("taskId", JSONText.string(alert.id.task.id)),
            ("tid", JSONText.string(alert.id.tid)),
            ("labels", JSONText.object(labels.map { ($0.key, JSONText.string($0.value)) })),
            ("message", JSONText.string(alert.message)),
            ("evidence", JSONText.array(alert.evidence.map(json))),
            ("raisedAt", JSONText.string(alert.raisedAt.rfc3339)),
        ]
        if isCut { members.append(("truncated", "true")) }
        return JSONText.object(members)
    }

    /// What a value in words has not, because it is no sentence, is left out.
    private func json(of quote: Quote) -> String {
        let members: [(String, String?)] = [
            ("words", JSONText.string(quote.words)),
            ("at", quote.at.map(JSONText.string)),
            ("begin", quote.begin.map { String($0) }),
            ("end", quote.end.map { String($0) }),
            ("speaker", quote.speaker.map { JSONText.string($0.rawValue) }),
            ("roleName", quote.roleName.map(JSONText.string)),
            ("emotionValue", quote.emotionValue.map { String($0) }),
            ("speechRate", quote.speechRate.map { String($0) }),
            ("late", quote.late.map { String($0) }),
        ]
        return JSONText.object(members.compactMap { name, value in value.map { (name, $0) } })
    }
}
