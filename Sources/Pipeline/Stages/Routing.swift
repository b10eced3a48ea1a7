/// One line of the settings' `routes`.
package struct Route: Sendable {
    /// Its place in the settings: part of the group's key.
    package var name: String
    /// At least this.
    package var severity: Severity?
    /// Any of these rules; empty for all.
    package var rules: [String]
    /// All of these labels.
    package var labels: [String: String]
    package var condition: AlertCondition?
    package var notify: [String]
    /// Whether the routes after it are asked as well.
    package var continues: Bool
    package var grouping: GroupingPolicy

    package init(
        name: String, severity: Severity? = nil, rules: [String] = [],
        labels: [String: String] = [:], condition: AlertCondition? = nil, notify: [String],
        continues: Bool = false, grouping: GroupingPolicy = GroupingPolicy()
    ) {
        self.name = name
        self.severity = severity
        self.rules = rules
        self.labels = labels
        self.condition = condition
        self.notify = notify
        self.continues = continues
        self.grouping = grouping
    }

    /// Whether the alert goes this way.
    ///
    /// Nil when the condition cannot be judged: then it goes this way and on, better told once too
    /// often than never.
    func matches(_ alert: Alert) -> Bool? {
        if let severity, alert.severity < severity { return false }
        guard rules.isEmpty || rules.contains(alert.id.rule) else { return false }
        guard labels.allSatisfy({ alert.labels[$0.key] == $0.value }) else { return false }
        guard let condition else { return true }
        return try? condition.holds(for: alert)
    }
}

/// Which alerts leave together, and when.
package struct GroupingPolicy: Hashable, Sendable {
    /// Labels whose values tell groups apart.
    package var by: [String]
    /// From the first alert to the flush; nil for 30 s, and at once for a critical alert.
    package var wait: Duration?
    /// The least time between two flushes of a group.
    package var every: Duration

    package init(
        by: [String] = ["rule"], wait: Duration? = nil, every: Duration = Self.defaultEvery
    ) {
        self.by = by
        self.wait = wait
        self.every = every
    }

    package static let defaultWait = Duration.seconds(30)
    package static let defaultEvery = Duration.seconds(300)

    func wait(for alert: Alert) -> Duration {
        wait ?? (alert.severity == .critical ? .zero : Self.defaultWait)
    }
}

/// Where an alert goes.
///
/// Pure.
package enum Routing {
    /// One way of an alert: the group it joins, and that group's policy.
    package struct Way: Hashable, Sendable {
        package var key: AlertGroup.Key
        package var policy: GroupingPolicy

        package init(key: AlertGroup.Key, policy: GroupingPolicy) {
            self.key = key
            self.policy = policy
        }
    }

    /// The name in a group's key for alerts whose rule names its channels.
    package static let ruleRoute = "notify"

    /// The name in a group's key for what another channel could not deliver.
    package static let fallbackRoute = "fallback"

    /// The way of what `channel` could not deliver.
    package static func fallback(from channel: String, to fallback: String) -> Way {
        Way(
            key: AlertGroup.Key(
                channel: fallback, route: fallbackRoute, labels: [channelLabel: channel]),
            policy: GroupingPolicy(by: [channelLabel]))
    }

    /// The channel that could not deliver what is in the group; nil for a group of another route.
    package static func origin(of key: AlertGroup.Key) -> String? {
        key.route == fallbackRoute ? key.labels[channelLabel] : nil
    }

    private static let channelLabel = "channel"

    /// The ways of the alert, at most one to each channel: the rule's own channels, else the
    /// first route that matches, and those after it while `continue` says so.
    package static func ways(for alert: Alert, routes: [Route]) -> [Way] {
        guard !alert.isShadow else { return [] }
        var ways: [Way] = []
        func add(_ channels: [String], _ route: String, _ policy: GroupingPolicy) {
            let labels = Dictionary(
                uniqueKeysWithValues: Set(policy.by).map { ($0, alert.labels[$0] ?? "") })
            for channel in channels where !ways.contains(where: { $0.key.channel == channel }) {
                let key = AlertGroup.Key(channel: channel, route: route, labels: labels)
                ways.append(Way(key: key, policy: policy))
            }
        }
        if let named = alert.notify {
            add(named, ruleRoute, GroupingPolicy())
            return ways
        }
        for route in routes {
            let matches = route.matches(alert)
            guard matches != false else { continue }
            add(route.notify, route.name, route.grouping)
            if matches == true, !route.continues { break }
        }
        return ways
    }
}
