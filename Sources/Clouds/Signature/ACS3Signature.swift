import Crypto
package import Networking

/// ACS3-HMAC-SHA256, the third version of Alibaba Cloud's request signature, for ROA and RPC APIs.
///
/// Pure: the same for a client that signs and for a server that verifies. Every step can be seen,
/// because a difference of one byte is found only by comparing the steps.
package struct ACS3Signature: Hashable, Sendable {
    /// The method, the path, the sorted query, the signed headers and the hash of the body.
    package let canonicalRequest: String
    package let stringToSign: String
    /// The names of the signed headers, in small letters, sorted, joined with `;`.
    package let signedHeaders: String
    /// Hexadecimal, in small letters.
    package let signature: String

    package static let algorithm = "ACS3-HMAC-SHA256"

    /// Signs a request.
    ///
    /// The path is as on the request line, already percent-encoded, and empty stands for `/`; the
    /// query is decoded. The headers are those that are signed, and no other: `host` and every
    /// `x-acs-…` must be there, and `content-type` when it is sent. The hash is
    /// ``payloadHash(of:)`` of the body's bytes as sent.
    package init(
        method: String, path: String, query: [QueryItem], headers: [HTTPHeader],
        payloadHash: String, accessKeySecret: String
    ) {
        let canonicalHeaders = Self.canonicalHeaders(headers)
        signedHeaders = canonicalHeaders.map(\.name).joined(separator: ";")
        canonicalRequest = [
            method, path.isEmpty ? "/" : path, Self.canonicalQuery(query),
            Self.text(of: canonicalHeaders), signedHeaders, payloadHash,
        ].joined(separator: "\n")
        stringToSign = "\(Self.algorithm)\n\(Self.payloadHash(of: Array(canonicalRequest.utf8)))"
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(stringToSign.utf8), using: SymmetricKey(data: Array(accessKeySecret.utf8)))
        signature = hexadecimal(code)
    }

    /// The value of the header `Authorization`.
    package func authorization(accessKeyID: String) -> String {
        "\(Self.algorithm) Credential=\(accessKeyID),SignedHeaders=\(signedHeaders)"
            + ",Signature=\(signature)"
    }

    /// The SHA-256 of a body in hexadecimal: what goes into `x-acs-content-sha256`.
    package static func payloadHash(of body: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: body))
    }

    /// The query as it is signed; sent in this very form, it is right on the wire as well.
    package static func canonicalQuery(_ query: [QueryItem]) -> String {
        PercentEncoding.query(query.sortedByName)
    }

    /// The signed headers as they are signed, each line with its line end.
    package static func canonicalHeaderText(_ headers: [HTTPHeader]) -> String {
        text(of: canonicalHeaders(headers))
    }

    private static func text(of canonicalHeaders: [(name: String, values: [String])]) -> String {
        canonicalHeaders.map { "\($0.name):\($0.values.joined(separator: ","))\n" }.joined()
    }

    /// Small names, sorted; the values of one name trimmed and sorted.
    private static func canonicalHeaders(
        _ headers: [HTTPHeader]
    ) -> [(name: String, values: [String])] {
        Dictionary(grouping: headers) { $0.name.lowercased() }
            .map { name, fields in
                (name: name, values: fields.map { trimmed($0.value) }.sorted(by: precedes))
            }
            .sorted { precedes($0.name, $1.name) }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// The bytes in hexadecimal, in small letters.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
