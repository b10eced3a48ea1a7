import Pipeline
import Synchronization
import TestSupport

/// Everything outside the program, in one seeded place: the cloud's tasks and what receivers got.
final class World: Sendable {
    /// One task as the cloud knows it.
    struct CloudTask: Sendable {
        var pollsBeforeEnd: Int
        var isComplaint: Bool
        var isError: Bool
        var polls = 0
    }

    /// One message as a receiver knows it.
    struct Receipt: Hashable, Sendable {
        var channel: String
        var id: String
        var body: String
    }

    struct State {
        var random: SplitMix64
        var faults: Faults
        var tasks: [String: CloudTask] = [:]
        var receipts: [Receipt] = []
        var incarnation = 0
        /// The program's present life: whoever hands over a task wakes it.
        var watcher: Watcher?
        /// Whether all tasks have come in.
        var isComplete = false
        var inFlight: [String: Int] = [:]
        var mostInFlight: [String: Int] = [:]
        /// One line for each event: equal for equal seeds.
        var journal: [String] = []
    }

    let clock: SimulatedClock
    private let state: Mutex<State>
    private let crashBell = Bell()

    init(seed: UInt64, clock: SimulatedClock) {
        var random = SplitMix64(seed: seed)
        let faults = Faults.swarm(using: &random)
        self.clock = clock
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
                isComplaint: state.random.chance(0.5), isError: state.random.chance(0.15))
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
                ? (task.polls == 1 ? "QUEUE" : "RUNNING") : (task.isError ? "ERROR" : "FINISH")
            let words = task.isComplaint ? "我要投诉你们" : "谢谢，再见"
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
                    if task.isError { return "failed \(id)" }
                    return task.isComplaint ? "complaint \(id)" : nil
                })
        }
    }

    // MARK: Receivers

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
