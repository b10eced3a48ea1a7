import Pipeline
import Synchronization
import TestSupport

/// Everything outside the program, in one seeded place: the cloud's tasks and what receivers got.
final class World: Sendable {
    /// One task as the cloud knows it.
    struct CloudTask: Sendable {
        var pollsBeforeEnd: Int
        var end: End
        var polls = 0

        enum End: Sendable { case thanks, complaint, threat, error }
    }

    /// One message as a receiver knows it.
    struct Receipt: Hashable, Sendable {
        var channel: String
        var id: String
        var body: String
    }

    /// One call of a channel.
    struct Attempt: Sendable {
        var channel: String
        var id: Delivery.ID
        var isUrgent: Bool
        var createdAt: Timestamp
        var at: Timestamp
        /// The life of the program that made it.
        var life: Int
        /// Nil when the program ended before.
        var outcome: Outcome?

        init(_ delivery: Delivery, at now: Timestamp, life: Int) {
            (channel, id, isUrgent) = (delivery.channel, delivery.id, delivery.isUrgent)
            (createdAt, at, self.life) = (delivery.createdAt, now, life)
        }
    }

    struct State {
        var random: SplitMix64
        var faults: Faults
        var tasks: [String: CloudTask] = [:]
        var receipts: [Receipt] = []
        var incarnation = 0
        /// The program's present life: whoever hands over a task wakes it.
        var watcher: Watcher?
        var attempts: [Attempt] = []
        /// What was seen to be wrong on the way.
        var problems: [String] = []
        var lives = 0
        /// Whether all tasks have come in.
        var isComplete = false
        var isOperatorDone = false
        var inFlight: [String: Int] = [:]
        var mostInFlight: [String: Int] = [:]
        /// One line for each event: equal for equal seeds.
        var journal: [String] = []
    }

    let clock: SimulatedClock
    let plan: Plan
    /// The faults that rage at first.
    let storms: Faults
    private let state: Mutex<State>
    private let crashBell = Bell()

    init(seed: UInt64, clock: SimulatedClock) {
        var random = SplitMix64(seed: seed)
        let faults = Faults.swarm(using: &random)
        self.clock = clock
        plan = Plan(using: &random, from: clock.now)
        storms = faults
        state = Mutex(State(random: random, faults: faults))
    }

    func with<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    func strikes(_ kind: Faults.Kind) -> Bool {
        with { state in
            let strikes = state.faults.strikes(kind, &state.random)
            if strikes { state.journal.append("\(clock.now.milliseconds) \(kind.rawValue)") }
            return strikes
        }
    }

    func number(in range: ClosedRange<Int>) -> Int {
        with { Int.random(in: range, using: &$0.random) }
    }

    func note(_ line: String) {
        with { $0.journal.append("\(clock.now.milliseconds) \(line)") }
    }

    func blame(_ problem: String) {
        with { $0.problems.append(problem) }
    }

    /// Whether nothing more will befall the program.
    var isDone: Bool {
        plan.nextSwitch(after: clock.now) == nil
            && with { $0.isComplete && $0.isOperatorDone && $0.faults.chances.isEmpty }
    }

    /// Channels that are off for good.
    var offForGood: Set<String> {
        Set(Scenario.channels.filter { plan.isOff($0, at: clock.now) })
    }

    // MARK: Crashes

    var incarnation: Int { with(\.incarnation) }

    /// The program is gone from here on: its adapters answer nothing any more.
    func crash(_ incarnation: Int) {
        let isCurrent = with { state -> Bool in
            guard state.incarnation == incarnation else { return false }
            state.incarnation += 1
            return true
        }
        if isCurrent { crashBell.ring() }
    }

    func waitForCrash() async {
        await crashBell.waitForRing()
    }

    // MARK: The cloud

    func addTask(_ id: String) {
        with { state in
            state.tasks[id] = CloudTask(
                pollsBeforeEnd: Int.random(in: 0...6, using: &state.random),
                end: state.random.chance(0.15)
                    ? .error
                    : state.random.chance(0.5)
                        ? .complaint : state.random.chance(0.2) ? .threat : .thanks)
        }
    }

    /// The body of GetTaskResult's answer; each call is a poll.
    func poll(_ id: String) -> String? {
        with { state in
            guard var task = state.tasks[id] else { return nil }
            task.polls += 1
            state.tasks[id] = task
            let status =
                task.polls <= task.pollsBeforeEnd
                ? (task.polls == 1 ? "QUEUE" : "RUNNING")
                : (task.end == .error ? "ERROR" : "FINISH")
            let words =
                switch task.end {
                case .complaint: "我要投诉你们"
                case .threat: "我要起诉你们"
                case .thanks, .error: "谢谢，再见"
                }
            let sentence =
                #"{"begin":0,"end":900,"emotionValue":5,"role":"1","roleName":"客户","#
                + #""speechRate":200,"words":"\#(words)"}"#
            let transcript = status == "FINISH" ? "[\(sentence)]" : "[]"
            return #"{"data":{"taskId":"\#(id)","taskStatus":"\#(status)","#
                + #""asrResult":\#(transcript)},"requestId":"r","success":"True"}"#
        }
    }

    /// The alerts that must reach every channel: (rule, task).
    var expectedAlerts: Set<String> {
        with { state in
            Set(
                state.tasks.compactMap { id, task in
                    switch task.end {
                    case .error: "failed \(id)"
                    case .complaint: "complaint \(id)"
                    case .threat: "threat \(id)"
                    case .thanks: nil
                    }
                })
        }
    }

    // MARK: Receivers

    /// Whether the receiver will take no attempt of this delivery, as long as faults rage.
    func isPoisoned(_ id: String) -> Bool {
        let hash = Int(StableHash.value(of: id.utf8) % 1000)
        return with { Double(hash) < ($0.faults.chances[.poisoned] ?? 0) * 1000 }
    }

    func receive(_ receipt: Receipt) {
        with { $0.receipts.append(receipt) }
        note("received \(receipt.channel) \(receipt.id)")
    }

    /// Counted for each life of the program: requests of a former one may still be on their way.
    func enter(_ channel: String) {
        with { state in
            let count = state.inFlight[channel, default: 0] + 1
            state.inFlight[channel] = count
            state.mostInFlight[channel] = max(count, state.mostInFlight[channel] ?? 0)
        }
    }

    func leave(_ channel: String) {
        with { $0.inFlight[channel, default: 1] -= 1 }
    }
}
