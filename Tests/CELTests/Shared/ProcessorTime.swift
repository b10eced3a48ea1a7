import Foundation

/// The processor time that `body` took of this thread: what others do on the machine counts little.
///
/// - Note: `body` has to stay on one thread, as whatever awaits nothing does.
func processorTime(_ body: () throws -> Void) rethrows -> Duration {
    let start = threadTime()
    try body()
    return threadTime() - start
}

private func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
