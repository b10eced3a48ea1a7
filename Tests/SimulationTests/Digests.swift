import Foundation
import Pipeline

extension Examination {
    /// A digest counts all that is folded in it and quotes the worst; no critical alert is in one.
    func digests() async throws -> [String] {
        try await store.read { reader throws(StoreError) in
            var problems: [String] = []
            for delivery in try reader.deliveries(DeliveryQuery(limit: 100_000))
            where delivery.group.route == AlertGroup.Key.digest(of: "").route {
                var alerts: [Alert] = []
                for id in delivery.message.alerts {
                    guard let alert = try reader.alert(id) else { continue }
                    alerts.append(alert)
                }
                if alerts.contains(where: { $0.severity == .critical }) {
                    problems.append("\(delivery.id): a critical alert in a digest")
                }
                guard delivery.channel == "hook" else { continue }
                problems += Self.problems(
                    of: delivery, with: Dictionary(grouping: alerts, by: \.id.rule))
            }
            return problems
        }
    }

    private struct Body: Decodable {
        struct Data: Decodable { var alerts: [Folded] }
        struct Folded: Decodable {
            var rule, severity: String
            var labels: [String: String]
        }
        var data: Data
    }

    /// The hook's digests tell each rule with the number of its alerts.
    private static func problems(of delivery: Delivery, with rules: [String: [Alert]]) -> [String] {
        let bytes = Data(delivery.message.body.utf8)
        guard let body = try? JSONDecoder().decode(Body.self, from: bytes) else {
            return ["\(delivery.id): not read: \(delivery.message.body)"]
        }
        let told = body.data.alerts.map { folded in
            "\(folded.rule) \(folded.labels[Digest.label] ?? "1") \(folded.severity)"
        }
        let expected = rules.map { rule, alerts in
            let worst = alerts.map(\.severity).max() ?? .info
            return "\(rule) \(alerts.count) \(worst.rawValue)"
        }
        return told.sorted() == expected.sorted()
            ? [] : ["\(delivery.id): tells \(told), not \(expected.sorted())"]
    }
}
