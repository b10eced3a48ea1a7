import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An HTTP server on 127.0.0.1 that hands whole requests to a function and sends what it returns.
final class LoopbackServer: Sendable {
    /// The most bytes of a request's body; more is answered with 413.
    static let bodyLimit = 1 << 20
    /// Connections that may wait to be accepted.
    static let backlog = 1024
    /// How long requests that are under way may take when it stops; then they are cut off.
    static let grace = Duration.seconds(1)

    let bound = BoundPort()
    private let wantedPort: Int
    private let gauge = Mutex((current: 0, maximum: 0))

    /// A server for `port`, or for any free one when it is 0.
    init(port: Int) { wantedPort = port }

    /// The most requests that were in hand at one time.
    var maximumInFlight: Int { gauge.withLock { $0.maximum } }

    /// Serves until the task is cancelled.
    func run(_ respond: @escaping @Sendable (LoopbackRequest) -> LoopbackAnswer) async throws {
        let end = OrderlyEnd()
        let application = Application(
            responder: CallbackResponder<Context> { request, context in
                try await self.answer(request, over: context.channel, by: respond)
            },
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: wantedPort), backlog: Self.backlog,
                availableConnectionsDelegate: end),
            onServerRunning: { channel in
                end.begin(on: channel)
                self.bound.settle(.success(channel.localAddress?.port ?? self.wantedPort))
            },
            eventLoopGroupProvider: .shared(end.loop),
            logger: Self.logger)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [], logger: Self.logger)
        configuration.maximumGracefulShutdownDuration = Self.grace
        let group = ServiceGroup(configuration: configuration)
        do {
            try await end.run {
                try await group.run()
            } stop: {
                await group.triggerGracefulShutdown()
            }
            bound.settle(.failure(CancellationError()))
        } catch let error as IOError {
            let failure = StandInError(
                "cannot listen on 127.0.0.1:\(wantedPort): \(error.localizedDescription)")
            bound.settle(.failure(failure))
            throw failure
        } catch {
            bound.settle(.failure(error))
            throw error
        }
    }

    private static let logger = Logger(label: "tocsin.stand-in") { _ in SwiftLogNoOpLogHandler() }

    private func answer(
        _ request: Request, over channel: any Channel,
        by respond: @Sendable (LoopbackRequest) -> LoopbackAnswer
    ) async throws -> Response {
        gauge.withLock {
            $0.current += 1
            $0.maximum = max($0.maximum, $0.current)
        }
        defer { gauge.withLock { $0.current -= 1 } }
        let answer: LoopbackAnswer
        do {
            let body = try await request.body.collect(upTo: Self.bodyLimit)
            answer = respond(LoopbackRequest(request.head, body: Array(body.readableBytesView)))
        } catch is NIOTooManyBytesError {
            answer = .text("the body has over \(Self.bodyLimit) bytes", status: 413)
        }
        if answer.ending == .reset { try await reset(channel) }
        return answer.response
    }

    /// Closes the connection so that the client sees a reset, as a failing network would.
    private func reset(_ channel: any Channel) async throws -> Never {
        if let socket = channel as? any SocketOptionProvider {
            try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try await channel.close()
        throw CancellationError()
    }

    /// What Hummingbird makes for each request: here only the way to the connection.
    private struct Context: InitializableFromSource {
        let channel: any Channel

        init(source: ApplicationRequestContextSource) { channel = source.channel }
    }
}

extension LoopbackRequest {
    fileprivate init(_ head: HTTPRequest, body: [UInt8]) {
        var headers: [String: [String]] = [:]
        for field in head.headerFields {
            headers[field.name.canonicalName, default: []].append(field.value)
        }
        // HTTPTypes keeps the host apart.
        if let host = head.authority { headers["host"] = [host] }
        self.init(
            method: head.method.rawValue, target: head.path ?? "/", headers: headers, body: body)
    }
}

extension LoopbackAnswer {
    /// A reset never gets this far.
    fileprivate var response: Response {
        var fields: HTTPFields = [.contentType: contentType]
        for header in headers {
            if let name = HTTPFields.Element.Name(header.name) { fields[name] = header.value }
        }
        let buffer = ByteBuffer(bytes: body)
        guard ending == .cut else {
            return Response(
                status: .init(code: status), headers: fields, body: .init(byteBuffer: buffer))
        }
        // The head promises all bytes; ending early by an error closes the connection.
        fields[.contentLength] = String(body.count)
        let half = ByteBuffer(bytes: body.prefix(body.count / 2))
        return Response(
            status: .init(code: status), headers: fields,
            body: ResponseBody(contentLength: body.count) { writer in
                try await writer.write(half)
                throw CancellationError()
            })
    }
}
