import Synchronization

/// How a call is answered, exactly once.
typealias Answer<Reply> = CheckedContinuation<Result<Reply, TransportError>, Never>

/// A call on its way to the curl thread.
struct Order: Sendable {
    enum Work: Sendable {
        case request(HTTPRequest, Answer<HTTPResponse>)
        /// With the message as it goes out.
        case mail(MailSubmission, [UInt8], Answer<MailReply>)
    }

    /// Stands for the call while it lasts, and carries its cancellation to where the inbox cannot:
    /// into a thread that is busy inside libcurl.
    final class Ticket: Sendable {
        private let cancelled = Atomic(false)

        var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

        func cancel() { cancelled.store(true, ordering: .relaxed) }
    }

    let ticket: Ticket
    let work: Work

    /// When the caller's time is up.
    let deadline: ContinuousClock.Instant

    /// Answers a call that never became a transfer.
    func refuse(_ error: TransportError) {
        switch work {
        case .request(_, let answer): answer.resume(returning: .failure(error))
        case .mail(_, _, let answer): answer.resume(returning: .failure(error))
        }
    }
}
