import Synchronization

/// The ``Transport`` of the running program: libcurl, on threads of its own.
///
/// ```swift
/// let transport = CurlTransport()
/// let response = try await transport.send(HTTPRequest(.get, url: "https://example.com/status"))
/// await transport.shutdown()
/// ```
///
/// All HTTP shares one thread, which never waits for anything but all of it; mails have a few more
/// for each server while there are any (see `MailExchange` for the reason). Connections are kept
/// and used again.
///
/// What holds for every call:
/// - Certificates are verified, TLS is 1.2 or later, HTTP/2 is used where an `https:` server offers
///   it.
/// - No redirect is followed, no cookie, password file or environment variable is looked at.
/// - A request goes out once. When a kept connection dies under it, libcurl would send it again by
///   itself; here
///   that is a `connectionLost` that may have been delivered.
/// - The cancellation of the calling task ends the transfer. One inside libcurl's wait for a mail
///   server's last
///   word notices within a second.
package final class CurlTransport: Transport {
    package struct Configuration: Sendable, Hashable {
        /// What is sent as `User-Agent` when a request has none.
        package var userAgent = "tocsin"
        /// What holds for requests that say nothing of their own.
        ///
        /// Mails never go through a proxy.
        package var connection = ConnectionSettings()
        /// How many HTTP connections are open or kept at once.
        package var connections = 256
        /// How many of them to one host.
        package var connectionsPerHost = 64
        /// How long a session with a mail server is kept without a mail: less than what servers
        /// usually wait before they end it.
        package var mailIdleTime = Duration.seconds(30)
        /// How many calls may be under way, those that wait for their turn included.
        package var calls = 4096

        package init() {}
    }

    /// Which server's mails go through which lane.
    private struct MailLanes {
        var lanes: [MailLane] = []
        var places: [String: Int] = [:]
        var isStopped = false
    }

    /// How many lanes there are for mails; servers beyond share them.
    private static let mostMailLanes = 4

    private let configuration: Configuration
    private let web: CurlThread
    private let checkedAddresses = CheckedAddresses()
    private let mail = Mutex(MailLanes())

    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        web = CurlThread(
            name: "tocsin-web",
            bounds: CurlThread.Bounds(
                connections: configuration.connections,
                connectionsPerHost: configuration.connectionsPerHost,
                transfersAtOnce: configuration.connections, calls: configuration.calls),
            configuration: configuration)
    }

    /// The thread of the requests, so that a task needs no change of threads between two of them.
    ///
    /// What runs there must not wait for anything but by `await`, nor work for long, since all
    /// requests wait for it. After ``shutdown()`` such tasks go on elsewhere.
    package var executor: (any TaskExecutor)? { web }

    deinit {
        web.stop()
        for lane in mail.withLock({ $0.lanes }) { lane.stop() }
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try request.check(
            request.connection ?? configuration.connection, knowing: checkedAddresses)
        return try await web.send(request)
    }

    package func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        try mail.check()
        let message = try mail.wireMessage()
        let lane = try lane(for: mail.server)
        return try await lane.send(mail, message: message)
    }

    /// Ends all that is under way, with the code `stopped`, and returns when the threads have
    /// ended.
    ///
    /// Wait for it before the program ends: a process that exits while a thread is inside the TLS
    /// library can crash in that library's own exit. It takes up to a second while a mail server's
    /// last word is awaited. Calls that come later are answered with `stopped`.
    package func shutdown() async {
        let lanes = mail.withLock { mail in
            mail.isStopped = true
            return mail.lanes
        }
        web.stop()
        for lane in lanes { lane.stop() }
        await web.waitForEnd()
        for lane in lanes { await lane.waitForEnd() }
    }

    /// The lane for mails to this server: one more for each new server until there are enough, then
    /// in turn.
    private func lane(for server: MailServer) throws(TransportError) -> MailLane {
        let lane: MailLane? = mail.withLock { mail in
            if mail.isStopped { return nil }
            let name = "\(server.host.lowercased()):\(server.port)"
            if let place = mail.places[name] { return mail.lanes[place] }
            if mail.lanes.count < Self.mostMailLanes { mail.lanes.append(MailLane(configuration)) }
            let place = mail.places.count % mail.lanes.count
            mail.places[name] = place
            return mail.lanes[place]
        }
        guard let lane else { throw .stopped }
        return lane
    }
}
