import Channels
import Foundation
import Logging
import Networking
import Pipeline
import Storage
import Synchronization

/// The product's own way of deliveries: from a full outbox on disk to the service, and their
/// outcomes back.
struct FullOutbox {
    let deliveries: [Delivery]
    private let plan: any ChannelPlan
    private static let channel = "outlet"
    /// How often it is asked whether all is done: each question costs a transaction.
    private static let look = Duration.milliseconds(10)

    /// Messages of one alert each, with a quote and its neighbours.
    init(_ plan: any ChannelPlan, messages: Int) {
        self.plan = plan
        let channel = plan.channel(
            named: Self.channel, context: MessageContext(), transport: Recorder())
        let key = AlertGroup.Key(channel: Self.channel, route: "1", labels: [:])
        let now = Self.now
        deliveries = (0..<messages).flatMap { number in
            let flush = Flush(id: "f-\(number)", at: now)
            return channel.messages(for: [Self.alert(number)], in: flush).map { message in
                Delivery(
                    id: Delivery.ID("\(flush.id)-1"), group: key, message: message, createdAt: now,
                    state: .waiting(dueAt: now))
            }
        }
    }

    /// The requests that the channel makes of its deliveries.
    func requests() async -> [HTTPRequest] {
        let recorder = Recorder()
        let channel = plan.channel(
            named: Self.channel, context: MessageContext(), transport: recorder)
        for delivery in deliveries { _ = await channel.send(delivery, at: Self.now) }
        return recorder.requests
    }

    /// The pace from the start of the loops to the last outcome on disk.
    func pace() async throws -> Pace {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "tocsin-outbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "outbox.db").path()
        try await fill(SQLiteStore(path: path))
        let store = try SQLiteStore(path: path)
        let transport = CurlTransport()
        let watcher = Watcher(try parts(store, transport))
        let stop = StopSignal()
        async let ending = watcher.run(stop: stop)
        let pace = try await Pace.of(deliveries.count) {
            while try await store.read({ reader throws(StoreError) in
                try reader.nextDeliveryDue(to: Self.channel)
            }) != nil {
                try await Task.sleep(for: Self.look)
            }
        }
        stop.request()
        _ = await ending
        await transport.shutdown()
        try await check(store)
        return pace
    }

    private func fill(_ store: SQLiteStore) async throws {
        let deliveries = deliveries
        try await store.transaction { transaction throws(StoreError) in
            try transaction.save(deliveries)
        }
        try await store.close()
    }

    private func check(_ store: SQLiteStore) async throws {
        let delivered = try await store.read { reader throws(StoreError) in
            try reader.counts().delivered
        }
        try await store.close()
        guard delivered == deliveries.count else {
            throw InputError(reason: "\(delivered) of \(deliveries.count) were delivered")
        }
    }

    /// Without a bound on messages a minute: what is timed is the way, not the wait.
    private func parts(_ store: SQLiteStore, _ transport: CurlTransport) throws -> WatcherParts {
        let findings = Findings()
        let text = "rules:\n  - rule: never\n    when: \"false\"\n"
        guard
            let rules = RuleLoader.load(
                [Document(name: "rules.yaml", text: text)], findings: findings)
        else { throw InputError(reason: "the rules are not sound") }
        let channel = plan.channel(
            named: Self.channel, context: MessageContext(), transport: transport)
        var logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .error
        return WatcherParts(
            store: store, clock: HostClock(), sources: [],
            outlets: [
                Outlet(
                    name: Self.channel, channel: channel, concurrency: plan.concurrency,
                    executor: transport.executor)
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

/// Sends nothing, and keeps what it was asked to send.
private final class Recorder: Transport {
    private let state = Mutex<[HTTPRequest]>([])

    var requests: [HTTPRequest] { state.withLock(\.self) }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        state.withLock { $0.append(request) }
        return HTTPResponse(status: 200)
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        throw TransportError(.stopped, message: "nothing is sent here")
    }
}
