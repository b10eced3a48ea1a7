import Synchronization
import Testing

@testable import Networking

/// What is left for a curl thread that ends.
struct InboxTests {
    /// Keeps the steps of tasks, to be run by hand.
    private final class Shelf: TaskExecutor {
        private let jobs = Mutex<[UnownedJob]>([])
        private let (added, adds) = AsyncStream<Void>.makeStream()

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            jobs.withLock { $0.append(job) }
            adds.yield()
        }

        func next() async -> UnownedJob? {
            for await _ in added { break }
            return jobs.withLock { $0.popLast() }
        }

        func run(_ job: UnownedJob) {
            // `unsafe`: nothing counts the reference, and `self` lives as long as the test.
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    @Test("Steps of tasks do not wait for libcurl's end: what comes after the close goes elsewhere")
    func steps() async throws {
        let (shelf, inbox) = (Shelf(), Inbox(mostUnderWay: 4))
        let first = Task(executorPreference: shelf) { 1 }
        let job = try #require(await shelf.next())
        #expect(inbox.post(job))
        let left = inbox.closes()
        #expect(left.jobs.count == 1 && left.orders.isEmpty)
        for job in left.jobs { shelf.run(job) }
        #expect(await first.value == 1)
        let second = Task(executorPreference: shelf) { 2 }
        let late = try #require(await shelf.next())
        #expect(!inbox.post(late))
        #expect(inbox.take().isEmpty)
        shelf.run(late)
        #expect(await second.value == 2)
        inbox.ended()
        await inbox.waitForEnd()
    }
}
