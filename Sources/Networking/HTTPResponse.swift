/// A whole answer to an ``HTTPRequest``.
package struct HTTPResponse: Sendable, Hashable {
    /// How many bytes ``CurlTransport`` keeps allocated behind the last byte of ``body``.
    ///
    /// A JSON parser that reads in vectors may read (never write) this far past the end without a
    /// copy. It holds for the array as received, as long as `body.capacity - body.count` says so: a
    /// copy of the array may be shorter.
    package static let padding = 64

    package var status: Int

    /// The header fields in the order received; those of interim answers (1xx) and trailers are
    /// left out.
    package var headers: [HTTPHeader]

    /// The bytes as received: no content encoding is asked for and none is undone.
    ///
    /// See ``padding``.
    package var body: [UInt8]

    /// How long the server asks to be left alone (`Retry-After`, as seconds or as a date); never
    /// negative, at most ``longestRetryAfter``.
    package var retryAfter: Duration?

    /// The time of the server's clock (`Date`), in seconds since 1970.
    package var serverTime: Int64?

    package static let longestRetryAfter: Duration = .seconds(7 * 24 * 3600)

    package init(
        status: Int, headers: [HTTPHeader] = [], body: [UInt8] = [],
        retryAfter: Duration? = nil, serverTime: Int64? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.retryAfter = retryAfter
        self.serverTime = serverTime
    }

    /// The value of the first field of this name, in whatever case.
    package func header(_ name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}
