/// A request to be sent once.
///
/// The description shows the method and the size alone: for many receivers the address is the
/// secret.
package struct HTTPRequest: Sendable, Hashable {
    /// What is asked of the resource.
    ///
    /// A `get` has no body.
    package enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
    }

    package var method: Method

    /// An absolute `https:` or `http:` address in printable ASCII, with no user name in it.
    ///
    /// Whatever else a path or a query holds is percent-encoded by the caller, and the name of an
    /// international host is written as its A-label (`xn--…`): what is signed is then what is sent.
    /// A fragment is not sent.
    package var url: String

    /// The header fields, sent in this order and as they are.
    ///
    /// Those that say where a request ends or what becomes of the connection (`Content-Length`,
    /// `Transfer-Encoding`, `Connection` and their like) are the transport's own and refused here.
    /// A `Host` given here takes the place of the address' own. `Content-Type` and `Accept` are sent
    /// only if they are given.
    package var headers: [HTTPHeader]

    package var body: [UInt8]

    /// How long name lookup, connection and TLS handshake may take together.
    package var connectTimeout: Duration = .seconds(5)

    /// How long everything may take, from the call of `send` to the last byte of the answer.
    package var timeout: Duration = .seconds(15)

    /// How many bytes the body of an answer may have before it is given up as `responseTooLarge`.
    package var responseLimit: Int = HTTPRequest.defaultResponseLimit

    /// Which addresses may be connected to.
    package var addressPolicy: AddressPolicy = .unrestricted

    /// How to get there; `nil` means the transport's own settings.
    package var connection: ConnectionSettings?

    /// What looking up names brings, as libcurl's `CURLOPT_RESOLVE` writes it, instead of what the
    /// system says.
    ///
    /// For tests of the address guard alone.
    var lookups: [String] = []

    package static let defaultResponseLimit = 8 << 20

    package init(
        _ method: Method = .post, url: String, headers: [HTTPHeader] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(method.rawValue) request with \(body.count) bytes" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
