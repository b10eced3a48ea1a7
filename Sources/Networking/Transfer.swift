import CCurl

/// The two ends of a connection, as libcurl names them; no two open connections are equal.
struct Connection: Hashable {
    var far: String
    var farPort: Int32
    var near: String
    var nearPort: Int32
}

/// How a transfer ended.
enum Ending {
    /// What libcurl says of it, and knows about it.
    case finished(CURLcode, Facts)
    /// Taken away from libcurl, or kept from it.
    case failed(TransportError)

    struct Facts {
        var status = 0
        var retryAfterSeconds = 0
        var verification = 0
        var systemError = 0
        /// What the proxy answered when it was asked to connect.
        var connectStatus = 0
        var proxyError = 0
        var isThroughProxy = false
        /// Why TLS failed, where libcurl named a reason that is known here.
        var trouble: TLSTrouble?
    }
}

/// What one kind of transfer makes of libcurl's questions.
///
/// All calls come from the curl thread.
///
/// The callbacks return whether to go on; the implementation remembers why not.
protocol Exchange: AnyObject {
    /// Sets the options that are this kind's own.
    func configure(_ handle: inout EasyHandle) throws(TransportError)

    /// What most of them follow from; nil when no other exchange has the like.
    var shape: HTTPShape? { get }

    /// Sets those that do not follow from the shape, on a handle that has it.
    func reconfigure(_ handle: inout EasyHandle) throws(TransportError)

    /// A socket is to be opened to this address.
    func admits(_ address: IPAddress) -> Bool

    /// The request is about to go out on this connection.
    func begins(on connection: Connection) -> Bool

    func receives(headerLine: Span<UInt8>) -> Bool

    /// A part of the body; `expected` bytes in all, negative or zero when that is not known.
    func receives(body: Span<UInt8>, expected: Int) -> Bool

    func nextPart(atMost count: Int) -> ArraySlice<UInt8>
}

extension Exchange {
    var shape: HTTPShape? { nil }

    func reconfigure(_ handle: inout EasyHandle) throws(TransportError) {
        try configure(&handle)
    }
}

/// An easy handle with what it is working on.
///
/// It is used again and again.
///
/// The pointer that libcurl has of it is not retained, because who gives the handle to libcurl
/// holds the transfer until libcurl has given it back.
final class Transfer {
    var handle: EasyHandle
    let sockets: SocketTable
    private let stopping: StopFlag

    /// What the handle is set up for.
    private var shape: HTTPShape?
    private(set) var ticket: Ticket?
    private(set) var exchange: (any Exchange)?

    init(sockets: SocketTable, stopping: StopFlag) throws(TransportError) {
        handle = try EasyHandle()
        self.sockets = sockets
        self.stopping = stopping
    }

    /// Makes the handle ready for a call.
    ///
    /// Most requests differ from the one before in their address, headers and body alone: then the
    /// other options, of which each costs libcurl a copy, stay as they are.
    func prepare(
        _ exchange: any Exchange, for ticket: Ticket, until deadline: ContinuousClock.Instant
    ) throws(TransportError) {
        self.ticket = ticket
        self.exchange = exchange
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { throw .timeIsUp }
        let shape = exchange.shape
        if let shape, shape == self.shape {
            try exchange.reconfigure(&handle)
        } else {
            self.shape = nil
            handle.reset()
            try handle.attach(to: self)
            try handle.setCommonOptions()
            try exchange.configure(&handle)
            self.shape = shape
        }
        try handle.listen()
        try handle.set(CURLOPT_TIMEOUT_MS, left)
    }

    /// Lets go of what the call held.
    func clear() {
        ticket = nil
        exchange = nil
    }

    /// Whether nobody waits for it any more.
    var isUnwanted: Bool { stopping.isSet || ticket?.isCancelled ?? true }

    /// What libcurl's result means, and what it knows besides.
    func ending(_ result: CURLcode) -> Ending {
        guard result != CURLE_OK else {
            return .finished(
                result,
                Ending.Facts(
                    status: handle.number(CURLINFO_RESPONSE_CODE),
                    retryAfterSeconds: handle.largeNumber(CURLINFO_RETRY_AFTER)))
        }
        let facts = Ending.Facts(
            status: handle.number(CURLINFO_RESPONSE_CODE),
            retryAfterSeconds: handle.largeNumber(CURLINFO_RETRY_AFTER),
            verification: handle.number(CURLINFO_SSL_VERIFYRESULT),
            systemError: handle.number(CURLINFO_OS_ERRNO),
            connectStatus: handle.number(CURLINFO_HTTP_CONNECTCODE),
            proxyError: handle.number(CURLINFO_PROXY_ERROR),
            trouble: TLSTrouble(handle.account))
        return .finished(result, facts)
    }

    var whyUnwanted: TransportError {
        if ticket?.isCancelled == true { return .cancelled }
        return stopping.isSet ? .stopped : .timeIsUp
    }

    // MARK: Called by libcurl, through EasyHandle's callbacks

    func admits(_ address: IPAddress) -> Bool { exchange?.admits(address) ?? false }

    func begins(on connection: Connection) -> Bool { exchange?.begins(on: connection) ?? false }

    func receives(headerLine: Span<UInt8>) -> Bool {
        exchange?.receives(headerLine: headerLine) ?? false
    }

    func receives(body: Span<UInt8>) -> Bool {
        exchange?.receives(
            body: body, expected: handle.largeNumber(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)) ?? false
    }

    func nextPart(atMost count: Int) -> ArraySlice<UInt8> {
        exchange?.nextPart(atMost: count) ?? []
    }
}

extension EasyHandle {
    /// Trust, limits of patience, and nothing that the environment could change.
    fileprivate func setCommonOptions() throws(TransportError) {
        try set(CURLOPT_NOSIGNAL, 1)
        // Else giving up while a name is looked up would wait for the look-up, and all transfers
        // with it.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NETRC, 0)
        try set(CURLOPT_MAXAGE_CONN, Self.longestIdleSeconds)
    }

    /// How long a kept connection may have been idle: less than what servers usually wait before
    /// they close it, because a request that crosses with the close is lost.
    private static var longestIdleSeconds: Int { 30 }
}
