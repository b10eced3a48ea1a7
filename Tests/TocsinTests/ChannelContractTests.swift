import Channels
import Networking
import Pipeline
import StandIns
import Testing

@testable import tocsin

/// Every kind of channel against the stand-in of its service, over loopback with the real
/// transport: client and judge share no code.
@Suite("Channels against their services", .timeLimit(.minutes(5)))
struct ChannelContractTests {
    /// The keys of each kind's settings beside `url`; `$` stands for the stand-in's address.
    static let kinds: [(kind: String, service: Receipt.Service, keys: String)] = [
        ("webhook", .webhook, "url: '$'"),
        (
            "dingtalk", .dingtalk,
            "url: '$', secret: '${env:SECRET}', keyword: 质检, at: { users: u1, all: true }"
        ),
        ("feishu", .feishu, "url: '$', secret: '${env:SECRET}', keyword: 质检, at: { users: ou_a }"),
        ("lark", .feishu, "url: '$'"),
        ("wecom", .wecom, "url: '$', at: { users: zhang, mobiles: '138' }"),
        ("slack", .slack, "url: '$', at: { users: U1, here: true }, thread: '1700000000.000100'"),
        ("teams", .teams, "url: '$', at: { users: '张三 <a@b.cn>' }"),
        ("discord", .discord, "url: '$', at: { users: 1, roles: 2, all: true }"),
        (
            "telegram", .telegram,
            "url: '$', token: '${env:TOKEN}', chat: -1, at: { users: '@alice' }"
        ),
        (
            "matrix", .matrix,
            "url: '$', token: '${env:KEY}', room: '!a:b.cn', thread: '$e', at: { users: '@a:b.cn' }"
        ),
        ("mattermost", .mattermost, "url: '$', at: { users: bob }"),
        ("rocketchat", .rocketchat, "url: '$', at: { users: bob, all: true }"),
        ("ntfy", .ntfy, "url: '$', topic: alerts, token: '${env:KEY}'"),
        ("pagerduty", .pagerduty, "url: '$', routing-key: '${env:KEY}'"),
        ("alertmanager", .alertmanager, "url: '$', username: me, password: '${env:PASSWORD}'"),
        ("apprise", .apprise, "url: '$', tag: qa"),
    ]

    /// One channel and its service; the body gets both.
    static func with(
        _ kind: String, faults: Faults = .none, key: String? = nil,
        _ body: (any Channel, ReceiverStandIn, Receipt.Service) async throws -> Void
    ) async throws {
        let row = try #require(kinds.first { $0.kind == kind })
        var options = ReceiverOptions()
        options.faults = faults
        let secret = row.keys.contains("secret") ? Reading.environment["SECRET"] : nil
        options.rules[row.service] = ReceiverOptions.Rules(
            key: key, secret: secret, keyword: row.keys.contains("keyword") ? "质检" : nil,
            messages: row.keys.contains("thread") ? ["$e"] : [])
        let receiver = try ReceiverStandIn(options: options)
        try await withStandIns([receiver]) {
            let address = try #require(try await receiver.addresses[row.service.rawValue])
            let (channel, findings) = Reading.channel(
                "type: \(kind), " + row.keys.replacing("'$'", with: "'\(address)'"))
            let plan = try #require(channel?.plan, "\(findings)")
            let transport = CurlTransport(CurlTransport.Configuration())
            let made = plan.channel(named: "c", context: MessageContext(), transport: transport)
            try await body(made, receiver, row.service)
            await transport.shutdown()
        }
    }

    /// Long and short alerts, with what is unpleasant in every dialect.
    static func alerts(_ count: Int) -> [Alert] {
        (1...count).map { number in
            let words =
                "我要投诉 <b>&\"'*_`~|[x](y) @all 🔥 " + String(repeating: "话", count: number * 7)
            return Alert(
                id: Alert.ID(rule: "r", task: TaskID(source: "s", id: "T-\(number)")),
                title: "客户情绪激动", severity: number % 2 == 0 ? .critical : .low,
                labels: [
                    "team": "一组", "rule": "r", "recording": "https://rec.example.com/\(number)",
                ],
                message: words,
                evidence: [
                    Quote(
                        words: words, at: "03:12", begin: 192_000, end: 194_000, speaker: .customer,
                        roleName: "客户", emotionValue: 9, speechRate: 260)
                ], raisedAt: SystemClock().now, ruleSetVersion: "v1")
        }
    }

    static func deliveries(_ channel: any Channel, _ alerts: [Alert]) -> [Delivery] {
        let now = SystemClock().now
        let group = AlertGroup(key: AlertGroup.Key(channel: "c", route: "1", labels: [:]))
        let flush = Grouping.flush(of: group, at: now)
        let messages = channel.messages(for: alerts, in: flush)
        return Grouping.deliveries(messages, of: group, flush: flush, at: now)
    }

    @Test("There is a row for every kind but mail")
    func complete() {
        #expect(Set(Self.kinds.map(\.kind) + ["email"]) == Set(ChannelKind.all.map(\.name)))
        #expect(Set(Self.kinds.map(\.service)) == Set(Receipt.Service.allCases))
    }

    @Test("Every part of a flush is taken as it is, in its rich form", arguments: kinds.map(\.kind))
    func taken(_ kind: String) async throws {
        try await Self.with(kind) { channel, receiver, service in
            let deliveries = Self.deliveries(channel, Self.alerts(40))
            for delivery in deliveries {
                let outcome = await channel.send(delivery, at: SystemClock().now)
                guard case .delivered(let answer, _) = outcome else {
                    Issue.record("\(outcome): \(receiver.receipts.last?.reason ?? "")")
                    return
                }
                #expect(!answer.contains("plain text"), "\(answer)")
            }
            #expect(receiver.count(.accepted, of: service) == deliveries.count)
            #expect(receiver.count(.refused, of: service) == 0)
        }
    }

    @Test("The plain form is taken, too", arguments: kinds.map(\.kind))
    func plain(_ kind: String) async throws {
        try await Self.with(kind) { channel, receiver, service in
            for var delivery in Self.deliveries(channel, Self.alerts(5)) {
                guard let plain = delivery.message.plain else { continue }
                delivery = Delivery(
                    id: delivery.id, group: delivery.group,
                    message: Message(
                        part: 1, parts: 1, body: plain, alerts: delivery.message.alerts),
                    createdAt: delivery.createdAt, state: delivery.state)
                let outcome = await channel.send(delivery, at: SystemClock().now)
                guard case .delivered = outcome else {
                    Issue.record("\(outcome): \(receiver.receipts.last?.reason ?? "")")
                    return
                }
            }
            #expect(receiver.count(.refused, of: service) == 0)
        }
    }

    @Test("Each fault is told by its name, and none is a success", arguments: kinds.map(\.kind))
    func faults(_ kind: String) async throws {
        let rows: [(Faults, String)] = [
            (Faults(throttled: 1, retryAfterMilliseconds: 2000), "throttled"),
            (Faults(failed: 1), "unavailable"), (Faults(reset: 1), "unavailable"),
        ]
        for (faults, expected) in rows {
            try await Self.with(kind, faults: faults) { channel, receiver, service in
                let delivery = try #require(Self.deliveries(channel, Self.alerts(1)).first)
                let outcome = await channel.send(delivery, at: SystemClock().now)
                #expect("\(outcome)".hasPrefix(expected), "\(outcome)")
                // A lost answer was taken, once: nothing resends it behind our back.
                if faults.reset == 1 { #expect(receiver.count(.accepted, of: service) == 1) }
            }
        }
    }

    @Test("An unknown key refuses the whole channel", arguments: kinds.map(\.kind))
    func unknownKey(_ kind: String) async throws {
        // A webhook has no key in its address, and Discord's and Alertmanager's are looked at alike.
        guard kind != "webhook" else { return }
        try await Self.with(kind, key: "another") { channel, receiver, _ in
            let delivery = try #require(Self.deliveries(channel, Self.alerts(1)).first)
            let outcome = await channel.send(delivery, at: SystemClock().now)
            guard case .refusedChannel = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(
                receiver.receipts.map(\.reason) == [kind == "dingtalk" ? "access_token" : "key"])
        }
    }

    @Test("With all faults at once every message arrives in the end", arguments: kinds.map(\.kind))
    func everything(_ kind: String) async throws {
        let faults = Faults(seed: 7, throttled: 0.2, failed: 0.2, reset: 0.2, cut: 0.1)
        try await Self.with(kind, faults: faults) { channel, receiver, service in
            let deliveries = (1...10).flatMap { _ in Self.deliveries(channel, Self.alerts(2)) }
                .enumerated().map { index, delivery in
                    Delivery(
                        id: Delivery.ID("d-\(index)"), group: delivery.group,
                        message: delivery.message, createdAt: delivery.createdAt,
                        state: delivery.state)
                }
            for delivery in deliveries {
                var isDelivered = false
                for _ in 1...200 where !isDelivered {
                    let outcome = await channel.send(delivery, at: SystemClock().now)
                    if case .delivered = outcome { isDelivered = true }
                    if case .refusedChannel = outcome { break }
                }
                #expect(isDelivered)
            }
            let bodies = Set(receiver.receipts.filter { $0.verdict != .refused }.map(\.body))
            #expect(!bodies.isEmpty)
            #expect(receiver.count(.accepted, of: service) >= 1)
        }
    }
}
