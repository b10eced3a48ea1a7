package import CEL
package import Logging

/// A source of the settings, assembled.
package struct Source: Sendable {
    package var name: String
    package var cloud: any Cloud
    package var schedule: PollSchedule
    package var queriesPerSecond: Int
    package var queriesPerMinute: Int
    /// Reads under way at once.
    package var concurrency: Int

    package static let defaultConcurrency = 16

    package init(
        name: String, cloud: any Cloud, schedule: PollSchedule = PollSchedule(),
        queriesPerSecond: Int = 10, queriesPerMinute: Int = 300,
        concurrency: Int = Self.defaultConcurrency
    ) {
        self.name = name
        self.cloud = cloud
        self.schedule = schedule
        self.queriesPerSecond = queriesPerSecond
        self.queriesPerMinute = queriesPerMinute
        self.concurrency = concurrency
    }

    /// How many messages may go out, from now on.
    package var budget: RateBudget {
        RateBudget(limits: [(queriesPerSecond, .seconds(1)), (queriesPerMinute, .seconds(60))])
    }
}

/// A channel of the settings, assembled.
package struct Outlet: Sendable {
    package var name: String
    package var channel: any Channel
    package var retrying: Retrying
    /// Nil: no limit.
    package var messagesPerMinute: Int?
    /// Sends under way at once; 1 keeps the order of a message's parts.
    package var concurrency: Int
    /// Where sends run; nil: where all tasks do.
    package var executor: (any TaskExecutor)?
    /// The channel that is told of this one's trouble, and gets what this one cannot deliver; nil:
    /// trouble is told by the routes.
    package var fallback: String?

    package init(
        name: String, channel: any Channel, retrying: Retrying = Retrying(),
        messagesPerMinute: Int? = nil, concurrency: Int = 1, fallback: String? = nil,
        executor: (any TaskExecutor)? = nil
    ) {
        self.name = name
        self.channel = channel
        self.retrying = retrying
        self.messagesPerMinute = messagesPerMinute
        self.concurrency = concurrency
        self.fallback = fallback
        self.executor = executor
    }

    /// How many messages may go out, from now on.
    package var budget: RateBudget {
        RateBudget(limits: messagesPerMinute.map { [($0, .seconds(60))] } ?? [])
    }
}

/// All that a ``Watcher`` works with.
package struct WatcherParts: Sendable {
    package var store: any Store
    package var clock: any WallClock
    package var sources: [String: Source]
    package var outlets: [String: Outlet]
    package var routes: [Route]
    package var rules: RuleSet
    package var keep: Keep
    /// Of what Tocsin itself adds to messages.
    package var language: Language
    /// How long a loop sleeps at most, as other processes may change the store; nil in simulation.
    package var longestSleep: Duration?
    package var logger: Logger

    package init(
        store: any Store, clock: any WallClock, sources: [Source], outlets: [Outlet],
        routes: [Route], rules: RuleSet, keep: Keep = Keep(), language: Language = .chinese,
        longestSleep: Duration?, logger: Logger
    ) {
        self.store = store
        self.clock = clock
        self.sources = Dictionary(uniqueKeysWithValues: sources.map { ($0.name, $0) })
        self.outlets = Dictionary(uniqueKeysWithValues: outlets.map { ($0.name, $0) })
        self.routes = routes
        self.rules = rules
        self.keep = keep
        self.language = language
        self.longestSleep = longestSleep
        self.logger = logger
    }
}

/// How long things are kept.
package struct Keep: Hashable, Sendable {
    package var results: Duration
    package var alerts: Duration

    package init(
        results: Duration = .seconds(30 * 86_400), alerts: Duration = .seconds(120 * 86_400)
    ) {
        self.results = results
        self.alerts = alerts
    }
}

/// One bell for each loop.
struct Bells: Sendable {
    let idle = Bell()
    let prune = Bell()
    private let reads: [String: Bell]
    private let flushes: [String: Bell]
    private let sends: [String: Bell]

    init(_ parts: WatcherParts) {
        reads = parts.sources.mapValues { _ in Bell() }
        flushes = parts.outlets.mapValues { _ in Bell() }
        sends = parts.outlets.mapValues { _ in Bell() }
    }

    func ringReads() { Self.ring(reads) }
    func ringFlushes() { Self.ring(flushes) }
    func read(_ source: String) -> Bell { reads[source] ?? Bell() }
    func flush(_ channel: String) -> Bell { flushes[channel] ?? Bell() }
    func send(_ channel: String) -> Bell { sends[channel] ?? Bell() }

    /// By name, so that a simulation repeats.
    private static func ring(_ bells: [String: Bell]) {
        for (_, bell) in bells.sorted(by: { $0.key < $1.key }) { bell.ring() }
    }
}

extension StoreReader {
    /// The parking of a subject, also one that is over.
    func parking(of subject: Parking.Subject) throws(StoreError) -> Parking? {
        try parkings().first { $0.subject == subject }
    }

    /// The parking of a subject that is in force.
    func parking(
        of subject: Parking.Subject, at now: Timestamp
    ) throws(StoreError) -> Parking? {
        try parking(of: subject).flatMap { $0.until > now ? $0 : nil }
    }
}

extension StoreReader {
    /// Until when a channel is left alone, parked or in trouble; nil when something may go.
    ///
    /// A moment that lies too far ahead was set by a clock that was wrong.
    func rest(of channel: String, at now: Timestamp) throws(StoreError) -> Timestamp? {
        let parked = try parking(of: .channel(channel), at: now)?.until
        let sound = parked.flatMap { $0 - now <= Retrying.longestParking ? $0 : nil }
        let paused = Breaker.restsUntil(try trouble(of: channel), at: now)
        return [sound, paused].compactMap(\.self).max()
    }
}

extension StoreTransaction {
    /// A channel that is left alone because of its trouble may be probed at once.
    package func probeNow(_ channel: String, at now: Timestamp) throws(StoreError) {
        guard var trouble = try trouble(of: channel), trouble.pause != nil else { return }
        trouble.pause?.until = now
        try save(trouble)
    }

    /// Forgets a parking that is over: the source answers again.
    func unpark(_ subject: Parking.Subject, at now: Timestamp) throws(StoreError) {
        guard let parking = try parking(of: subject), parking.until <= now else { return }
        try removeParking(of: subject)
    }
}
