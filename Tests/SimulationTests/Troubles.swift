import Pipeline

extension Examination {
    /// A channel's trouble is told once, on the fallback where there is one, and so is its end.
    func troubles() async throws -> [String] {
        let plan = world.plan
        let (told, open) = try await store.read { reader throws(StoreError) in
            var told: [Told] = []
            for alert in try reader.alerts(AlertQuery(limit: 10_000))
            where alert.id.rule.hasPrefix(OwnAlert.prefix + "channel-") {
                let isSent = try !reader.notices(of: alert.id).isEmpty
                told.append(Told(alert, isSent: isSent))
            }
            return (told, Set(try reader.troubles().map { "\($0.channel)@\($0.since.rfc3339)" }))
        }
        var problems: [String] = []
        let begun = told.filter { $0.news != "works" }
        for news in begun where plan.fallbacks[news.channel].map({ [$0] }) != news.notify {
            problems.append("\(news.about): told on \(news.notify ?? [])")
        }
        let ended = Set(told.filter { $0.news == "works" }.map(\.about))
        for news in begun where news.isSent {
            if ended.contains(news.about) == open.contains(news.about) {
                problems.append("\(news.about): open and told as ended, or neither")
            }
        }
        problems += ended.subtracting(begun.map(\.about)).sorted().map {
            "\($0): its end was told alone"
        }
        for outage in plan.outages { problems += self.problems(of: outage, told: begun) }
        return problems
    }

    private struct Told: Sendable {
        var news: String
        var channel: String
        var since: Timestamp?
        var raisedAt: Timestamp
        var about: String
        var notify: [String]?
        var isSent: Bool

        init(_ alert: Alert, isSent: Bool) {
            news = String(alert.id.rule.split(separator: "-").last ?? "")
            about = alert.id.task.id
            let parts = about.split(separator: "@").map(String.init)
            channel = parts.first ?? ""
            since = parts.last.flatMap(Timestamp.init(rfc3339:))
            (raisedAt, notify, self.isSent) = (alert.raisedAt, alert.notify, isSent)
        }
    }

    /// No outage is told twice, and none that was seen for long enough goes untold.
    private func problems(of outage: Plan.Outage, told: [Told]) -> [String] {
        guard !world.storms.has(.clockJump) else { return [] }
        let news = told.filter { $0.channel == outage.channel }
        let within = news.filter { $0.since.map { outage.start <= $0 && $0 < outage.end } ?? false }
        var problems: [String] = []
        for kind in ["failing", "refused"] where within.count(where: { $0.news == kind }) > 1 {
            problems.append("\(outage.channel): its outage was told as \(kind) more than once")
        }
        let losses: [Faults.Kind] = [.crashBefore, .crashAfter, .storeError]
        guard !losses.contains(where: world.storms.has) else { return problems }
        let failures = world.with(\.attempts).filter { attempt in
            guard attempt.channel == outage.channel, outage.start <= attempt.at,
                attempt.at < outage.end - .seconds(20)
            else { return false }
            switch attempt.outcome {
            case .unavailable, .refusedChannel: return true
            default: return false
            }
        }
        guard let first = failures.first, let last = failures.last else { return problems }
        let isLong =
            failures.count > Breaker.threshold + 2 && last.at - first.at > Breaker.noticeAfter * 2
        let isKnown = news.contains { $0.raisedAt < outage.end + .seconds(60) }
        if (outage.kind == .refusing || isLong) && !isKnown {
            problems.append("\(outage.channel): \(failures.count) failures, and nobody was told")
        }
        return problems
    }
}
