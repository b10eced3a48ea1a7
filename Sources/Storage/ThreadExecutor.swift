import Dispatch
import Foundation
import Synchronization

/// A serial executor that owns a thread: what runs on it may block on a disk, and costs the
/// cooperative threads of the rest of the program nothing.
///
/// The thread lives until ``stop()``, and keeps the executor alive until then.
final class ThreadExecutor: SerialExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let inbox = Mutex(Inbox())
    /// One signal for each time that the inbox stops being empty, and one for the stop.
    private let bell = DispatchSemaphore(value: 0)

    init(name: String) {
        let thread = Thread {
            // Only the thread itself can tell the system its name.
            Thread.current.name = name
            self.runUntilStopped()
        }
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasEmpty = inbox.withLock { inbox in
            inbox.jobs.append(job)
            return inbox.jobs.count == 1
        }
        if wasEmpty { bell.signal() }
    }

    /// Ends the thread after the jobs that wait.
    ///
    /// Nothing may be enqueued any more.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        bell.signal()
    }

    private func runUntilStopped() {
        while true {
            bell.wait()
            let (jobs, isStopped) = inbox.withLock { inbox in
                let jobs = inbox.jobs
                inbox.jobs = []
                return (jobs, inbox.isStopped)
            }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            if isStopped { return }
        }
    }
}
