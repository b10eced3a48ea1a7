import HummingbirdCore
import NIOCore
import NIOPosix
import Synchronization

/// What a mail sink asks of those who send to it.
package struct MailOptions: Hashable, Sendable {
    /// With a name and a password, nobody sends without logging in (PLAIN or LOGIN).
    package var username: String?
    package var password: String?
    /// The most bytes of a mail.
    package var sizeLimit = 10 << 20
    /// The most mails that are kept; the oldest go.
    package var keep = 1000

    package init() {}
}

/// A mail server on loopback that keeps what it takes and delivers nothing.
///
/// No TLS: it is for `tls: none`. Strict: commands in their order, lines that end in CRLF.
package final class MailStandIn: StandIn {
    /// The most connections at one time.
    static let connectionLimit = 100
    /// The most bytes of all mails kept.
    static let totalLimit = 64 << 20
    /// How long a connection may say nothing.
    static let idleLimit = TimeAmount.minutes(5)

    private let rules: SMTPRules
    private let keep: Int
    private let wantedPort: Int
    private let bound = BoundPort()
    private let state = Mutex(State())

    private struct State {
        var mails: [ReceivedMail] = []
        var bytes = 0
        var taken = 0
        var connections = 0
        var openConnections = 0
        /// Replies of 4xx and 5xx.
        var refusals = 0
    }

    /// A sink on `port`, or on any free one when it is 0.
    package init(port: Int = 0, options: MailOptions = MailOptions()) {
        rules = SMTPRules(
            username: options.username, password: options.password,
            sizeLimit: options.sizeLimit)
        keep = max(1, options.keep)
        wantedPort = port
    }

    package var port: Int {
        get async throws { try await bound.value }
    }

    /// What is still kept, oldest first.
    package var mails: [ReceivedMail] { state.withLock { $0.mails } }

    /// How many mails were taken since the start.
    package var mailCount: Int { state.withLock { $0.taken } }

    /// How many commands and mails were refused since the start.
    package var refusalCount: Int { state.withLock { $0.refusals } }

    /// How many connections there were since the start.
    package var connectionCount: Int { state.withLock { $0.connections } }

    package func run() async throws {
        let end = OrderlyEnd()
        let listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
        do {
            listener = try await listen(until: end)
        } catch {
            let failure = StandInError(
                "cannot listen on 127.0.0.1:\(wantedPort): \(String(describing: error))")
            bound.settle(.failure(failure))
            throw failure
        }
        bound.settle(.success(listener.channel.localAddress?.port ?? wantedPort))
        end.begin(on: listener.channel)
        try await end.run {
            try await withThrowingDiscardingTaskGroup { group in
                try await listener.executeThenClose { connections in
                    for try await connection in connections {
                        group.addTask { await self.serve(connection) }
                    }
                }
                // Each has its dialogue now, which may be cut off.
                group.cancelAll()
            }
        } stop: {
            try? await listener.channel.close()
        }
    }

    private func listen(until end: OrderlyEnd) async throws
        -> NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    {
        try await ServerBootstrap(group: end.loop)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AvailableConnectionsChannelHandler(delegate: end))
                }
            }
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: wantedPort) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(readTimeout: Self.idleLimit))
                    try pipeline.addHandler(IdleCloser())
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// One dialogue.
    ///
    /// How a connection breaks is the client's affair.
    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        let (number, isTooMany) = state.withLock { state in
            state.connections += 1
            state.openConnections += 1
            return (state.connections, state.openConnections > Self.connectionLimit)
        }
        defer { state.withLock { $0.openConnections -= 1 } }
        try? await connection.executeThenClose { inbound, outbound in
            guard !isTooMany else {
                try await outbound.write(ByteBuffer(string: "421 4.3.2 Too many connections\r\n"))
                return
            }
            var session = SMTPSession(rules: rules, number: number)
            try await outbound.write(ByteBuffer(string: session.greeting))
            for try await buffer in inbound {
                for event in session.receive(Array(buffer.readableBytesView)) {
                    switch event {
                    case .reply(let text):
                        count(text)
                        try await outbound.write(ByteBuffer(string: text))
                    case .mail(let mail): store(mail)
                    case .close: return
                    }
                }
            }
        }
    }

    private func count(_ reply: String) {
        guard reply.hasPrefix("4") || reply.hasPrefix("5") else { return }
        state.withLock { $0.refusals += 1 }
    }

    private func store(_ mail: ReceivedMail) {
        state.withLock { state in
            state.taken += 1
            state.mails.append(mail)
            state.bytes += mail.bytes.count
            while state.mails.count > keep
                || state.bytes > Self.totalLimit && state.mails.count > 1
            {
                state.bytes -= state.mails.removeFirst().bytes.count
            }
        }
    }

    /// Closes a connection that has been silent for too long.
    private final class IdleCloser: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard event is IdleStateHandler.IdleStateEvent else {
                context.fireUserInboundEventTriggered(event)
                return
            }
            context.close(promise: nil)
        }
    }
}
