import Foundation

/// Runs work on a thread with so little stack that what is not bounded would overflow it.
enum SmallStack {
    /// The least stack that a thread of a server is given; this build's frames are some five times
    /// as large as a release build's.
    static let size = 512 << 10

    /// What `body` gives, worked out on a small stack.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
        let outcome = Outcome<Result>()
        let thread = Thread { outcome.finish(body()) }
        thread.stackSize = size
        thread.start()
        return outcome.wait()
    }
}

private final class Outcome<Result>: @unchecked Sendable {
    // Unchecked because the semaphore orders the one write before the one read.
    private let semaphore = DispatchSemaphore(value: 0)
    private var result: Result?

    func finish(_ result: Result) {
        self.result = result
        semaphore.signal()
    }

    func wait() -> Result {
        semaphore.wait()
        // The result is there because `finish` sets it before it signals.
        return result.unsafelyUnwrapped
    }
}
