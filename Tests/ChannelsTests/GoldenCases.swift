import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// The golden request cases of one service: what must hold for any rendering of an alert.
struct GoldenCases {
    struct Case {
        let name: String
        let alert: Alert
        let isResolved: Bool
        let expectations: [[String: Any]]
    }

    let cases: [Case]

    init(_ service: String) throws {
        let alerts = try Self.object("alerts")
        let file = try Self.object(service)
        cases = try #require(file["cases"] as? [[String: Any]]).map { row in
            let entry = try #require(alerts[row["alert"] as? String ?? ""] as? [String: Any])
            return Case(
                name: row["name"] as? String ?? "", alert: try Self.alert(entry),
                isResolved: entry["status"] as? String == "resolved",
                expectations: try #require(row["expect"] as? [[String: Any]]))
        }
        #expect(cases.count >= 5)
    }

    /// Judges a request; an expectation about a resolved alert is left out, since an alert of ours
    /// is an event and ends with its message.
    func judge(_ request: HTTPRequest, for golden: Case) throws {
        let parts = try #require(URLComponents(string: request.url))
        let query = Dictionary(
            (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") },
            uniquingKeysWith: { first, _ in first })
        let document: [String: Any] = [
            "method": request.method == .post ? "POST" : "other",
            "path": parts.path, "query": query,
            "headers": Dictionary(
                request.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }
            ),
            "body": try JSONSerialization.jsonObject(with: Data(request.body)),
        ]
        for expectation in golden.expectations {
            let value = expectation["value"]
            let isAboutResolving = ["(?i)resolved", "(?i)resolved|恢复", "green"].contains(
                value as? String ?? "")
            if golden.isResolved && isAboutResolving { continue }
            let pointer = expectation["at"] as? String ?? ""
            let operation = expectation["op"] as? String ?? ""
            let place = "\(golden.name): \(pointer) \(operation) \(value ?? "")"
            #expect(
                Self.holds(Self.value(at: pointer, in: document), operation, value), "\(place)")
        }
    }

    private static func holds(_ found: Any?, _ operation: String, _ wanted: Any?) -> Bool {
        let text = found as? String
        let number = (wanted as? NSNumber)?.intValue ?? .max
        switch operation {
        case "equals": return same(found, wanted)
        case "notEquals": return !same(found, wanted)
        case "exists": return found != nil
        case "absent": return found == nil
        case "contains": return text.map { $0.contains(wanted as? String ?? "") } ?? false
        case "notContains": return text.map { !$0.contains(wanted as? String ?? "") } ?? false
        case "matches": return matches(text, wanted)
        case "notMatches": return text != nil && !matches(text, wanted)
        case "oneOf": return (wanted as? [Any] ?? []).contains { same(found, $0) }
        case "type": return wanted as? String == "string" && text != nil
        // Absent is short enough: no rendering must have every member.
        case "maxChars": return (text?.utf16.count ?? 0) <= number
        case "minChars": return (text?.unicodeScalars.count ?? 0) >= number
        case "maxBytes": return (text?.utf8.count ?? 0) <= number
        case "minBytes": return (text?.utf8.count ?? 0) >= number
        case "maxItems": return (found as? [Any] ?? []).count <= number
        case "maxJSONBytes": return json(found).utf8.count <= number
        case "jsonContains": return json(found).contains(wanted as? String ?? "")
        case "jsonNotContains": return !json(found).contains(wanted as? String ?? "")
        case "validUnicode": return text.map { !$0.contains("\u{FFFD}") } ?? false
        case "slackBlocks": return SlackRules.areSound(found)
        case "discordEmbedTotal": return DiscordRules.total(found) <= number
        default: return false
        }
    }

    private static func same(_ found: Any?, _ wanted: Any?) -> Bool {
        guard let found, let wanted else { return found == nil && wanted == nil }
        return (found as? NSObject) == (wanted as? NSObject)
    }

    private static func matches(_ text: String?, _ pattern: Any?) -> Bool {
        guard let text, let pattern = pattern as? String else { return false }
        return text.range(of: pattern, options: .regularExpression) != nil
    }

    private static func json(_ value: Any?) -> String {
        guard let value, JSONSerialization.isValidJSONObject(value),
            let data = try? JSONSerialization.data(
                withJSONObject: value, options: [.withoutEscapingSlashes])
        else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    static func value(at pointer: String, in document: Any) -> Any? {
        var current: Any? = document
        for step in pointer.split(separator: "/") {
            if let list = current as? [Any], let index = Int(step) {
                current = list.indices.contains(index) ? list[index] : nil
            } else {
                current = (current as? [String: Any])?[String(step)]
            }
        }
        return current
    }

    private static func object(_ name: String) throws -> [String: Any] {
        let url = Golden.folder.appendingPathComponent("channels/\(name).json")
        let value = try JSONSerialization.jsonObject(with: try Data(contentsOf: url))
        return try #require(value as? [String: Any])
    }

    /// In our terms: the address of the generic alert leads into a recording.
    private static func alert(_ entry: [String: Any]) throws -> Alert {
        let severities: [String: Severity] = [
            "critical": .critical, "warning": .high, "info": .info,
        ]
        var labels = try #require(entry["labels"] as? [String: String])
        labels[RecordingLink.label] = entry["url"] as? String
        func text(_ key: String) -> String { entry[key] as? String ?? "" }
        return Alert(
            id: Alert.ID(rule: "golden", task: TaskID(source: "golden", id: text("id"))),
            title: text("title"), severity: severities[text("severity")] ?? .high, labels: labels,
            message: text("summary") + "\n" + text("body"), evidence: [], raisedAt: Sample.now,
            ruleSetVersion: "v1")
    }
}
