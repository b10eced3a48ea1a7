/// A request on its way to the curl thread.
struct Order: Sendable {
    let ticket: Ticket
    let request: HTTPRequest
    let answer: Answer<HTTPResponse>

    /// When the caller's time is up.
    let deadline: ContinuousClock.Instant

    /// Answers a call that never became a transfer.
    func refuse(_ error: TransportError) { answer.resume(returning: .failure(error)) }
}
