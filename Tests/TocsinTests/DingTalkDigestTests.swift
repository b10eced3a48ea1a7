import Channels
import Foundation
import Logging
import Networking
import Pipeline
import Storage
import TestSupport
import Testing

@testable import StandIns
@testable import tocsin

/// A DingTalk robot on the budget that its settings give it by default, from the store to the
/// service's stand-in, in simulated time: more alerts in a minute than messages may go out.
struct DingTalkDigestTests {
    /// The requests of the channel, judged by the stand-in without a wire.
    struct Desk: Transport {
        let receiver: ReceiverStandIn

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let path = request.url.split(separator: "/", maxSplits: 2).last ?? ""
            var headers: [String: [String]] = [:]
            for header in request.headers {
                headers[header.name.lowercased(), default: []].append(header.value)
            }
            let answer = receiver.answer(
                LoopbackRequest(
                    method: request.method.rawValue, target: "/\(path)", headers: headers,
                    body: request.body))
            return HTTPResponse(status: answer.status, body: answer.body)
        }

        func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
            throw TransportError(.connect, message: "no mail here")
        }
    }

    /// What one run leaves.
    struct Run: Sendable {
        var alerts: [Alert] = []
        var notices: [Alert.ID: Notice] = [:]
        var deliveries: [Delivery] = []
        var receipts: [Receipt] = []
    }

    static let group = GroupingPolicy(by: ["task"], wait: .zero, every: .zero)
    static let channel =
        "type: dingtalk, url: 'http://127.0.0.1/robot/send?access_token=t', "
        + "secret: '${env:SECRET}', keyword: 质检"

    /// `count` alerts in one minute, of three rules; every thirtieth is critical, and each has its
    /// own words.
    static func alerts(_ count: Int, from start: Timestamp) -> [Alert] {
        (0..<count).map { number in
            let severity: Severity =
                number % 30 == 29 ? .critical : [.low, .medium, .high][number % 7 % 3]
            let rule = ["emotion", "promise", "silence"][number % 3]
            return Alert(
                id: Alert.ID(rule: rule, task: TaskID(source: "calls", id: "t-\(number)")),
                title: "规则 \(rule)", severity: severity,
                labels: ["rule": rule, "severity": severity.rawValue, "task": "t-\(number)"],
                message: "第 \(number) 条",
                evidence: [Quote(words: "原话\(number)号", at: "00:03", speaker: .customer)],
                raisedAt: start + .milliseconds(60_000 * number / count), ruleSetVersion: "v1")
        }
    }

    static func run(seed: UInt64, count: Int) throws -> Run {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tocsin-digest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "tocsin.db").path
        return try simulate(seed: seed) { clock, executor in
            var options = ReceiverOptions()
            options.rules[.dingtalk] = ReceiverOptions.Rules(
                key: "t", secret: Reading.environment["SECRET"], keyword: "质检")
            let receiver = try ReceiverStandIn(options: options, now: { clock.now })
            let (settings, findings) = Reading.channel(Self.channel)
            let outlet = Assembly.outlet(
                try #require(settings, "\(findings)"), MessageContext(), Desk(receiver: receiver))
            #expect(outlet.messagesPerMinute == 20)
            #expect(outlet.retrying.language == MessageContext.Language.chinese.ofFindings)
            let store = try SQLiteStore(path: path, executor: executor)
            let route = Route(name: "routes[0]", notify: [outlet.name], grouping: Self.group)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let parts = WatcherParts(
                store: store, clock: clock, sources: [], outlets: [outlet], routes: [route],
                rules: TestRules.complaint, longestSleep: .seconds(1), logger: logger)
            let stop = StopSignal()
            let alerts = Self.alerts(count, from: clock.now)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = await Watcher(parts).run(stop: stop) }
                group.addTask {
                    for alert in alerts {
                        try await clock.sleep(until: alert.raisedAt)
                        try await Self.put(alert, by: route, in: store, at: clock.now)
                    }
                    try await clock.sleep(until: clock.now + .seconds(600))
                    stop.request()
                }
                try await group.waitForAll()
            }
            var run = try await store.read { reader throws(StoreError) in
                var run = Run()
                run.alerts = try reader.alerts(AlertQuery(limit: 10_000))
                run.deliveries = try reader.deliveries(DeliveryQuery(limit: 10_000))
                for alert in run.alerts {
                    run.notices[alert.id] = try reader.notice(of: alert.id, on: outlet.name)
                }
                return run
            }
            run.receipts = receiver.receipts
            return run
        }
    }

    static func put(
        _ alert: Alert, by route: Route, in store: any Store, at now: Timestamp
    ) async throws {
        try await store.transaction { transaction throws(StoreError) in
            _ = try transaction.insert(alert)
            for way in Routing.ways(for: alert, routes: [route]) {
                let group = try transaction.group(way.key)
                try transaction.save(Grouping.joining(group, by: way, alert: alert, at: now))
                try transaction.save(Notice(alert: alert.id, group: way.key))
            }
        }
    }

    @Test(
        "Many alerts of a minute leave as digests by rule, counted, the worst quoted, none dropped",
        arguments: [1, 2, 3])
    func digests(seed: UInt64) throws {
        let run = try Self.run(seed: seed, count: 150)
        #expect(run.alerts.count == 150)
        // The robot took every message, and never more than its budget in any minute.
        #expect(run.receipts.allSatisfy { $0.verdict == .accepted })
        let moments = run.receipts.map(\.at)
        for (first, last) in zip(moments, moments.dropFirst(20)) {
            #expect(last - first >= .seconds(60), "21 messages in a minute")
        }
        #expect(run.receipts.count < 60)
        // Every alert is told of, by the deliveries that its notice names.
        #expect(run.deliveries.allSatisfy { $0.state == .delivered })
        let carried = Dictionary(
            uniqueKeysWithValues: run.deliveries.map { ($0.id, Set($0.message.alerts)) })
        for alert in run.alerts {
            let deliveries = try #require(run.notices[alert.id]).deliveries
            #expect(!deliveries.isEmpty)
            #expect(deliveries.allSatisfy { carried[$0]?.contains(alert.id) == true })
        }
        #expect(run.deliveries.flatMap(\.message.alerts).count == 150, "each once")
        try Self.checkDigests(run)
        Self.checkCritical(run)
    }

    /// By rule: how many there are, and the words of the worst.
    static func checkDigests(_ run: Run) throws {
        let known = Dictionary(uniqueKeysWithValues: run.alerts.map { ($0.id, $0) })
        let digests = run.deliveries.filter { $0.group == .digest(of: $0.channel) }
        #expect(!digests.isEmpty)
        var folded = 0
        for digest in digests {
            let text = digest.message.body
            let rules = Dictionary(
                grouping: digest.message.alerts.compactMap { known[$0] }, by: \.id.rule)
            for (rule, alerts) in rules.sorted(by: { $0.key < $1.key }) where alerts.count > 1 {
                folded += alerts.count
                #expect(text.contains("规则 \(rule)（共 \(alerts.count) 条）"), "\(text)")
                let worst = try #require(
                    alerts.sorted { $0.raisedAt < $1.raisedAt }.max { $0.severity < $1.severity })
                let first = try #require(
                    alerts.sorted { $0.raisedAt < $1.raisedAt }
                        .first { $0.severity == worst.severity })
                #expect(text.contains(first.evidence[0].words), "\(text)")
            }
        }
        #expect(folded > 60, "\(folded) alerts were folded")
    }

    /// A critical one is in no digest, and nothing else leaves while it waits for the budget.
    static func checkCritical(_ run: Run) {
        let critical = run.alerts.filter { $0.severity == .critical }
        #expect(critical.count == 5)
        for alert in critical {
            let delivery = run.deliveries.first { $0.message.alerts.contains(alert.id) }
            guard let delivery, let sentAt = delivery.settledAt else {
                Issue.record("\(alert.id) is not there")
                continue
            }
            #expect(delivery.message.alerts == [alert.id] && delivery.isUrgent)
            // A second until the loops look, since it came by another process.
            let others = run.deliveries.filter { other in
                guard !other.isUrgent, let moment = other.settledAt else { return false }
                return moment > alert.raisedAt + .seconds(2) && moment < sentAt
            }
            #expect(others.isEmpty, "\(others.count) left before \(alert.id)")
        }
    }
}
