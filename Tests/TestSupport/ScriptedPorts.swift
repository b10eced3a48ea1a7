package import Pipeline
import Synchronization

/// A cloud that answers from a script; the last answer repeats.
package final class ScriptedCloud: Cloud {
    private let script: Mutex<[Result<TaskReply, CloudError>]>
    private let reads = Mutex<[(task: TaskID, at: Timestamp)]>([])

    package init(_ script: [Result<TaskReply, CloudError>]) {
        self.script = Mutex(script)
    }

    package func read(_ task: TaskRecord, at now: Timestamp) async throws(CloudError) -> TaskReply {
        reads.withLock { $0.append((task.id, now)) }
        let next = script.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        return try next.get()
    }

    package func decode(_ reply: [UInt8]) throws(CloudError) -> TaskReply {
        throw .unavailable(reason: "scripted")
    }

    /// When each read was made.
    package var readTimes: [Timestamp] { reads.withLock { $0.map(\.at) } }
}

/// A channel that keeps what it is sent, and answers from a script; the last answer repeats.
package final class ScriptedChannel: Channel {
    private let answer: @Sendable (_ delivery: Delivery, _ number: Int, _ now: Timestamp) -> Outcome
    private let sent = Mutex<[(delivery: Delivery, at: Timestamp)]>([])

    package convenience init(_ script: [Outcome] = [.delivered(answer: "ok")]) {
        self.init { number, _ in script[min(number, script.count - 1)] }
    }

    /// `answer` is asked with the number of the attempt, from 0, and its moment.
    package init(answer: @escaping @Sendable (_ number: Int, _ now: Timestamp) -> Outcome) {
        self.answer = { _, number, now in answer(number, now) }
    }

    private init(
        ofDelivery answer: @escaping @Sendable (Delivery, _ number: Int, Timestamp) -> Outcome
    ) {
        self.answer = answer
    }

    /// `answer` is asked with the delivery.
    package static func choosing(
        _ answer: @escaping @Sendable (Delivery) -> Outcome
    ) -> ScriptedChannel {
        ScriptedChannel(ofDelivery: { delivery, _, _ in answer(delivery) })
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        let body = alerts.map { "\($0.id.rule) \($0.id.task)" }.joined(separator: "\n")
        return [Message(body: body, alerts: alerts.map(\.id))]
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        let number = sent.withLock { sent in
            sent.append((delivery, now))
            return sent.count - 1
        }
        return answer(delivery, number, now)
    }

    package var attempts: [(delivery: Delivery, at: Timestamp)] { sent.withLock(\.self) }
}
