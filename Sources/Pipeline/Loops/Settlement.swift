/// What T3 writes: the delivery, its channel's rest and trouble, what is told of that, and what a
/// dead letter leaves to the fallback.
struct Settlement: Sendable {
    let outlet: Outlet
    let recording: Recording

    struct Result: Sendable {
        /// Nil when it was settled meanwhile.
        var delivery: Delivery?
        /// What was told now, and not before.
        var news: Breaker.News?
        var isFailedProbe = false
        /// Whether an alert joined a group.
        var changesGroups = false
        /// Whether the channel rests now, or no longer.
        var changesRest = false
    }

    /// Records attempts in the order of their ends.
    func record(
        _ attempts: [SendQueue.Ended], in transaction: any StoreTransaction
    ) throws(StoreError) -> [Result] {
        guard !attempts.isEmpty else { return [] }
        let found = try transaction.current(attempts.map(\.delivery))
        var trouble = try transaction.trouble(of: outlet.name)
        var results: [Result] = []
        // Those with two attempts in the turn, a lease having ended between them.
        var settled: [Delivery.ID: Delivery] = [:]
        for (place, attempt) in attempts.enumerated() {
            guard let current = settled[attempt.delivery.id] ?? found[place],
                Self.isOpen(current, to: attempt.outcome)
            else {
                results.append(Result())
                continue
            }
            let result = try record(
                attempt.outcome, of: current, amid: &trouble, at: attempt.at, in: transaction)
            settled[attempt.delivery.id] = result.delivery
            results.append(result)
        }
        try transaction.save(results.compactMap(\.delivery))
        return results
    }

    private func record(
        _ outcome: Outcome, of current: Delivery, amid known: inout ChannelTrouble?,
        at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> Result {
        let outcome = Self.blaming(outcome, of: current, known: known)
        let step = outlet.retrying.step(after: outcome, of: current, at: now)
        var result = Result(delivery: step.delivery)
        if case .delivered(_, let message?) = outcome {
            try open(message, in: current.group, at: now, in: transaction)
        }
        if let until = step.parkedUntil {
            try park(until: until, reason: step.delivery.answer, at: now, in: transaction)
        }
        if case .dead = step.delivery.state {
            result.changesGroups = try passOn(step.delivery, at: now, in: transaction)
        }
        let verdict = Breaker.step(after: outcome, of: current, known: known, at: now)
        if let trouble = verdict.trouble {
            if trouble != known { try transaction.save(trouble) }
        } else if known != nil {
            try transaction.removeTrouble(of: outlet.name)
        }
        result.changesRest = step.parkedUntil != nil || verdict.trouble != known
        known = verdict.trouble
        if let news = verdict.news, try tell(news, at: now, in: transaction) {
            result.news = news
            result.changesGroups = true
        }
        result.isFailedProbe = verdict.isFailedProbe
        return result
    }

    /// Ends deliveries that have waited through the whole of a long trouble.
    func expire(
        _ limit: Int, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> [Delivery] {
        let start = now - outlet.retrying.span
        guard let trouble = try transaction.trouble(of: outlet.name), trouble.since <= start else {
            return []
        }
        let old = try transaction.waitingDeliveries(
            to: outlet.name, startedBy: start, limit: limit)
        let expired = old.map { outlet.retrying.expired($0, by: trouble, at: now) }
        try transaction.save(expired)
        for delivery in expired {
            _ = try passOn(delivery, at: now, in: transaction)
        }
        return expired
    }

    /// After so many attempts a message is blamed for what it meets alone.
    private static let blameAfter = 2

    /// A refusal of the channel that this message met before, while others pass, is the message's.
    private static func blaming(
        _ outcome: Outcome, of delivery: Delivery, known: ChannelTrouble?
    ) -> Outcome {
        guard case .refusedChannel(let reason) = outcome, known == nil,
            delivery.attempts >= blameAfter,
            delivery.answer == String(reason.prefix(Outcome.answerLimit))
        else { return outcome }
        return .refusedMessage(reason: reason)
    }

    /// What the service has taken is delivered, even if it was given up meanwhile.
    private static func isOpen(_ delivery: Delivery, to outcome: Outcome) -> Bool {
        switch (delivery.state, outcome) {
        case (.waiting, _), (.dead, .delivered): true
        default: false
        }
    }

    /// Later messages of the group answer this one.
    private func open(
        _ message: String, in key: AlertGroup.Key, at now: Timestamp,
        in transaction: any StoreTransaction
    ) throws(StoreError) {
        let known: AlertGroup?
        do throws(StoreError) {
            known = try transaction.group(key)
        } catch {
            // A group that cannot be read keeps no outcome from being recorded.
            guard error.kind == .corrupt else { throw error }
            return
        }
        guard var group = known else { return }
        group.thread = AlertGroup.Thread(
            message: message, room: outlet.channel.threadRoom, openedAt: now)
        try transaction.save(group)
    }

    /// An answer to an older request does not shorten the rest.
    private func park(
        until: Timestamp, reason: String, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) {
        let known = try transaction.parking(of: .channel(outlet.name), at: now)
        if let known, known.until >= until, known.until - now <= Retrying.longestParking { return }
        try transaction.save(
            Parking(
                subject: .channel(outlet.name), until: until, reason: reason, count: 1,
                isRefusal: false))
    }

    private func passOn(
        _ delivery: Delivery, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> Bool {
        guard let fallback = outlet.fallback, fallback != outlet.name else { return false }
        try recording.passOn(delivery, to: fallback, at: now, in: transaction)
        return true
    }

    /// Raises an alert on another channel, once for each trouble; false when it was there, or when
    /// there is nothing to take back.
    private func tell(
        _ news: Breaker.News, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> Bool {
        var alert = OwnAlert.channelNews(
            news, fallback: outlet.fallback, at: now, version: recording.rules.version)
        if case .refused = news, try wasToldLately(alert, at: now, in: transaction) {
            return false
        }
        if case .works(let trouble) = news {
            var told: Set<String> = []
            for id in OwnAlert.told(of: trouble) {
                told.formUnion(try transaction.notices(of: id).map(\.channel))
            }
            guard !told.isEmpty else { return false }
            alert.notify = told.sorted()
        }
        return try recording.raise(alert, avoiding: outlet.name, at: now, in: transaction)
    }
    /// Whether another trouble of this kind was told a short while ago: a service that takes some
    /// messages and refuses others would be told of at each of them.
    private func wasToldLately(
        _ alert: Alert, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> Bool {
        try transaction.alerts(AlertQuery(rule: alert.id.rule)).contains { told in
            told.id != alert.id && told.labels["channel"] == outlet.name
                && told.raisedAt <= now && now - told.raisedAt < Breaker.refusalToldAgainAfter
        }
    }
}
