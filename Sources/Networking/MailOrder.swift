/// A mail on its way to a mail thread.
struct MailOrder: Sendable {
    let ticket: Ticket
    let mail: MailSubmission
    /// The message as it goes out.
    let message: [UInt8]
    private let continuation: Answer<MailReply>

    /// When the caller's time is up.
    let deadline: ContinuousClock.Instant

    init(
        ticket: Ticket, mail: MailSubmission, message: [UInt8],
        deadline: ContinuousClock.Instant, continuation: Answer<MailReply>
    ) {
        self.ticket = ticket
        self.mail = mail
        self.message = message
        self.deadline = deadline
        self.continuation = continuation
    }

    /// Answers the call, once.
    func answer(_ result: Result<MailReply, TransportError>) {
        continuation.resume(returning: result)
    }
}
