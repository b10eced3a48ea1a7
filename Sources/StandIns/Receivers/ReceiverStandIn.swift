package import Pipeline
import Synchronization

/// What a receiver asks of those who send to it.
package struct ReceiverOptions: Hashable, Sendable {
    /// `whsec_…`; nil when the webhook looks at no signature.
    package var webhookSecret: String?
    /// What each service asks for; those not named take any key.
    package var rules: [Receipt.Service: Rules] = [:]
    /// What goes wrong on purpose; a reset and a cut come after the message was taken, as a lost
    /// answer.
    package var faults = Faults.none
    /// The most receipts that are kept.
    package var logLimit = 10_000

    package init() {}

    /// What the operator of a service has set there.
    package struct Rules: Hashable, Sendable {
        /// The one key (a token, the end of an address) that is known; nil takes any.
        package var key: String?
        /// Nil when no signature is looked at.
        package var secret: String?
        /// A word that every message must hold.
        package var keyword: String?
        /// Messages that were there before.
        package var messages: Set<String>

        package init(
            key: String? = nil, secret: String? = nil, keyword: String? = nil,
            messages: Set<String> = []
        ) {
            self.key = key
            self.secret = secret
            self.keyword = keyword
            self.messages = messages
        }
    }
}

/// Receivers on loopback: Standard Webhooks at `POST /webhook/NAME`, and the services, each on its
/// real paths.
///
/// `GET /__log`, `/__stats` and `/__health` tell what arrived.
package final class ReceiverStandIn: StandIn {
    private let webhook: WebhookReceiver
    private let robot: DingTalkRobot
    private let rules: [Receipt.Service: ReceiverOptions.Rules]
    private let now: @Sendable () -> Timestamp
    private let state: Mutex<State>
    private let server: LoopbackServer

    private struct State {
        var log: ReceiptLog
        var faults: FaultSource
    }

    /// A receiver on `port`, or on any free one when it is 0; throws when the secret is none.
    package init(
        port: Int = 0, options: ReceiverOptions = ReceiverOptions(),
        now: @escaping @Sendable () -> Timestamp = { .current }
    ) throws(StandInError) {
        webhook = try WebhookReceiver(secret: options.webhookSecret)
        robot = DingTalkRobot(rules: options.rules[.dingtalk] ?? ReceiverOptions.Rules())
        rules = options.rules
        self.now = now
        state = Mutex(
            State(
                log: ReceiptLog(limit: max(1, options.logLimit)),
                faults: FaultSource(options.faults)))
        server = LoopbackServer(port: port)
    }

    package var port: Int {
        get async throws { try await server.bound.value }
    }

    package func run() async throws {
        try await server.run { self.answer($0) }
    }

    /// What arrived and is still kept, oldest first.
    package var receipts: [Receipt] { state.withLock { $0.log.receipts } }

    /// What `GET /__stats` answers.
    package var statistics: JSONValue { state.withLock { $0.log.statistics } }

    /// How many requests of a service got that verdict, since the start.
    package func count(_ verdict: Receipt.Verdict, of service: Receipt.Service) -> Int {
        state.withLock { $0.log.counts[service]?[verdict] ?? 0 }
    }

    /// The answer to one request.
    func answer(_ request: LoopbackRequest) -> LoopbackAnswer {
        switch request.path {
        case "/__health": return .json(["ok": true])
        case "/__stats": return .json(statistics)
        case "/__log":
            let query = request.query
            return .json(state.withLock { $0.log.page(query) })
        case "/robot/send": return take(request, as: .dingtalk, of: nil)
        case let path where path.hasPrefix("/webhook/"):
            return take(request, as: .webhook, of: nil)
        case let path:
            guard let desk = ServiceDesk.all.first(where: { $0.owns(path) }) else {
                return .json(["error": "no such page"], status: 404)
            }
            return take(request, as: desk.service, of: desk)
        }
    }

    private func take(
        _ request: LoopbackRequest, as service: Receipt.Service, of desk: ServiceDesk?
    ) -> LoopbackAnswer {
        let moment = now()
        let fault = state.withLock { $0.faults.next() }
        var judgement =
            if let desk {
                desk.judge(
                    request, rules[service] ?? ReceiverOptions.Rules(), at: moment)
            } else if service == .webhook {
                webhook.judge(request, at: moment)
            } else {
                robot.judge(request, at: moment)
            }
        if judgement.refusal == nil, let name = judgement.answered, let desk,
            rules[service]?.messages.contains(name) != true,
            !state.withLock({ $0.log.knows(name, of: service) })
        {
            judgement.refusal = "unknown message"
            judgement.answer = desk.refused(ServiceDesk.Complaint(.reference, "unknown message"))
        }
        switch fault {
        case .throttled:
            judgement.refusal = "fault: throttled"
            judgement.answer = desk?.throttled(pause) ?? throttled(service)
        case .failed:
            judgement.refusal = "fault: failed"
            judgement.answer =
                desk?.failed
                ?? (service == .webhook
                    ? .text("", status: 500) : DingTalkRobot.answer(-1, "系统繁忙"))
        case .reset: judgement.answer.ending = .reset
        case .cut: judgement.answer.ending = .cut
        case nil: break
        }
        let judged = judgement
        state.withLock {
            $0.log.add(judged, path: request.path, body: request.body, at: moment)
        }
        return judgement.answer
    }

    private func throttled(_ service: Receipt.Service) -> LoopbackAnswer {
        service == .webhook
            ? LoopbackAnswer.text("", status: 429).retryingAfter(pause)
            : DingTalkRobot.answer(130101, "send too fast, exceed 20 times per minute")
    }

    /// Whole seconds, rounded up: the services know no others.
    private var pause: Int {
        (state.withLock { $0.faults.faults.retryAfterMilliseconds } + 999) / 1000
    }
}
