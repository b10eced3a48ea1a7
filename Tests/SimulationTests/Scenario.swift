import Channels
import Clouds
import Logging
import Networking
import Pipeline
import Storage
import TestSupport

/// One seed's run from an empty store to its end.
struct Scenario {
    let seed: UInt64

    /// How long faults rage.
    static let storm = Duration.seconds(1800)
    static let channels = ["hook", "mail", "robot"]
    /// How long a loop sleeps at most: what someone changes beside the program is seen then.
    static let longestSleep = Duration.seconds(300)

    struct Run: Sendable {
        var problems: [String]
        var journal: [String]
    }

    func run() throws -> Run {
        let seed = seed
        return try simulate(seed: seed) { clock, executor in
            let world = World(seed: seed, clock: clock)
            let store = try SQLiteStore(inMemoryOn: executor)
            try await Self.play(world, store)
            if world.plan.retriesAtEnd {
                try await Operator(world: world, store: store).retry(["--all"])
                try await Self.live(world, store)
            }
            return try await Examination(world: world, store: store).run()
        }
    }

    /// Tasks come in, someone retries and cancels, the storm ends, and lives of the program follow
    /// each other until one has nothing left to do.
    private static func play(_ world: World, _ store: any Store) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await submit(to: store, world) }
            group.addTask {
                let end = world.clock.now + storm
                while world.clock.now < end { try await world.clock.sleep(until: end) }
                world.with { $0.faults = .none }
                world.note("calm")
            }
            group.addTask { try await Operator(world: world, store: store).work() }
            group.addTask { try await live(world, store) }
            try await group.waitForAll()
        }
    }

    private static func submit(to store: any Store, _ world: World) async throws {
        for number in 0..<world.plan.taskCount {
            let pause = Duration.seconds(world.number(in: 0...world.plan.longestPause))
            try await world.clock.sleep(until: world.clock.now + pause)
            let id = "task-\(number)"
            world.addTask(id)
            let submission = Submission(
                id: TaskID(source: "calls", id: id), labels: ["call": id])
            _ = try await Watcher.accept(
                [submission], schedules: [:], in: store, at: world.clock.now)
            world.with(\.watcher)?.wake()
        }
        world.with { $0.isComplete = true }
    }

    private static func live(_ world: World, _ store: any Store) async throws {
        while true {
            // Else another process works on the store, and this one is not alone.
            if world.number(in: 0...1) == 0 {
                let now = world.clock.now
                try await store.transaction { transaction throws(StoreError) in
                    try Watcher.takeOver(transaction, at: now)
                }
            }
            let isDone = world.isDone
            let end = await oneLife(world, store)
            world.note("\(end)")
            if end == .ended(.idle), isDone { return }
            // Whoever finds a channel refusing, or all calm, looks again later.
            let isCalm = world.with(\.faults.chances.isEmpty)
            let pause =
                end != .crashed && (isCalm || end != .ended(.idle)) ? 60...600 : 1...60
            let seconds = world.number(in: pause)
            try await world.clock.sleep(until: world.clock.now + .seconds(seconds))
        }
    }

    private enum End: Hashable {
        case crashed
        case ended(Watcher.Reason)
    }

    /// A life ends by a crash, when there is nothing to do, or when the settings change.
    private static func oneLife(_ world: World, _ store: any Store) async -> End {
        let (incarnation, start, stop) = (world.incarnation, world.clock.now, StopSignal())
        let watcher = Watcher(parts(world, store, incarnation))
        world.with { $0.watcher = watcher }
        return await withTaskGroup(of: End?.self) { group in
            group.addTask {
                let reason = await watcher.run(until: .whenIdle, stop: stop)
                return world.incarnation == incarnation ? .ended(reason) : .crashed
            }
            group.addTask {
                await world.waitForCrash()
                return .crashed
            }
            group.addTask {
                guard let change = world.plan.nextSwitch(after: start) else { return nil }
                if (try? await world.clock.sleep(until: change)) != nil { stop.request() }
                return nil
            }
            var end = End?.none
            while end == nil, let next = await group.next() { end = next }
            group.cancelAll()
            return end ?? .crashed
        }
    }

    private static func parts(
        _ world: World, _ store: any Store, _ incarnation: Int
    ) -> WatcherParts {
        let transport = SimulatedTransport(world: world, incarnation: incarnation)
        var logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let life = world.with { state in
            state.lives += 1
            return state.lives
        }
        let outlets = outlets(transport).filter { !world.plan.isOff($0.name, at: world.clock.now) }
        return WatcherParts(
            store: FaultyStore(store: store, world: world, incarnation: incarnation),
            clock: world.clock, sources: [source(world, transport)],
            outlets: outlets.map { outlet in
                var outlet = outlet
                outlet.channel = WatchedChannel(
                    name: outlet.name, channel: outlet.channel, world: world, store: store,
                    incarnation: incarnation, life: life)
                outlet.retrying = world.plan.retrying(of: outlet.name)
                outlet.messagesPerMinute = world.plan.messagesPerMinute[outlet.name]
                outlet.concurrency = world.plan.concurrency(of: outlet.name)
                outlet.fallback = world.plan.fallbacks[outlet.name]
                return outlet
            }, routes: world.plan.routes, rules: rules, longestSleep: longestSleep, logger: logger)
    }

    private static func source(_ world: World, _ transport: SimulatedTransport) -> Source {
        do {
            let cloud = AliyunCCAI(
                try AliyunCCAI.Settings(
                    endpoint: "https://\(SimulatedTransport.cloudHost)",
                    roles: SpeakerRoles(agent: ["客服"], customer: ["客户"])),
                credentials: try FixedCredentials(
                    accessKeyID: "id", accessKeySecret: "secret"),
                transport: transport, nonce: { "n\(world.number(in: 0...Int.max))" })
            return Source(name: "calls", cloud: cloud)
        } catch {
            preconditionFailure("the scenario's source: \(error)")
        }
    }

    private static func outlets(_ transport: SimulatedTransport) -> [Outlet] {
        let context = MessageContext()
        do {
            let hook = WebhookChannel(
                name: "hook",
                settings: try WebhookChannel.Settings(
                    url: "https://\(SimulatedTransport.hookHost)/in"),
                context: context, transport: transport)
            let robot = try DingTalk(
                url: "https://\(SimulatedTransport.robotHost)/robot/send?access_token=t",
                secret: Secret("SECx")
            ).channel(named: "robot", context: context, transport: transport)
            let mail = EmailChannel(
                name: "mail",
                settings: try EmailChannel.Settings(
                    server: "smtp://mail.test", security: .none, from: "t@example.com",
                    to: ["qa@example.com", "lead@example.com"]),
                context: context, transport: transport)
            return [
                Outlet(name: "hook", channel: hook), Outlet(name: "robot", channel: robot),
                Outlet(name: "mail", channel: mail),
            ]
        } catch {
            preconditionFailure("the scenario's channels: \(error)")
        }
    }

    static let rules = TestRules.load(
        """
        rules:
          - rule: complaint
            severity: high
            when: |
              sentences.exists(s, s.speaker == "customer" && s.words.contains("投诉"))
            evidence: |
              sentences.filter(s, s.words.contains("投诉"))
            message: |
              {{ task.id }} {{ evidence[0].words }}
          - rule: threat
            severity: critical
            when: |
              sentences.exists(s, s.words.contains("起诉"))
          - rule: failed
            on: [ERROR]
            when: |
              task.status == "ERROR"
        """)
}
