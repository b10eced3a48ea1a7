import ArgumentParser
import Foundation
import Pipeline
import Storage
import TestSupport
import Testing

@testable import tocsin

/// `deliveries` and `tasks` as they are typed, on a store on disk.
struct StoreCommandTests {
    /// A folder with settings and a store.
    struct Place {
        let folder: URL
        let store: SQLiteStore

        /// `hook` is on, `room` is off; what else the store has work for was removed.
        static let settings = """
            store: sqlite:tocsin.db
            sources:
              calls: { type: aliyun-ccai, endpoint: "https://contactcenterai.cn-shanghai.aliyuncs.com" }
            channels:
              hook: { type: webhook, url: "https://hook.example.com/in" }
              room: { type: webhook, url: "https://room.example.com/in", enabled: false }
            routes:
              - notify: [hook]
            """

        static func with(_ body: (Place) async throws -> Void) async throws {
            try await inFolder { folder in
                try Data(settings.utf8).write(to: folder.appending(path: "tocsin.yaml"))
                let store = try SQLiteStore(path: folder.appending(path: "tocsin.db").path)
                try await body(Place(folder: folder, store: store))
            }
        }

        static func inFolder(_ body: (URL) async throws -> Void) async throws {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "tocsin-commands-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await body(folder)
        }

        /// Runs the program's command line; its exit code.
        func run(_ arguments: String...) async -> Int32 { await run(arguments: arguments) }

        func run(arguments: [String]) async -> Int32 {
            await Self.run(arguments, in: folder)
        }

        static func run(_ arguments: [String], in folder: URL) async -> Int32 {
            let options = ["--config", folder.appending(path: "tocsin.yaml").path]
            do {
                var command = try Tocsin.parseAsRoot(arguments + options)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                return 0
            } catch {
                return Tocsin.exitCode(for: error).rawValue
            }
        }

        func change(
            _ body: @escaping @Sendable (any StoreTransaction) throws(StoreError) -> Void
        ) async throws {
            try await store.transaction(body)
        }

        func state(_ id: String) async throws -> Delivery.State? {
            try await store.read { reader throws(StoreError) in
                try reader.delivery(Delivery.ID(id))?.state
            }
        }

        func backlog(_ channel: String) async throws -> ChannelBacklog? {
            try await store.read { reader throws(StoreError) in
                try reader.backlogs().first { $0.channel == channel }
            }
        }

        /// Deliveries and a group of one alert for each of these channels.
        func fill(_ channels: [String]) async throws {
            try await change { transaction throws(StoreError) in
                for channel in channels {
                    try transaction.save([Samples.delivery("\(channel)-w", channel: channel)])
                    var dead = Samples.delivery("\(channel)-d", channel: channel)
                    dead.state = .dead(reason: "HTTP 400")
                    dead.settledAt = Samples.now
                    dead.attempts = 3
                    try transaction.save([dead])
                    let alert = Samples.alert(task: "grouped")
                    _ = try transaction.insert(alert)
                    let key = Samples.key(channel: channel)
                    try transaction.save(AlertGroup(key: key, flushAt: Samples.now))
                    try transaction.save(Notice(alert: alert.id, group: key))
                }
            }
        }
    }

    @Test("What waits for a channel that was removed is listed, and taken back by its name")
    func removedChannel() async throws {
        try await Place.with { place in
            try await place.fill(["hook", "old"])
            #expect(await place.run("deliveries", "list", "--channel", "old") == 0)
            #expect(await place.run("deliveries", "status", "--format", "json") == 0)
            #expect(
                await place.run(
                    "deliveries", "cancel", "--channel", "old", "--reason", "gone", "--dry-run")
                    == 0)
            #expect(try await place.backlog("old")?.waitingAlerts == 1)
            #expect(
                await place.run("deliveries", "cancel", "--channel", "old", "--reason", "gone")
                    == 0)
            #expect(
                try await place.backlog("old")
                    == ChannelBacklog(
                        channel: "old", waitingAlerts: 0, waitingDeliveries: 0, dead: 2))
            #expect(try await place.state("old-w") == .dead(reason: "cancelled: gone"))
            #expect(try await place.backlog("hook")?.waitingAlerts == 1)
            #expect(try await place.state("hook-w") == .waiting(dueAt: Samples.now))
            let (notice, flushAt) = try await place.store.read { reader throws(StoreError) in
                let id = Samples.alert(task: "grouped").id
                return (
                    try reader.notice(of: id, on: "old"),
                    try reader.group(Samples.key(channel: "old"))?.flushAt
                )
            }
            #expect(notice?.cancelled == "gone" && flushAt == nil)
        }
    }

    @Test("Dead letters are due again, chosen by id, channel, rule or time, and no others")
    func retry() async throws {
        try await Place.with { place in
            try await place.fill(["hook", "room"])
            #expect(await place.run("deliveries", "retry", "--rule", "other") == 0)
            #expect(try await place.state("hook-d") == .dead(reason: "HTTP 400"))
            #expect(await place.run("deliveries", "retry", "--channel", "room", "--dry-run") == 0)
            #expect(try await place.state("room-d") == .dead(reason: "HTTP 400"))
            #expect(await place.run("deliveries", "retry", "hook-d", "nobody") == 1)
            let revived = try await place.store.read { reader throws(StoreError) in
                try reader.delivery(Delivery.ID("hook-d"))
            }
            #expect(revived?.attempts == 0 && revived?.revivedAt != nil)
            #expect(try await place.state("room-d") == .dead(reason: "HTTP 400"))
            #expect(await place.run("deliveries", "retry", "--until", "2023-11-01") == 0)
            #expect(try await place.state("room-d") == .dead(reason: "HTTP 400"))
            #expect(
                await place.run("deliveries", "retry", "--since", "2023-11-01", "--all") == 0)
            guard case .waiting = try await place.state("room-d") else {
                Issue.record("\(String(describing: try await place.state("room-d")))")
                return
            }
        }
    }

    @Test("What waits for a later attempt goes at once; what may be under way is left alone")
    func retryWaiting() async throws {
        try await Place.with { place in
            let now = SystemClock().now
            var late = Samples.delivery("late", channel: "hook")
            late.attempts = 3
            late.state = .waiting(dueAt: now + .seconds(7200))
            var claimed = Samples.delivery("claimed", channel: "hook")
            claimed.state = .waiting(dueAt: now + SendQueue.lease)
            let other = late
            try await place.change { [claimed] transaction throws(StoreError) in
                try transaction.save([other, claimed])
            }
            #expect(await place.run("deliveries", "retry", "--channel", "room") == 0)
            #expect(await place.run("deliveries", "retry", "--all", "--dry-run") == 0)
            #expect(try await place.state("late") == late.state)
            #expect(await place.run("deliveries", "retry", "late", "claimed") == 1)
            let hastened = try await place.store.read { reader throws(StoreError) in
                try reader.delivery(Delivery.ID("late"))
            }
            let found = try #require(hastened)
            guard case .waiting(let dueAt) = found.state else {
                Issue.record("\(found.state)")
                return
            }
            #expect(dueAt >= now && dueAt <= SystemClock().now)
            #expect(found.attempts == 3 && found.revivedAt == nil)
            #expect(try await place.state("claimed") == claimed.state)
        }
    }

    @Test("Whoever retries a channel has it tried at once, with nothing dead as well")
    func retryWakes() async throws {
        try await Place.with { place in
            try await place.change { transaction throws(StoreError) in
                try transaction.save(
                    ChannelTrouble(
                        channel: "hook", since: Samples.now, failures: 1, isRefusal: true,
                        pause: .init(until: Samples.now + .seconds(999_999_999))))
            }
            #expect(await place.run("deliveries", "retry", "--channel", "hook") == 0)
            let pause = try await place.store.read { reader throws(StoreError) in
                try reader.trouble(of: "hook")?.pause
            }
            let until = try #require(pause?.until)
            #expect(until <= SystemClock().now && until > Samples.now)
        }
    }

    @Test("What waits for a channel that is off is held, says so, and can be taken back by id")
    func heldDeliveries() async throws {
        try await Place.with { place in
            try await place.fill(["room"])
            let settings = try #require(Reading.read(Place.settings).settings)
            let found = try await place.store.read { reader throws(StoreError) in
                try reader.deliveries(DeliveryQuery(kind: .waiting))
            }
            #expect(
                found.map { DeliveryView($0).held(by: settings).held } == ["disabled"])
            #expect(
                await place.run("deliveries", "cancel", "room-w", "hook-w", "--reason", "gone")
                    == 1)
            #expect(try await place.state("room-w") == .dead(reason: "cancelled: gone"))
            #expect(try await place.backlog("room")?.waitingAlerts == 1)
            let handle = Samples.key(channel: "room").handle
            #expect(await place.run("deliveries", "cancel", handle, "--reason", "gone") == 0)
            #expect(try await place.backlog("room")?.waitingAlerts == 0)
            #expect(await place.run("deliveries", "cancel", "--reason", "gone") == 64)
        }
    }

    @Test("Tasks of a source that was removed are taken back by its name")
    func removedSource() async throws {
        try await Place.with { place in
            try await place.change { transaction throws(StoreError) in
                for id in ["t-1", "t-2", "t-3"] {
                    try transaction.save(Samples.task(id, source: "old"))
                }
                try transaction.save(Samples.task("t-1", source: "calls"))
                try transaction.save(Samples.task("ended", source: "old", dueAt: nil))
            }
            func pending() async throws -> [String] {
                try await place.store.read { reader throws(StoreError) in
                    try reader.tasks(TaskQuery(hasEnded: false)).map(\.id.description).sorted()
                }
            }
            let all = try await pending()
            let cancel = ["tasks", "cancel", "--source", "old", "--reason", "gone"]
            #expect(await place.run(arguments: cancel + ["--dry-run"]) == 0)
            #expect(try await pending() == all)
            #expect(await place.run(arguments: cancel + ["t-2", "ended"]) == 1)
            #expect(try await pending() == all.filter { !$0.contains("t-2") })
            #expect(await place.run(arguments: cancel) == 0)
            #expect(try await pending() == all.filter { $0.contains("calls") })
            let task = try await place.store.read { reader throws(StoreError) in
                try reader.task(TaskID(source: "old", id: "t-2"))
            }
            #expect(task?.status == .refused && task?.errorMessage == "cancelled: gone")
        }
    }

    @Test("The end of a run tells what waits, for which channel and source, and why")
    func summary() async throws {
        try await Place.with { place in
            try await place.fill(["hook", "room", "old"])
            try await place.change { transaction throws(StoreError) in
                try transaction.save(Samples.task("t-1", source: "gone"))
                try transaction.save(
                    ChannelTrouble(
                        channel: "hook", since: Samples.now, reason: "535", isRefusal: true,
                        pause: .init(until: Samples.now)))
            }
            let settings = try #require(Reading.read(Place.settings).settings)
            let summary = try await place.store.read { reader throws(StoreError) in
                try RunSummary(
                    before: StoreCounts(), in: reader, reason: .channelRefused("hook"),
                    by: settings, from: Samples.now, to: Samples.now + .seconds(1))
            }
            #expect(!summary.isClean && summary.reason == "channel refused: hook")
            let waiting = summary.waiting.map {
                "\($0.channel) \($0.state) \($0.waitingAlerts) \($0.waitingDeliveries)"
            }
            #expect(
                waiting == ["hook refused 1 1", "old not in the settings 1 1", "room disabled 1 1"])
            #expect(summary.waiting.first?.reason == "535")
            #expect(summary.orphanedTasks == ["gone": 1])
        }
    }
}
