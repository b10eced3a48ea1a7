import CCurl

/// One HTTP request and its answer, as libcurl goes through it.
final class HTTPExchange: Exchange {
    /// Why a callback said no.
    private enum Problem {
        case addressRefused
        /// libcurl wanted to send the request a second time.
        case repeated
        case headTooLarge
        case bodyTooLarge
    }

    private let request: HTTPRequest
    /// What is gone through; `nil` for the way without.
    private let proxy: Proxy?
    private let connection: ConnectionSettings
    private let defaults: CurlTransport.Configuration
    private let answer: Answer<HTTPResponse>

    private var problem: Problem?
    private var hasBegun = false
    private var admitsSome = false
    private var head = HTTPHead()
    private var body: [UInt8] = []

    private let responseLimit: Int

    init(
        _ request: HTTPRequest, defaults: CurlTransport.Configuration,
        answer: Answer<HTTPResponse>
    ) {
        self.request = request
        self.defaults = defaults
        self.answer = answer
        let connection = request.connection ?? defaults.connection
        self.connection = connection
        proxy = connection.proxy(toURL: request.url)
        responseLimit = min(max(request.responseLimit, 0), HTTPRequest.largestResponseLimit)
    }

    private var isEncrypted: Bool { request.isEncrypted }

    // MARK: Options

    var shape: HTTPShape? {
        HTTPShape(
            method: request.method, isEncrypted: isEncrypted, connection: connection, proxy: proxy,
            connectTimeout: request.connectTimeout, responseLimit: responseLimit,
            lookups: request.lookups)
    }

    func configure(_ handle: inout EasyHandle) throws(TransportError) {
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try handle.set(CURLOPT_HTTP09_ALLOWED, 0)
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout)
        try handle.set(CURLOPT_MAXFILESIZE_LARGE, large: max(responseLimit, 1))
        try handle.set(trustAndIdentity: connection)
        try handle.set(proxy, trusting: connection)
        if !request.lookups.isEmpty { try handle.set(lookups: request.lookups) }
        if isEncrypted {
            // One connection with many streams where the server can: wait for it to say so.
            try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
            try handle.set(CURLOPT_PIPEWAIT, 1)
        } else {
            try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        }
        try handle.set(request.method == .get ? CURLOPT_HTTPGET : CURLOPT_POST, 1)
        if request.method == .put { try handle.set(CURLOPT_CUSTOMREQUEST, "PUT") }
        try reconfigure(&handle)
    }

    func reconfigure(_ handle: inout EasyHandle) throws(TransportError) {
        try handle.set(CURLOPT_URL, request.url)
        if request.method != .get { try handle.set(body: request.body) }
        try handle.set(headers: headerLines())
    }

    /// The lines as libcurl wants them: `Name;` for an empty value, `Name:` to keep one of its own
    /// out.
    private func headerLines() -> [String] {
        var lines = request.headers.map { header in
            header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
        }
        lines.append("Expect:")
        for (name, ours) in [
            ("Content-Type", ""), ("Accept", ""), ("User-Agent", defaults.userAgent),
        ] where !request.headers.contains(where: { $0.isNamed(name) }) {
            lines.append(ours.isEmpty ? "\(name):" : "\(name): \(ours)")
        }
        return lines
    }

    // MARK: Questions of libcurl

    func admits(_ address: IPAddress) -> Bool {
        // Behind a proxy it is the proxy's address, which is the operator's own choice.
        let isAdmitted =
            proxy != nil || request.addressPolicy.permits(address, encrypted: isEncrypted)
        if isAdmitted { admitsSome = true } else { problem = .addressRefused }
        return isAdmitted
    }

    func begins(on connection: Connection) -> Bool {
        guard !hasBegun else {
            // A kept connection died before the answer: libcurl would send the request again by
            // itself, though the server may have acted on it.
            problem = .repeated
            return false
        }
        // A kept connection was opened by another request, with another policy perhaps.
        guard let address = IPAddress(connection.far), admits(address) else {
            problem = .addressRefused
            return false
        }
        problem = nil
        hasBegun = true
        return true
    }

    func receives(headerLine: Span<UInt8>) -> Bool {
        guard head.append(headerLine) else {
            problem = .headTooLarge
            return false
        }
        return true
    }

    func receives(body part: Span<UInt8>, expected: Int) -> Bool {
        guard part.count <= responseLimit - body.count, expected <= responseLimit else {
            problem = .bodyTooLarge
            return false
        }
        if body.isEmpty && expected > 0 { body.reserveCapacity(expected + HTTPResponse.padding) }
        body.append(part)
        return true
    }

    func nextPart(atMost count: Int) -> ArraySlice<UInt8> { [] }

    // MARK: The end

    /// Answers the caller.
    func concludes(_ ending: Ending) {
        switch ending {
        case .failed(var error):
            error.mayHaveBeenDelivered = hasBegun
            answer.resume(returning: .failure(error))
        case .finished(let result, let facts):
            answer.resume(returning: outcome(result, facts))
        }
    }

    private func outcome(
        _ result: CURLcode, _ facts: Ending.Facts
    ) -> Result<HTTPResponse, TransportError> {
        guard result == CURLE_OK else { return .failure(failure(result, facts)) }
        guard let headers = head.headers(), facts.status >= 200 else {
            return .failure(
                TransportError(
                    .badResponse, mayHaveBeenDelivered: true, message: "the answer is not HTTP"))
        }
        if facts.status == 407, !isEncrypted, proxy != nil {
            return .failure(TransportError(.connect, message: TransportError.proxyWantsLogin))
        }
        body.reserveCapacity(body.count + HTTPResponse.padding)
        var response = HTTPResponse(status: facts.status, headers: headers)
        swap(&response.body, &body)
        response.serverTime = response.header("Date").flatMap(EasyHandle.seconds(ofDate:))
        response.retryAfter = response.header("Retry-After").flatMap {
            RetryAfter.duration($0, asDate: facts.retryAfterSeconds)
        }
        return .success(response)
    }

    private func failure(_ result: CURLcode, _ facts: Ending.Facts) -> TransportError {
        switch problem {
        case .addressRefused where !admitsSome || result == CURLE_ABORTED_BY_CALLBACK:
            return TransportError(
                .addressRefused, message: "the host is at an address that is not permitted")
        case .repeated:
            return TransportError(
                .connectionLost, mayHaveBeenDelivered: true,
                message: "the connection ended before the answer came")
        case .headTooLarge:
            return TransportError(
                .responseTooLarge, mayHaveBeenDelivered: true,
                message: "the header of the answer is over \(HTTPHead.mostBytes) bytes"
                    + " or \(HTTPHead.mostLines) lines")
        case .bodyTooLarge:
            return .bodyOverLimit(responseLimit)
        case .addressRefused, nil:
            break
        }
        if result == CURLE_FILESIZE_EXCEEDED { return .bodyOverLimit(responseLimit) }
        var facts = facts
        facts.isThroughProxy = proxy != nil
        return .failure(result, facts, hasBegun: hasBegun)
    }
}

extension TransportError {
    fileprivate static func bodyOverLimit(_ limit: Int) -> TransportError {
        TransportError(
            .responseTooLarge, mayHaveBeenDelivered: true,
            message: "the body of the answer is over \(limit) bytes")
    }
}
