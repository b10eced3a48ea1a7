import Synchronization

/// How a call is answered, exactly once.
typealias Answer<Reply> = CheckedContinuation<Result<Reply, TransportError>, Never>

/// Stands for the call while it lasts, and carries its cancellation to where nothing else comes:
/// into a thread that is busy inside libcurl.
final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }
}

/// Whether threads are to end everything and then themselves.
///
/// They read it between their steps, and from inside libcurl while a mail is under way.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
