import Foundation
import Pipeline

/// A list of alerts as API v2 takes it: labels that identify, annotations that explain.
struct AlertmanagerFormat: MessageFormat {
    /// Bytes of a request; the service has no limit of its own.
    static let bodyLimit = 256 * 1024
    /// Room for the end of an alert, which is added when it is sent.
    static let endBytes = 48

    let context: MessageContext

    private var words: Words { Words(language: context.language) }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: Self.bodyLimit)
    }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let splitting = Splitting<String>(
            limit: limit, separator: 1, cutNote: words.cutNote, envelope: { _, _ in 2 },
            write: { alert, _ in
                let entry = entry(alert)
                return (entry, entry.utf8.count + Self.endBytes)
            })
        return splitting.parts(of: alerts).map { part in
            Message(
                part: part.part, parts: part.parts,
                body: JSONText.array(part.pieces.map(\.content)),
                alerts: part.pieces.map(\.alert))
        }
    }

    /// The same labels, with an end that has come.
    package func endings(of alert: Alert, at now: Timestamp) -> [Message] {
        let body = JSONText.array([Self.ended(entry(alert), at: max(now, alert.raisedAt))])
        return [Message(body: body, alerts: [alert.id])]
    }

    private func entry(_ alert: Alert) -> String {
        let pieces = AlertPieces(alert, context)
        let text = AlertText(alert: alert, context: context)
        let lines =
            pieces.message + pieces.quotes.map { "> " + $0 }
            + pieces.facts.map { $0.name + words.colon + $0.value }
        var annotations = [
            ("summary", JSONText.string(text.title)),
            ("description", JSONText.string(lines.joined(separator: "\n"))),
        ]
        if let link = pieces.link { annotations.append(("recording", JSONText.string(link.url))) }
        let labels = Self.labels(of: alert).map { ($0.name, JSONText.string($0.value)) }
        var members = [
            ("startsAt", JSONText.string(alert.raisedAt.rfc3339)),
            ("labels", JSONText.object(labels)), ("annotations", JSONText.object(annotations)),
        ]
        if let link = pieces.link { members.append(("generatorURL", JSONText.string(link.url))) }
        return JSONText.object(members)
    }

    /// The set that identifies the alert, sorted: the same for the same rule and conversation, as
    /// long as its labels stay.
    static func labels(of alert: Alert) -> [(name: String, value: String)] {
        var labels: [String: String] = [:]
        for (name, value) in alert.labels where name != RecordingLink.label {
            labels[labelName(name)] = PlainText.line(value)
        }
        labels["alertname"] = PlainText.line(alert.id.rule)
        labels["severity"] = alert.severity.rawValue
        labels["source"] = PlainText.line(alert.id.task.source)
        labels["task"] = PlainText.line(alert.id.task.id)
        labels["tid"] = PlainText.line(alert.id.tid)
        // The service drops empty ones; they are no part of the identity.
        return labels.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// A name that every release takes (`[A-Za-z_][A-Za-z0-9_]*`), by Prometheus' own scheme for
    /// other ones: `U__`, and each other character as its code between `_`.
    static func labelName(_ name: String) -> String {
        let isClassic =
            name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil && !name.hasPrefix("U__")
        if isClassic { return name }
        var result = "U__"
        for scalar in name.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": result.unicodeScalars.append(scalar)
            case "_": result += "__"
            default: result += "_\(String(scalar.value, radix: 16))_"
            }
        }
        return result
    }

    /// One entry with its end.
    private static func ended(_ entry: String, at end: Timestamp) -> String {
        JSONText.adding([("endsAt", JSONText.string(end.rfc3339))], to: entry)
    }

    /// The body in which each alert fires until `end`, but for those that have one.
    ///
    /// Nil when the body is none of ours.
    static func body(_ body: String, endingAt end: Timestamp) -> String? {
        guard let entries = try? JSONDecoder().decode([Entry].self, from: Data(body.utf8)) else {
            return nil
        }
        return JSONText.array(
            entries.map { entry in
                func object(_ texts: [String: String]) -> String {
                    let sorted = texts.sorted { $0.key < $1.key }
                    return JSONText.object(sorted.map { ($0.key, JSONText.string($0.value)) })
                }
                var members = [
                    ("startsAt", JSONText.string(entry.startsAt)),
                    ("labels", object(entry.labels)), ("annotations", object(entry.annotations)),
                ]
                if let url = entry.generatorURL {
                    members.append(("generatorURL", JSONText.string(url)))
                }
                let end = entry.endsAt.flatMap(Timestamp.init(rfc3339:)) ?? end
                return ended(JSONText.object(members), at: end)
            })
    }

    private struct Entry: Decodable {
        let startsAt: String
        let labels, annotations: [String: String]
        let generatorURL, endsAt: String?
    }
}
