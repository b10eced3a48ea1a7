/// Alerts about Tocsin itself; they go the ways of all alerts.
///
/// Their names are reserved.
package enum OwnAlert {
    package static let prefix = "tocsin/"

    /// Told once for each rule and day.
    static func ruleFault(_ fault: RuleFault, rules: RuleSet) -> Alert {
        let rule = fault.id.rule
        return alert(
            "rule-fault", about: "\(rule)@\(day(fault.raisedAt))", source: "tocsin",
            title: "规则无法判定 / rule fault: \(rule)", severity: .medium,
            message: "\(fault.id.task): \(fault.reason)", at: fault.raisedAt,
            version: rules.version)
    }

    /// Told once for each source and day.
    static func sourceRefused(
        _ source: String, reason: String, at now: Timestamp, version: String
    ) -> Alert {
        alert(
            "source-refused", about: day(now), source: source,
            title: "数据源拒绝访问 / source refused: \(source)", severity: .critical,
            message: reason, at: now, version: version)
    }

    /// Told once for each trouble of a channel.
    static func channelNews(
        _ news: Breaker.News, fallback: String?, at now: Timestamp, version: String
    ) -> Alert {
        let (name, trouble, title, severity, message):
            (String, ChannelTrouble, String, Severity, String)
        switch news {
        case .failing(let failing):
            (name, trouble, severity) = (failingName, failing, .high)
            title = "通道无法送达 / channel fails: \(failing.channel)"
            message =
                "自 \(failing.since.rfc3339) 起连续失败 \(failing.failures) 次，恢复前只逐一试探"
                + " / \(failing.failures) failures in a row since then, probed until it works: "
                + failing.reason
        case .refused(let refused):
            (name, trouble, severity) = (refusedName, refused, .high)
            title = "通道拒绝接收 / channel refuses: \(refused.channel)"
            message =
                "请检查通道设置，告警先等着 / see to the channel's settings, its alerts wait: "
                + refused.reason
        case .works(let former):
            (name, trouble, severity) = (worksName, former, .info)
            title = "通道已恢复 / channel works again: \(former.channel)"
            message = "故障始于 / trouble since: \(former.since.rfc3339)"
        }
        var alert = alert(
            name, about: "\(trouble.channel)@\(trouble.since.rfc3339)", source: "tocsin",
            title: title, severity: severity, message: message, at: now, version: version)
        alert.labels["channel"] = trouble.channel
        alert.notify = fallback.map { [$0] }
        return alert
    }

    /// The alerts by which a trouble was told, if it was.
    static func told(of trouble: ChannelTrouble) -> [Alert.ID] {
        [failingName, refusedName].map {
            id(of: $0, about: "\(trouble.channel)@\(trouble.since.rfc3339)", source: "tocsin")
        }
    }

    private static let failingName = "channel-failing"
    private static let refusedName = "channel-refused"
    private static let worksName = "channel-works"

    private static func id(of name: String, about id: String, source: String) -> Alert.ID {
        Alert.ID(rule: prefix + name, task: TaskID(source: source, id: id))
    }

    private static func day(_ moment: Timestamp) -> String { String(moment.rfc3339.prefix(10)) }

    private static func alert(
        _ name: String, about id: String, source: String, title: String, severity: Severity,
        message: String, at now: Timestamp, version: String
    ) -> Alert {
        let rule = prefix + name
        return Alert(
            id: self.id(of: name, about: id, source: source), title: title,
            severity: severity,
            labels: ["rule": rule, "severity": severity.rawValue, "source": source],
            message: message, evidence: [], raisedAt: now, ruleSetVersion: version)
    }
}
