package import CEL

/// What becomes of a delivery after an attempt.
///
/// Pure: jitter is a hash of id and attempt.
package struct Retrying: Hashable, Sendable {
    /// The pause before each attempt; the first is 0.
    ///
    /// When it is used up, the delivery is dead.
    package var schedule: [Duration]
    /// Of the reasons that are Tocsin's own.
    package var language: Language

    package init(
        schedule: [Duration] = Self.defaultSchedule, language: Language = .english
    ) {
        self.schedule = schedule
        self.language = language
    }

    package static let defaultSchedule: [Duration] = [
        .zero, .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800),
        .seconds(3600), .seconds(3 * 3600), .seconds(6 * 3600), .seconds(12 * 3600),
    ]

    /// The longest that a service's own wish is honoured.
    package static let longestRetryAfter = Duration.seconds(3600)
    /// The longest that throttling parks a channel.
    package static let longestParking = Duration.seconds(3600)
    /// The jitter is up to this many percent, either way.
    package static let jitterPercent = 20

    /// How long a delivery is tried at least: the pauses together.
    package var span: Duration { schedule.reduce(.zero, +) }

    /// The delivery after the outcome, and until when its channel is left alone.
    package struct Step: Hashable, Sendable {
        package var delivery: Delivery
        package var parkedUntil: Timestamp?
    }

    package func step(
        after outcome: Outcome, of delivery: Delivery, at now: Timestamp
    ) -> Step {
        var delivery = delivery
        switch outcome {
        case .delivered(let answer, _):
            delivery.attempts += 1
            Self.settle(&delivery, as: .delivered, answer: answer, at: now)
        case .throttled(let until, let answer):
            let until = min(max(until, now + .seconds(1)), now + Self.longestParking)
            delivery.answer = String(answer.prefix(Outcome.answerLimit))
            delivery.state = .waiting(dueAt: until)
            return Step(delivery: delivery, parkedUntil: until)
        case .unavailable(let retryAfter, let answer):
            let wish = min(retryAfter ?? .zero, Self.longestRetryAfter)
            fail(&delivery, answer: answer, notBefore: now + wish, at: now)
            guard case .waiting = delivery.state, wish > .zero else { break }
            // The wish is the service's, not this message's.
            return Step(delivery: delivery, parkedUntil: now + wish)
        case .postponed(let answer), .refusedChannel(let answer):
            // What the whole channel refuses may pass when its settings are mended.
            fail(&delivery, answer: answer, notBefore: now, at: now)
        case .refusedMessage(let reason):
            delivery.attempts += 1
            Self.settle(&delivery, as: .dead(reason: reason), answer: reason, at: now)
        }
        return Step(delivery: delivery, parkedUntil: nil)
    }

    /// A delivery that waited through a trouble of its channel that was longer than all its pauses.
    package func expired(
        _ delivery: Delivery, by trouble: ChannelTrouble, at now: Timestamp
    ) -> Delivery {
        var delivery = delivery
        let since = trouble.since.rfc3339
        let reason =
            trouble.refusesAgain
            ? Bilingual(
                "通道自 \(since) 起拒绝接收，已超过全部重试的时长：",
                "the channel has refused since \(since), longer than its retries: ")
            : Bilingual(
                "通道自 \(since) 起发送失败，已超过全部重试的时长：",
                "the channel has failed since \(since), longer than its retries: ")
        let text = reason.text(in: language) + trouble.reason
        Self.settle(&delivery, as: .dead(reason: text), answer: trouble.reason, at: now)
        return delivery
    }

    /// A delivery that someone took back.
    package static func cancelled(
        _ delivery: Delivery, reason: String, at now: Timestamp
    ) -> Delivery {
        var delivery = delivery
        delivery.state = .dead(reason: cancelledMark + reason)
        delivery.settledAt = now
        return delivery
    }

    /// What the reason of a cancelled delivery begins with.
    package static let cancelledMark = "cancelled: "

    /// A dead letter made due again, with all its attempts before it.
    package static func revived(_ delivery: Delivery, at now: Timestamp) -> Delivery {
        var delivery = delivery
        delivery.attempts = 0
        delivery.revivedAt = now
        delivery.state = .waiting(dueAt: now)
        delivery.settledAt = nil
        return delivery
    }

    /// Uses up an attempt: the delivery waits for the next one, or is dead.
    private func fail(
        _ delivery: inout Delivery, answer: String, notBefore moment: Timestamp, at now: Timestamp
    ) {
        delivery.attempts += 1
        delivery.answer = String(answer.prefix(Outcome.answerLimit))
        guard delivery.attempts < schedule.count else {
            let count = delivery.attempts
            let reason = Bilingual(
                "尝试 \(count) 次仍未送达：\(answer)", "not delivered after \(count) attempts: \(answer)")
            return Self.settle(
                &delivery, as: .dead(reason: reason.text(in: language)), answer: answer, at: now)
        }
        let pause = jittered(schedule[delivery.attempts], of: delivery)
        delivery.state = .waiting(dueAt: max(now + pause, moment))
    }

    private static func settle(
        _ delivery: inout Delivery, as state: Delivery.State, answer: String, at now: Timestamp
    ) {
        delivery.state = state
        delivery.answer = String(answer.prefix(Outcome.answerLimit))
        delivery.settledAt = now
    }

    private func jittered(_ pause: Duration, of delivery: Delivery) -> Duration {
        let seed = StableHash.value(of: "\(delivery.id.text)#\(delivery.attempts)".utf8)
        let span = UInt128(2 * Self.jitterPercent + 1)
        let percent = 100 - Self.jitterPercent + Int(seed % span)
        return pause * percent / 100
    }
}
