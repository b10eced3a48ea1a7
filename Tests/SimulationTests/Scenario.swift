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
    /// Sends under way at once on the hook; on the others one.
    static let hookConcurrency = 3

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
            return try await Examination(world: world, store: store).run()
        }
    }

    /// Tasks come in, the storm ends, and lives of the program follow each other until one has
    /// nothing left to do.
    private static func play(_ world: World, _ store: any Store) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await submit(to: store, world) }
            group.addTask {
                let end = world.clock.now + storm
                while world.clock.now < end { try await world.clock.sleep(until: end) }
                world.with { $0.faults = .none }
                world.note("calm")
            }
            group.addTask { try await live(world, store) }
            try await group.waitForAll()
        }
    }

    private static func submit(to store: any Store, _ world: World) async throws {
        for number in 0..<world.number(in: 5...30) {
            let pause = Duration.seconds(world.number(in: 0...90))
            try await world.clock.sleep(until: world.clock.now + pause)
            let id = "task-\(number)"
            world.addTask(id)
            let submission = Submission(id: TaskID(source: "calls", id: id))
            _ = try await Watcher.accept(
                [submission], schedules: [:], in: store, at: world.clock.now)
            world.with(\.watcher)?.wake()
        }
        world.with { $0.isComplete = true }
    }

    private static func live(_ world: World, _ store: any Store) async throws {
        while true {
            if world.number(in: 0...1) == 0 {
                try await store.transaction { transaction throws(StoreError) in
                    try transaction.releaseLeases()
                }
            }
            let isDone = world.with { $0.isComplete && $0.faults.chances.isEmpty }
            let crashed = await oneLife(world, store)
            world.note(crashed ? "crashed" : "idle")
            if !crashed, isDone { return }
            let pause = Duration.seconds(world.number(in: 1...60))
            try await world.clock.sleep(until: world.clock.now + pause)
        }
    }

    /// Whether it ended by a crash.
    private static func oneLife(_ world: World, _ store: any Store) async -> Bool {
        let incarnation = world.incarnation
        let watcher = Watcher(parts(world, store, incarnation))
        world.with { $0.watcher = watcher }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                _ = await watcher.run(until: .whenIdle, stop: StopSignal())
                return world.incarnation != incarnation
            }
            group.addTask {
                await world.waitForCrash()
                return true
            }
            let crashed = await group.next() ?? true
            group.cancelAll()
            return crashed
        }
    }

    private static func parts(
        _ world: World, _ store: any Store, _ incarnation: Int
    ) -> WatcherParts {
        let transport = SimulatedTransport(world: world, incarnation: incarnation)
        var logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return WatcherParts(
            store: FaultyStore(store: store, world: world, incarnation: incarnation),
            clock: world.clock, sources: [source(world, transport)],
            outlets: outlets(transport),
            routes: [
                Route(
                    name: "routes[0]", notify: channels,
                    grouping: GroupingPolicy(wait: .seconds(30), every: .seconds(60)))
            ],
            rules: rules, longestSleep: nil, logger: logger)
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
                    to: ["qa@example.com"]),
                context: context, transport: transport)
            return [
                Outlet(name: "hook", channel: hook, concurrency: hookConcurrency),
                Outlet(name: "robot", channel: robot, messagesPerMinute: 20),
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
          - rule: failed
            on: [ERROR]
            when: |
              task.status == "ERROR"
        """)
}
