package import CEL

/// Alerts of one channel folded by rule: each rule's alerts become one alert that counts them and
/// quotes the worst.
///
/// Pure. A channel writes the folded alerts as it writes others, with its own parts and limits;
/// ``messages(for:in:)`` then says which alerts each message stands for.
package struct Digest: Sendable {
    /// One for each rule: the worst rule first, then by rule.
    package let folded: [Alert]
    private let members: [Alert.ID: [Alert.ID]]

    /// The most alerts in one digest; others wait for the next.
    package static let alertLimit = 2000
    /// The most other tasks that a folded alert names.
    package static let tasksNamed = 5
    /// The label that counts what is folded.
    package static let label = "digest"

    package init(_ alerts: [Alert], language: Language) {
        let rules = Dictionary(grouping: alerts, by: \.id.rule)
        let folds = rules.values.map { alerts in
            // The first of the worst: the order of the alerts is that of their moments.
            let worst = alerts.max { $0.severity < $1.severity } ?? alerts[0]
            let first = alerts.first { $0.severity == worst.severity } ?? worst
            return (alert: Self.folded(alerts, worst: first, language), all: alerts.map(\.id))
        }
        folded = folds.map(\.alert).sorted {
            $0.severity == $1.severity ? $0.id.rule < $1.id.rule : $0.severity > $1.severity
        }
        members = Dictionary(uniqueKeysWithValues: folds.map { ($0.alert.id, $0.all) })
    }

    /// The messages, each with all the alerts that it stands for.
    package func messages(
        in flush: Flush, by channel: ([Alert], Flush) -> [Message]
    ) -> [Message] {
        channel(folded, flush).map { message in
            var message = message
            message.alerts = message.alerts.flatMap { members[$0] ?? [$0] }
            return message
        }
    }

    private static func folded(_ alerts: [Alert], worst: Alert, _ language: Language) -> Alert {
        guard alerts.count > 1 else { return worst }
        var folded = worst
        let count = alerts.count
        folded.title += Bilingual("（共 \(count) 条）", " (\(count) alerts)").text(in: language)
        let common = worst.labels.filter { label in
            alerts.allSatisfy { $0.labels[label.key] == label.value }
        }
        folded.labels = common
        folded.labels["severity"] = worst.severity.rawValue
        folded.labels[label] = "\(count)"
        folded.foldedLabels = alerts.map(\.labels)
        folded.message = summary(alerts, worst: worst).text(in: language) + "\n" + worst.message
        return folded
    }

    /// `共 37 条（high 5、medium 32），另涉任务 t-2、t-3 等；最严重的一条：`.
    private static func summary(_ alerts: [Alert], worst: Alert) -> Bilingual {
        let counts = Dictionary(grouping: alerts, by: \.severity).sorted { $0.key > $1.key }
            .map { "\($0.key.rawValue) \($0.value.count)" }
        var seen: Set = [worst.id.task]
        let others = alerts.map(\.id.task).filter { seen.insert($0).inserted }
        let named = others.prefix(tasksNamed).map(\.id)
        let hidden = others.count - named.count
        let tasks =
            named.isEmpty
            ? Bilingual("", "")
            : Bilingual(
                "，另涉任务 " + named.joined(separator: "、")
                    + (hidden > 0 ? " 等 \(others.count) 个" : ""),
                "; also tasks " + named.joined(separator: ", ")
                    + (hidden > 0 ? " and \(hidden) more" : ""))
        return Bilingual(
            "共 \(alerts.count) 条（\(counts.joined(separator: "、"))）\(tasks.chinese)；最严重的一条：",
            "\(alerts.count) alerts (\(counts.joined(separator: ", ")))\(tasks.english); the worst:"
        )
    }
}

/// What another channel could not deliver, marked as such.
///
/// Pure.
package enum Fallback {
    /// The label that names the channel.
    package static let label = "undelivered-to"

    package static func marked(
        _ alert: Alert, from channel: String, _ language: Language
    ) -> Alert {
        var alert = alert
        alert.labels[label] = channel
        let note = Bilingual(
            "（通道 \(channel) 未能送达，转到这里）", "(channel \(channel) could not deliver this)")
        alert.message =
            note.text(in: language) + (alert.message.isEmpty ? "" : "\n" + alert.message)
        return alert
    }
}
