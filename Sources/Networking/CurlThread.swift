import CCurl
import Dispatch
import Foundation

/// A thread with a libcurl multi handle of its own, and the way to it.
///
/// Tasks may run on it, so that what they do between two requests costs no change of threads. When
/// it ends, they go on elsewhere.
final class CurlThread: TaskExecutor {
    struct Bounds: Sendable {
        /// How many connections are open or kept at once.
        var connections: Int
        /// How many of them to one host; `nil` means no bound but the other.
        var connectionsPerHost: Int?
        /// How many transfers libcurl has at once; more wait their turn.
        var transfersAtOnce: Int
        /// How many calls may be under way, waiting ones included.
        var calls: Int
    }

    private let inbox: Inbox

    init(name: String, bounds: Bounds, configuration: CurlTransport.Configuration) {
        inbox = Inbox(mostUnderWay: bounds.calls)
        let thread = Thread {
            // Only the thread itself can tell the system its name.
            Thread.current.name = name
            self.main(bounds, configuration)
        }
        thread.start()
    }

    /// Leaves a request and waits for its answer; the cancellation of the calling task is passed on.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let ticket = Ticket()
        let deadline = ContinuousClock.now + .milliseconds(request.timeout.wholeMilliseconds)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                inbox.post(
                    Order(ticket: ticket, request: request, answer: answer, deadline: deadline))
            }
        } onCancel: {
            inbox.cancel(ticket)
        }
        return try result.get()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !inbox.post(job) { runElsewhere(job) }
    }

    private func runElsewhere(_ job: UnownedJob) {
        DispatchQueue.global().async { self.run(job) }
    }

    private func run(_ job: UnownedJob) {
        // `unsafe`: nothing counts the reference, and `self` is alive until the step is over.
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }

    func stop() { inbox.stop() }

    func waitForEnd() async { await inbox.waitForEnd() }

    private func main(_ bounds: Bounds, _ configuration: CurlTransport.Configuration) {
        ccurl_block_pipe_signal()
        ccurl_work_in_batches()
        // libcurl closes kept connections, and tells the table, when the multi handle ends.
        let sockets = SocketTable()
        withExtendedLifetime(sockets) {
            do throws(TransportError) {
                var multi = try MultiHandle(
                    connections: bounds.connections, connectionsPerHost: bounds.connectionsPerHost)
                CurlLoop(
                    inbox: inbox, sockets: sockets, configuration: configuration,
                    transfersAtOnce: bounds.transfersAtOnce, run: run
                ).run(on: &multi)
            } catch {
                let mail = inbox.closes()
                for order in mail.orders { order.refuse(error) }
                for job in mail.jobs { run(job) }
            }
        }
        inbox.ended()
    }
}
