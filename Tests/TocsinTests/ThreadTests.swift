import Channels
import Networking
import Pipeline
import StandIns
import Testing

@testable import tocsin

/// Messages that answer the first one of their group, against the stand-ins that give the names.
@Suite("Threads against their services", .timeLimit(.minutes(2)))
struct ThreadTests {
    static let rows: [(service: Receipt.Service, keys: String)] = [
        (.telegram, "type: telegram, url: '$', token: '${env:TOKEN}', chat: -1"),
        (.matrix, "type: matrix, url: '$', token: '${env:KEY}', room: '!a:b.cn'"),
    ]

    static func with(
        _ service: Receipt.Service, _ body: (any Channel, ReceiverStandIn) async throws -> Void
    ) async throws {
        let row = try #require(rows.first { $0.service == service })
        let receiver = try ReceiverStandIn()
        try await withStandIns([receiver]) {
            let address = try #require(try await receiver.addresses[service.rawValue])
            let (channel, findings) = Reading.channel(
                row.keys.replacing("'$'", with: "'\(address)'"))
            let plan = try #require(channel?.plan, "\(findings)")
            let transport = CurlTransport(CurlTransport.Configuration())
            try await body(
                plan.channel(named: "c", context: MessageContext(), transport: transport), receiver)
            await transport.shutdown()
        }
    }

    static func delivery(
        _ channel: any Channel, _ id: String, isUrgent: Bool = false
    ) throws -> Delivery {
        let made = try #require(
            ChannelContractTests.deliveries(channel, ChannelContractTests.alerts(1)).first)
        return Delivery(
            id: Delivery.ID(id), group: made.group, message: made.message,
            createdAt: made.createdAt, isUrgent: isUrgent, state: made.state)
    }

    static func opened(_ outcome: Outcome) throws -> String? {
        guard case .delivered(_, let opens) = outcome else {
            Issue.record("\(outcome)")
            return nil
        }
        return opens
    }

    @Test("A message answers the one that its service named", arguments: rows.map(\.service))
    func answers(_ service: Receipt.Service) async throws {
        try await Self.with(service) { channel, receiver in
            #expect(channel.threadRoom != nil)
            let now = SystemClock().now
            let first = await channel.send(try Self.delivery(channel, "d-1"), at: now)
            let name = try #require(try Self.opened(first))
            let second = await channel.send(
                try Self.delivery(channel, "d-2"), answering: name, at: now)
            #expect(try Self.opened(second) == nil)
            #expect(receiver.receipts.map(\.verdict) == [.accepted, .accepted])
            let body = try #require(receiver.receipts.last?.body)
            #expect(
                body.contains(
                    service == .telegram
                        ? #""reply_parameters":{"message_id":\#(name),"#
                            + #""allow_sending_without_reply":true}"#
                        : #""m.relates_to":{"rel_type":"m.thread","event_id":"\#(name)""#))
        }
    }

    @Test("A message that is gone holds nothing back: what would answer it opens the next thread")
    func gone() async throws {
        try await Self.with(.matrix) { channel, receiver in
            let outcome = await channel.send(
                try Self.delivery(channel, "d-1"), answering: "$gone", at: SystemClock().now)
            #expect(try Self.opened(outcome)?.hasPrefix("$") == true)
            #expect(receiver.receipts.map(\.reason) == ["unknown message", ""])
            #expect(receiver.receipts.last?.body.contains("m.relates_to") == false)
            guard case .delivered(let answer, _) = outcome else { return }
            #expect(answer.contains("未能作为回复发出"))
        }
        // Telegram shows it by itself.
        try await Self.with(.telegram) { channel, receiver in
            let outcome = await channel.send(
                try Self.delivery(channel, "d-1"), answering: "7", at: SystemClock().now)
            #expect(try Self.opened(outcome) == nil)
            #expect(receiver.receipts.map(\.verdict) == [.accepted])
        }
    }

    @Test("Another room or bot has threads of its own, and none shows a secret")
    func rooms() throws {
        func room(_ keys: String) throws -> String? {
            let (channel, findings) = Reading.channel(keys)
            let plan = try #require(channel?.plan, "\(findings)")
            let transport = CurlTransport(CurlTransport.Configuration())
            return plan.channel(named: "c", context: MessageContext(), transport: transport)
                .threadRoom
        }
        let telegram = "type: telegram, token: '${env:TOKEN}', "
        let matrix = "type: matrix, url: 'https://m.example.com', token: '${env:KEY}', "
        let rooms = try [
            room(telegram + "chat: -1"), room(telegram + "chat: -2"),
            room(telegram + "chat: '@room'"), room(telegram + "chat: -1, thread: 3"),
            room(matrix + "room: '!a:b.cn'"), room(matrix + "room: '!b:b.cn'"),
        ].compactMap(\.self)
        #expect(rooms.count == 6 && Set(rooms).count == 6)
        #expect(rooms.allSatisfy { $0.count == 12 })
        #expect(try room(telegram + "chat: -1") == rooms[0])
        #expect(try room("type: slack, url: 'https://hooks.slack.com/services/T/B/x'") == nil)
    }

    @Test("A name that the service cannot have given is not sent", arguments: rows.map(\.service))
    func foreign(_ service: Receipt.Service) async throws {
        try await Self.with(service) { channel, receiver in
            for name in [
                "", "0", "-1", "$", "1,\"chat_id\":2", "$a b", "$a\n", "abc",
                "$" + String(repeating: "a", count: 300),
            ] {
                let outcome = await channel.send(
                    try Self.delivery(channel, "d"), answering: name, at: SystemClock().now)
                _ = try Self.opened(outcome)
            }
            for receipt in receiver.receipts {
                #expect(!receipt.body.contains("m.relates_to"))
                #expect(!receipt.body.contains("reply_parameters"))
            }
        }
    }

    @Test("What is critical stands in a Matrix room itself, and in a Telegram chat as an answer")
    func critical() async throws {
        for row in Self.rows {
            try await Self.with(row.service) { channel, receiver in
                let now = SystemClock().now
                let first = await channel.send(try Self.delivery(channel, "d-1"), at: now)
                let name = try #require(try Self.opened(first))
                let second = await channel.send(
                    try Self.delivery(channel, "d-2", isUrgent: true), answering: name, at: now)
                let opened = try Self.opened(second)
                #expect((opened == nil) == (row.service == .telegram))
                #expect(receiver.count(.refused, of: row.service) == 0)
            }
        }
    }

    @Test("Where all messages go into one thread by setting, no other is opened")
    func ofSettings() async throws {
        try await ChannelContractTests.with("matrix") { channel, receiver, _ in
            #expect(channel.threadRoom == nil)
            let outcome = await channel.send(
                try Self.delivery(channel, "d-1"), answering: "$other", at: SystemClock().now)
            #expect(try Self.opened(outcome) == nil)
            let body = try #require(receiver.receipts.first?.body)
            #expect(body.contains(#""event_id":"$e""#) && !body.contains("$other"))
        }
    }
}
