import Channels
import Foundation
import Logging
import Networking
import Pipeline
import Storage
import Synchronization

/// The product's own way of a mail: from the outbox on disk to the server, and its outcome back.
struct MailOutbox {
    /// What is sent, as it goes out.
    let bodies: [[UInt8]]
    private let deliveries: [Delivery]
    private let settings: EmailChannel.Settings
    private static let channel = "mail"

    /// Mails of one alert each, with a quote and its neighbours.
    init(mails: Int, port: Int, connections: Int) throws {
        settings = try EmailChannel.Settings(
            server: "smtp://127.0.0.1:\(port)", security: .none,
            from: "Tocsin <tocsin@example.com>", to: ["qa@example.com"], connections: connections)
        let channel = settings.channel(
            named: Self.channel, context: MessageContext(), transport: NoMails())
        let key = AlertGroup.Key(channel: Self.channel, route: "1", labels: [:])
        let now = Self.now
        deliveries = (0..<mails).flatMap { number in
            let flush = Flush(id: "f-\(number)", at: now)
            return channel.messages(for: [Self.alert(number)], in: flush).map { message in
                Delivery(
                    id: Delivery.ID("\(flush.id)-1"), group: key, message: message, createdAt: now,
                    state: .waiting(dueAt: now))
            }
        }
        bodies = deliveries.map { Array($0.message.body.utf8) }
    }

    /// Mails a second, from the start of the loops to the last outcome on disk.
    func rate() async throws -> Double {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "tocsin-mails-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteStore(path: folder.appending(path: "outbox.db").path())
        let deliveries = deliveries
        try await store.transaction { transaction throws(StoreError) in
            for delivery in deliveries { try transaction.save(delivery) }
        }
        let transport = CurlTransport()
        let watcher = Watcher(try parts(store, transport))
        let stop = StopSignal()
        let start = ContinuousClock.now
        async let ending = watcher.run(stop: stop)
        while try await store.read({ reader throws(StoreError) in
            try reader.nextDeliveryDue(to: Self.channel)
        }) != nil {
            try await Task.sleep(for: .milliseconds(2))
        }
        let time = ContinuousClock.now - start
        stop.request()
        _ = await ending
        await transport.shutdown()
        try await check(store)
        return Double(deliveries.count) / (time / .seconds(1))
    }

    private func check(_ store: SQLiteStore) async throws {
        let delivered = try await store.read { reader throws(StoreError) in
            try reader.counts().delivered
        }
        guard delivered == deliveries.count else {
            throw InputError(reason: "\(delivered) of \(deliveries.count) were delivered")
        }
    }

    private func parts(_ store: SQLiteStore, _ transport: CurlTransport) throws -> WatcherParts {
        let findings = Findings()
        let text = "rules:\n  - rule: never\n    when: \"false\"\n"
        guard
            let rules = RuleLoader.load(
                [Document(name: "rules.yaml", text: text)], findings: findings)
        else { throw InputError(reason: "the rules are not sound") }
        let channel = settings.channel(
            named: Self.channel, context: MessageContext(), transport: transport)
        var logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .error
        return WatcherParts(
            store: store, clock: HostClock(), sources: [],
            outlets: [
                Outlet(name: Self.channel, channel: channel, concurrency: settings.concurrency)
            ], routes: [], rules: rules, longestSleep: .seconds(1), logger: logger)
    }

    private static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    private static func alert(_ number: Int) -> Alert {
        var quote = Quote(
            words: "你们再这样我就要投诉了", at: "03:12", begin: 192_000, end: 194_000,
            speaker: .customer, roleName: "客户", emotionValue: 9, speechRate: 260)
        quote.before = Quote.Context(words: "您好，请讲", at: "03:05", speaker: .agent, roleName: "坐席")
        quote.after = Quote.Context(words: "非常抱歉", at: "03:15", speaker: .agent, roleName: "坐席")
        return Alert(
            id: Alert.ID(
                rule: "customer-loud", task: TaskID(source: "calls", id: "T-\(number)")),
            title: "客户情绪激动", severity: .high,
            labels: ["team": "一组", "recording": "https://rec.example.com/\(number)"],
            message: "客户在 03:12 情绪值 9：“我就要投诉了”", evidence: [quote], raisedAt: now,
            ruleSetVersion: "1")
    }
}

private struct HostClock: WallClock {
    var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    func sleep(until deadline: Timestamp) async throws {
        let pause = deadline - now
        if pause > .zero { try await Task.sleep(for: pause, tolerance: .zero) }
    }
}

/// For a channel that only writes.
private struct NoMails: Transport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        throw TransportError(.stopped, message: "nothing is sent here")
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        throw TransportError(.stopped, message: "nothing is sent here")
    }
}
