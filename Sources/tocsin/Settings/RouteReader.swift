import Pipeline

/// Reads the routes of the settings.
struct RouteReader {
    let channels: Set<String>

    private static let keys = [
        "severity", "rules", "labels", "when", "notify", "continue", "group",
    ]

    func read(_ cursor: Cursor) -> [Route] {
        (cursor.items() ?? []).enumerated().compactMap { index, item in
            read(item, name: "routes[\(index)]")
        }
    }

    private func read(_ cursor: Cursor, name: String) -> Route? {
        guard let fields = cursor.fields(Self.keys) else { return nil }
        guard let notify = fields["notify"] else {
            cursor.reportMissing("notify", Bilingual("通道名的列表", "a list of channels"))
            return nil
        }
        var route = Route(name: name, notify: readChannels(notify))
        route.severity = fields["severity"]?.choice(Severity.self)
        route.rules = (fields["rules"]?.itemsOrOne() ?? []).compactMap { $0.text() }
        for (_, label, value) in fields["labels"]?.entries() ?? [] {
            route.labels[label] = value.text()
        }
        route.condition = fields["when"].flatMap(AlertCondition.init)
        route.continues = fields["continue"]?.bool() ?? false
        if let group = fields["group"] { route.grouping = readGroup(group) }
        return route
    }

    private func readChannels(_ cursor: Cursor) -> [String] {
        (cursor.itemsOrOne() ?? []).compactMap { item in
            guard let name = item.text() else { return nil }
            if !channels.contains(name) { item.reportChoice(name, among: channels.sorted()) }
            return name
        }
    }

    private func readGroup(_ cursor: Cursor) -> GroupingPolicy {
        var policy = GroupingPolicy()
        guard let fields = cursor.fields(["by", "wait", "every"]) else { return policy }
        let bounds = Duration.zero...Duration.seconds(7 * 86_400)
        if let by = fields["by"]?.itemsOrOne() { policy.by = by.compactMap { $0.text() } }
        policy.wait = fields["wait"]?.duration(in: bounds)
        if let every = fields["every"]?.duration(in: bounds) { policy.every = every }
        return policy
    }
}
