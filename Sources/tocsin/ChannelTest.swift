import CEL
import Channels
import Networking
import Pipeline

/// One alert sent to one channel the way of real ones: written, signed, judged and paced by the
/// same code.
struct ChannelTest: Sendable {
    private let outlet: Outlet
    private let transport: RecordingTransport
    /// Of messages, which need not be that of the command line.
    private let language: MessageContext.Language

    init(_ settings: ChannelSettings, context: MessageContext, transport: any Transport) {
        self.transport = RecordingTransport(transport, for: settings.plan)
        language = context.language
        outlet = Assembly.outlet(settings, context, self.transport)
    }

    /// What became of one message.
    struct Result: Encodable {
        var channel: String
        var recipient: String
        /// `delivered`, `throttled`, `unavailable`, `postponed`, `refused-message` or
        /// `refused-channel`.
        var verdict: String
        var answer: String
        var delivered: Bool
        /// When the channel may be used again, as RFC 3339.
        var until: String?
        /// Each attempt: the rich form, and the plain one when that was refused.
        var exchanges: [Exchange]
    }

    /// One message after the other, within the channel's rate.
    func run(clock: some WallClock) async -> [Result] {
        let now = clock.now
        let key = AlertGroup.Key(channel: outlet.name, route: "test", labels: ["at": now.rfc3339])
        let group = AlertGroup(key: key)
        let flush = Grouping.flush(of: group, at: now)
        let messages = outlet.channel.messages(for: [alert(at: now)], in: flush)
        var budget = outlet.budget
        var results: [Result] = []
        for delivery in Grouping.deliveries(messages, of: group, flush: flush, at: now) {
            while budget.available(1, at: clock.now) == 0 {
                let next = budget.nextAvailable(at: clock.now) ?? clock.now
                guard (try? await clock.sleep(until: next)) != nil else { return results }
            }
            budget.take(1, at: clock.now)
            let outcome = await outlet.channel.send(delivery, at: clock.now)
            results.append(
                result(of: outcome, to: delivery.message.recipient, await transport.take()))
        }
        return results
    }

    private func alert(at now: Pipeline.Timestamp) -> Alert {
        let id = Alert.ID(
            rule: OwnAlert.prefix + "test", task: TaskID(source: "tocsin", id: now.rfc3339))
        let title = Bilingual("测试消息", "test message")
        let message = Bilingual(
            "通道 \(outlet.name) 可以收到告警。", "The channel \(outlet.name) gets alerts.")
        return Alert(
            id: id, title: title.text(in: language.ofFindings), severity: .info,
            labels: ["rule": id.rule, "severity": "info", "source": "tocsin"],
            message: message.text(in: language.ofFindings), evidence: [], raisedAt: now,
            ruleSetVersion: "test")
    }

    private func result(
        of outcome: Outcome, to recipient: String, _ exchanges: [Exchange]
    ) -> Result {
        func result(_ verdict: String, _ answer: String, until: Pipeline.Timestamp? = nil) -> Result
        {
            Result(
                channel: outlet.name, recipient: recipient, verdict: verdict, answer: answer,
                delivered: verdict == "delivered", until: until?.rfc3339, exchanges: exchanges)
        }
        return switch outcome {
        case .delivered(let answer, _): result("delivered", answer)
        case .throttled(let until, let answer): result("throttled", answer, until: until)
        case .unavailable(_, let answer): result("unavailable", answer)
        case .postponed(let answer): result("postponed", answer)
        case .refusedMessage(let reason): result("refused-message", reason)
        case .refusedChannel(let reason): result("refused-channel", reason)
        }
    }
}

extension ChannelTest.Result {
    /// For people: each request with its answer, and the verdict below.
    func text(in language: Language) -> String {
        var lines: [String] = []
        for exchange in exchanges {
            lines.append("→ \(exchange.request)")
            lines += exchange.headers.map { "  \($0)" }
            lines += exchange.body.split(separator: "\n", omittingEmptySubsequences: false)
                .map { "  \($0)" }
            lines.append("← \(exchange.answer)")
        }
        let name = recipient.isEmpty ? channel : "\(channel) \(recipient)"
        let explained = meaning.text(in: language) + (until.map { " \($0)" } ?? "")
        lines.append("\(delivered ? "✓" : "✗") \(name): \(explained)  \(answer)")
        return lines.joined(separator: "\n")
    }

    private var meaning: Bilingual {
        switch verdict {
        case "delivered": Bilingual("已送达", "delivered")
        case "throttled": Bilingual("被限流，可再发的时间", "throttled until")
        case "unavailable": Bilingual("暂时不可用，会重试", "unavailable, would be tried again")
        case "postponed": Bilingual("这条消息暂缓，会重试", "not now; the message would be tried again")
        case "refused-message": Bilingual("这条消息被拒绝", "the message was refused")
        default: Bilingual("通道被拒绝，须改设置", "the channel was refused: its settings need a change")
        }
    }
}
