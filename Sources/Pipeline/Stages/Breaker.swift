/// When a channel that fails is left alone, and when that is told.
///
/// Pure. After ``threshold`` failures in a row, or one refusal, the channel has a pause; then one
/// delivery probes it, and each probe that fails makes the next pause longer. What waits meanwhile
/// uses up no attempt. The first pause is short: what one message met, another may not. A channel
/// that has refused a probe as well refuses until it takes something, whatever else goes wrong.
package enum Breaker {
    /// Failures in a row after which the channel is left alone.
    package static let threshold = 5
    /// The pause before each probe; the last one repeats.
    package static let pauses: [Duration] = [
        .seconds(5), .seconds(15), .seconds(30), .seconds(60), .seconds(120), .seconds(300),
        longestPause,
    ]
    package static let longestPause = Duration.seconds(600)
    /// The least pause of a channel that refuses again: someone must act, which takes its time.
    package static let refusalPause = Duration.seconds(300)
    /// A channel that is left alone and has failed for this long is told of; a shorter trouble is
    /// nobody's news.
    package static let noticeAfter = Duration.seconds(60)
    /// From telling that a channel refuses to telling it again, when it took something meanwhile.
    package static let refusalToldAgainAfter = Duration.seconds(1800)

    /// What is to be told, once for each trouble.
    package enum News: Hashable, Sendable {
        /// It has failed for a while.
        case failing(ChannelTrouble)
        /// It refuses, and someone must act.
        case refused(ChannelTrouble)
        /// It works again; worth telling only if its trouble was told.
        case works(ChannelTrouble)
    }

    package struct Step: Hashable, Sendable {
        /// Nil: the channel works.
        package var trouble: ChannelTrouble?
        package var news: News?
        /// Whether a probe failed: what has waited through the whole trouble is looked at then.
        package var isFailedProbe = false

        package init(
            trouble: ChannelTrouble? = nil, news: News? = nil, isFailedProbe: Bool = false
        ) {
            self.trouble = trouble
            self.news = news
            self.isFailedProbe = isFailedProbe
        }
    }

    /// The channel's trouble after an outcome.
    package static func step(
        after outcome: Outcome, of delivery: Delivery, known: ChannelTrouble?, at now: Timestamp
    ) -> Step {
        switch outcome {
        case .delivered, .refusedMessage, .postponed:
            return Step(trouble: nil, news: known.map(News.works))
        case .throttled(let until, _):
            // The service is there: its own wish says when to ask again.
            var trouble = known
            if trouble?.pause?.probe == delivery.id {
                trouble?.pause?.probe = nil
                trouble?.pause?.until = min(until, now + longestPause)
            }
            return Step(trouble: trouble)
        case .refusedChannel(let reason):
            // It would refuse all that waits: that is kept until someone has acted.
            var trouble = failed(known, delivery, reason, at: now)
            trouble.isRefusal = true
            let isFailedProbe = endProbe(&trouble, of: delivery, atLeast: refusalPause, at: now)
            var pause = trouble.pause ?? ChannelTrouble.Pause(until: now + pauses[0])
            // What was under way at the first one confirms nothing.
            if isFailedProbe || pause.refusals == nil {
                pause.refusals = (pause.refusals ?? 0) + 1
            }
            trouble.pause = pause
            return Step(
                trouble: trouble, news: .refused(trouble), isFailedProbe: isFailedProbe)
        case .unavailable(_, let answer):
            var trouble = failed(known, delivery, answer, at: now)
            // What a probe has confirmed holds until the service takes something.
            let refuses = known?.refusesAgain ?? false
            trouble.isRefusal = refuses
            if refuses, let reason = known?.reason { trouble.reason = reason }
            let isFailedProbe = endProbe(&trouble, of: delivery, at: now)
            if trouble.pause == nil, trouble.failures >= threshold {
                trouble.pause = ChannelTrouble.Pause(until: now + pauses[0])
            }
            let isNews = trouble.pause != nil && now - trouble.since >= noticeAfter
            // A refusal that could not be told when it came is told when it can be.
            let news: News? =
                refuses ? .refused(trouble) : isNews ? .failing(trouble) : nil
            return Step(trouble: trouble, news: news, isFailedProbe: isFailedProbe)
        }
    }

    /// The trouble while a probe is under way.
    package static func probing(
        _ trouble: ChannelTrouble, by delivery: Delivery.ID, until lease: Timestamp
    ) -> ChannelTrouble {
        var trouble = trouble
        trouble.pause?.probe = delivery
        trouble.pause?.until = lease
        return trouble
    }

    /// The trouble when these went back unsent; nil when its probe was none of them.
    ///
    /// Another may be the probe at once: what was not sent tells nothing.
    package static func unsent(
        _ returned: [Delivery], amid known: ChannelTrouble?, at now: Timestamp
    ) -> ChannelTrouble? {
        guard var trouble = known, let probe = trouble.pause?.probe,
            returned.contains(where: { $0.id == probe })
        else { return nil }
        trouble.pause?.probe = nil
        trouble.pause?.until = now
        return trouble
    }

    /// Until when the channel is left alone; nil when something may go.
    ///
    /// A moment that lies too far ahead was set by a clock that was wrong.
    package static func restsUntil(_ trouble: ChannelTrouble?, at now: Timestamp) -> Timestamp? {
        guard let until = trouble?.pause?.until, until > now, until - now <= longestPause else {
            return nil
        }
        return until
    }

    private static func failed(
        _ known: ChannelTrouble?, _ delivery: Delivery, _ reason: String, at now: Timestamp
    ) -> ChannelTrouble {
        var trouble = known ?? ChannelTrouble(channel: delivery.channel, since: now)
        trouble.failures += 1
        trouble.reason = String(reason.prefix(Outcome.answerLimit))
        return trouble
    }

    /// Makes the next pause when `delivery` was the probe; what was under way before tells nothing
    /// new.
    private static func endProbe(
        _ trouble: inout ChannelTrouble, of delivery: Delivery, atLeast least: Duration = .zero,
        at now: Timestamp
    ) -> Bool {
        guard var pause = trouble.pause, pause.probe == delivery.id else { return false }
        pause.probe = nil
        pause.probes += 1
        pause.until = now + max(least, pauses[min(pause.probes, pauses.count - 1)])
        trouble.pause = pause
        return true
    }
}
