/// A cloud that holds analysis tasks: reads one, and says what it read.
package protocol Cloud: Sendable {
    /// Asks for the task once.
    ///
    /// Signing anew and renewing credentials, each once, are inside.
    func read(_ task: TaskRecord, at now: Timestamp) async throws(CloudError) -> TaskReply

    /// What a stored reply said: the same as at the read, on any machine.
    func decode(_ reply: [UInt8]) throws(CloudError) -> TaskReply
}

/// Why a read gave no answer, by what is to be done about it.
///
/// The texts hold no secret.
package enum CloudError: Error, Hashable, Sendable {
    /// The source's budget is used up.
    ///
    /// Its own wish, when it said one; else `perMinute` tells the limit that was hit.
    case throttled(retryAfter: Duration?, perMinute: Bool, reason: String)
    /// It may work later.
    case unavailable(reason: String)
    /// The cloud refuses this id.
    case refusedTask(reason: String)
    /// Nothing will work before someone acts: credentials, permissions, endpoint, or our clock.
    case refusedSource(reason: String)
}
