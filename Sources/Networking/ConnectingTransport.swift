/// Sends by another transport, with connection settings of its own.
private struct ConnectingTransport<Base: Transport>: Transport {
    let base: Base
    let connection: ConnectionSettings

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var request = request
        request.connection = request.connection ?? connection
        return try await base.send(request)
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        var mail = mail
        mail.connection = mail.connection ?? connection
        return try await base.send(mail)
    }

    var executor: (any TaskExecutor)? { base.executor }
}

extension Transport {
    /// This transport, with settings for what says nothing of its own; with `nil`, as it is.
    package func connecting(by connection: ConnectionSettings?) -> any Transport {
        guard let connection else { return self }
        return ConnectingTransport(base: self, connection: connection)
    }
}
