import CEL
import Logging
import Pipeline
import TestSupport

/// Alerts on their way to channels, with no cloud: what is put in leaves by the real loops.
struct DeliveryRig: Sendable {
    let store: MemoryStore
    let parts: @Sendable (SimulatedClock) -> WatcherParts

    init(
        store: MemoryStore = MemoryStore(), outlets: [Outlet],
        routes: [Route] = [Self.route(to: ["hook"])]
    ) {
        self.store = store
        parts = { clock in
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            return WatcherParts(
                store: store, clock: clock, sources: [], outlets: outlets, routes: routes,
                rules: TestRules.complaint, language: .english, longestSleep: nil, logger: logger)
        }
    }

    /// A route that groups by `rule` and flushes at once.
    static func route(to channels: [String]) -> Route {
        Route(name: "routes[0]", notify: channels, grouping: GroupingPolicy(wait: .zero))
    }

    static func put(
        _ alert: Alert, to channel: String = "hook", at now: Pipeline.Timestamp,
        in state: any StoreTransaction
    ) throws(StoreError) {
        _ = try state.insert(alert)
        for way in Routing.ways(for: alert, routes: [route(to: [channel])]) {
            let group = try state.group(way.key)
            try state.save(Grouping.joining(group, by: way, alert: alert, at: now))
            try state.save(Notice(alert: alert.id, group: way.key))
        }
    }

    func put(_ alerts: [Alert], to channel: String = "hook", at now: Pipeline.Timestamp) {
        store.change { transaction throws(StoreError) in
            for alert in alerts { try Self.put(alert, to: channel, at: now, in: transaction) }
        }
    }

    /// A watcher's life until nothing is pending.
    @discardableResult func run(_ clock: SimulatedClock) async -> Watcher.Reason {
        await Watcher(parts(clock)).run(until: .whenIdle, stop: StopSignal())
    }

    /// A life of so long, then an orderly end.
    func run(_ clock: SimulatedClock, for time: Duration) async {
        let (stop, end) = (StopSignal(), clock.now + time)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await Watcher(parts(clock)).run(stop: stop) }
            group.addTask {
                try? await clock.sleep(until: end)
                stop.request()
            }
        }
    }

    func deliveries(to channel: String? = nil) async throws -> [Delivery] {
        try await store.read { reader throws(StoreError) in
            try reader.deliveries(DeliveryQuery(channel: channel, limit: 10_000))
        }
    }
}
