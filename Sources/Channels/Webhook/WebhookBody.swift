import Pipeline

/// The JSON body that is documented: what the outbox holds of every message to a webhook, whatever
/// its receiver is then sent.
struct WebhookBody {
    /// What the body says it is.
    static let type = "tocsin.alerts"

    let channel: String

    func text(_ alerts: [Alert], part: Int, parts: Int, at moment: Timestamp) -> String {
        text(of: alerts.map { json(of: $0, isCut: false) }, part: part, parts: parts, at: moment)
    }

    /// `alerts` are JSON already.
    func text(of alerts: [String], part: Int, parts: Int, at moment: Timestamp) -> String {
        let data = JSONText.object([
            ("channel", JSONText.string(channel)), ("part", String(part)),
            ("parts", String(parts)), ("alerts", JSONText.array(alerts)),
        ])
        return JSONText.object([
            ("type", JSONText.string(Self.type)),
            ("timestamp", JSONText.string(moment.rfc3339)), ("data", data),
        ])
    }

    func json(of alert: Alert, isCut: Bool) -> String {
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
            ("before", quote.before.map(json)), ("after", quote.after.map(json)),
        ]
        return JSONText.object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    /// A sentence beside the quoted one.
    private func json(of context: Quote.Context) -> String {
        var members = [
            ("words", JSONText.string(context.words)), ("at", JSONText.string(context.at)),
            ("speaker", JSONText.string(context.speaker.rawValue)),
        ]
        if !context.roleName.isEmpty {
            members.append(("roleName", JSONText.string(context.roleName)))
        }
        return JSONText.object(members)
    }
}
