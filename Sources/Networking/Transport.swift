/// The way out of the program: HTTP requests and mails, sent for a caller.
///
/// ``CurlTransport`` sends them for real; a simulation puts its own implementation in its place.
///
/// An answer of the far side is a value, bad news included: a status of 500 is an ``HTTPResponse``.
/// What is thrown is the failure of the *call*, and ``TransportError/mayHaveBeenDelivered`` then
/// says whether the far side may have acted on it all the same. A mail is the one exception: a
/// server that takes it for no recipient at all is a ``TransportError`` with the code `mail`,
/// `authenticationNotOffered` or `authenticationRefused`, with what it said in
/// ``TransportError/mailReply``.
///
/// Both calls end early, with the code `cancelled`, when the task that makes them is cancelled.
package protocol Transport: Sendable {
    /// Sends a request once and returns the answer, whatever its status.
    ///
    /// Nothing is repeated and no redirect is followed. The times of the request count from this
    /// call.
    ///
    /// - throws: A ``TransportError`` whenever there is no whole answer.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse

    /// Hands a mail to its server once and returns what the server said.
    ///
    /// A return means that the server took the mail for at least one recipient; look at
    /// ``MailReply/recipients`` for the others.
    ///
    /// - throws: A ``TransportError`` whenever the server did not take the mail, or might have.
    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply

    /// Where tasks run that do little else than send; nil: where all tasks do.
    var executor: (any TaskExecutor)? { get }
}

extension Transport {
    package var executor: (any TaskExecutor)? { nil }
}
