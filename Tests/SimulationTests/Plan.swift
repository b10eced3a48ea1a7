import Pipeline
import TestSupport

/// What a seed has decided beforehand: the settings, and what befalls the channels.
struct Plan: Sendable {
    /// A time in which a channel takes nothing.
    struct Outage: Sendable {
        enum Kind: String, CaseIterable, Sendable {
            /// No connection, no answer, the service's own trouble, and a login it does not know.
            case unreachable, silent, failing, refusing
        }

        var channel: String
        var kind: Kind
        var start: Timestamp
        var end: Timestamp
    }

    /// A time in which a channel is off in the settings; nil: for good.
    struct Rest: Sendable {
        var channel: String
        var start: Timestamp
        var end: Timestamp?
    }

    private(set) var outages: [Outage] = []
    private(set) var rests: [Rest] = []
    private(set) var routes: [Route] = []
    private(set) var fallbacks: [String: String] = [:]
    /// Channels that give a delivery up after a few attempts.
    private(set) var impatient: Set<String> = []
    private(set) var messagesPerMinute: [String: Int] = ["robot": 20]
    /// Sends under way at once on the hook; on the others one.
    private(set) var hookConcurrency = 1
    private(set) var taskCount: Int
    private(set) var longestPause: Int
    /// How often someone retries or cancels while the program runs.
    private(set) var commandCount = 0
    /// Whether all dead letters are retried when all is calm.
    private(set) var retriesAtEnd: Bool

    static let impatience = Retrying(schedule: [.zero, .seconds(5), .seconds(30)])

    init(using random: inout SplitMix64, from start: Timestamp) {
        func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
        func moment(within seconds: Int) -> Timestamp { start + .seconds(number(0...seconds)) }
        let names = Scenario.channels
        taskCount = number(5...30)
        longestPause = random.chance(0.4) ? 0 : 90
        let grouping = GroupingPolicy(
            by: random.chance(0.5) ? ["rule"] : ["rule", "call"],
            wait: random.chance(0.5) ? .seconds(30) : nil, every: .seconds(60))
        for rules in [["complaint"], []] {
            let some = names.filter { _ in random.chance(0.6) }
            routes.append(
                Route(
                    name: "routes[\(routes.count)]", rules: rules,
                    notify: some.isEmpty ? names : some, grouping: grouping))
        }
        for name in names {
            let others = names.filter { $0 != name }
            if random.chance(0.5) { fallbacks[name] = others[number(0...1)] }
            if random.chance(0.25) { impatient.insert(name) }
            if random.chance(0.4) { messagesPerMinute[name] = number(2...6) }
            if random.chance(0.3) {
                let from = moment(within: 1500)
                outages.append(
                    Outage(
                        channel: name, kind: Outage.Kind.allCases[number(0...3)], start: from,
                        end: from + .seconds([60, 300, 1200, 3600, 10_800][number(0...4)])))
            }
            if random.chance(0.15) {
                let from = moment(within: 1200)
                let end = from + .seconds(number(60...7200))
                rests.append(Rest(channel: name, start: from, end: random.chance(0.7) ? end : nil))
            }
        }
        if random.chance(0.5) { hookConcurrency = 3 }
        if random.chance(0.5) { commandCount = number(1...6) }
        retriesAtEnd = random.chance(0.5)
    }

    func retrying(of channel: String) -> Retrying {
        impatient.contains(channel) ? Self.impatience : Retrying()
    }

    func concurrency(of channel: String) -> Int { channel == "hook" ? hookConcurrency : 1 }

    func outage(of channel: String, at now: Timestamp) -> Outage? {
        outages.first { $0.channel == channel && $0.start <= now && now < $0.end }
    }

    func isOff(_ channel: String, at now: Timestamp) -> Bool {
        rests.contains { rest in
            rest.channel == channel && rest.start <= now && rest.end.map { now < $0 } ?? true
        }
    }

    /// When the settings change next.
    func nextSwitch(after now: Timestamp) -> Timestamp? {
        rests.flatMap { [$0.start, $0.end].compactMap(\.self) }.filter { $0 > now }.min()
    }
}
