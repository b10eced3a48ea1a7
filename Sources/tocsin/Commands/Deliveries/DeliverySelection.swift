import ArgumentParser
import Foundation
import Pipeline

/// Which deliveries, by what they are about.
struct DeliveryFilter: ParsableArguments {
    @Option(help: "To this channel.") var channel: String?
    @Option(help: "With an alert of this rule.") var rule: String?
    @Option(
        help: """
            Created at this moment or later: 2026-11-21, "2026-11-21 12:00" (this host's time), \
            2026-11-21T04:00:00Z, or 2h for two hours ago.
            """)
    var since: MomentArgument?
    @Option(help: "Created before this moment.") var until: MomentArgument?

    /// Whether it says anything.
    var isEmpty: Bool { channel == nil && rule == nil && since == nil && until == nil }

    func query(kind: DeliveryQuery.Kind?, limit: Int) -> DeliveryQuery {
        DeliveryQuery(
            channel: channel, kind: kind, rule: rule, since: since?.moment, until: until?.moment,
            limit: limit)
    }

    func matches(_ delivery: Delivery) -> Bool {
        (channel.map { $0 == delivery.channel } ?? true)
            && (rule.map { delivery.message.alerts.map(\.rule).contains($0) } ?? true)
            && contains(delivery.createdAt)
    }

    /// A waiting alert of the channel asked for.
    func matches(_ alert: Alert) -> Bool {
        (rule.map { $0 == alert.id.rule } ?? true) && contains(alert.raisedAt)
    }

    /// A group, by its label of the rule, where it has one, and by its oldest alert.
    func matches(_ waiting: WaitingGroup) -> Bool {
        let label = waiting.group.key.labels["rule"]
        return (rule.map { label == nil || $0 == label } ?? true)
            && (until.map { waiting.oldest < $0.moment } ?? true)
    }

    private func contains(_ moment: Timestamp) -> Bool {
        (since.map { moment >= $0.moment } ?? true) && (until.map { moment < $0.moment } ?? true)
    }
}

/// Which deliveries a command changes: all of a filter's, or those named.
struct DeliverySelection: ParsableArguments {
    @OptionGroup var filter: DeliveryFilter
    @Flag(help: "All there are.") var all = false
    @Flag(help: "Only count them; change nothing.") var dryRun = false
    @Argument(help: "Their ids, as the list shows them.") var ids: [String] = []

    func validate() throws {
        guard all || !filter.isEmpty || !ids.isEmpty else {
            throw ValidationError(
                Output.words(
                    "说明是哪些：编号、--channel 名称、--rule 名称、--since 或 --until，或 --all",
                    "say which: ids, --channel NAME, --rule NAME, --since or --until, or --all"))
        }
    }
}

/// A moment as people and programs write it.
struct MomentArgument: ExpressibleByArgument {
    var moment: Timestamp

    init?(argument: String) {
        if let moment = Timestamp(rfc3339: argument) {
            self.moment = moment
        } else if let ago = Duration(settingsText: argument) {
            moment = SystemClock().now - ago
        } else if let moment = Self.local(argument) {
            self.moment = moment
        } else {
            return nil
        }
    }

    /// `2026-11-21`, with `12:00` or `12:00:05` behind it, on the host's clock.
    private static func local(_ text: String) -> Timestamp? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" }).map(String.init)
        guard let day = parts.first, parts.count <= 2 else { return nil }
        var time = parts.count == 2 ? parts[1] : "00:00"
        if time.utf8.count == 5 { time += ":00" }
        guard let asUTC = Timestamp(rfc3339: "\(day)T\(time)Z") else { return nil }
        // Twice, since the offset is that of the moment sought.
        let first = asUTC - .seconds(HostZone.offset(at: asUTC))
        return asUTC - .seconds(HostZone.offset(at: first))
    }
}
