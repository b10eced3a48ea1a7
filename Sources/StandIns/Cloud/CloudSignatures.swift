import Crypto
import Foundation

/// The two signatures that the clouds take, as the server works them out again.
///
/// Written apart from the client's on purpose: a judge that shares the client's code agrees with
/// its mistakes.
enum CloudSignatures {
    /// ACS3-HMAC-SHA256.
    ///
    /// `signedHeaders` come in the order that the client names them in.
    static func acs3(
        secret: String, method: String, path: String, query: [FormPair],
        signedHeaders: [(name: String, values: [String])], payloadHash: String
    ) -> (canonicalRequest: String, signature: String) {
        let headers = signedHeaders.map { header in
            let values = header.values.map(\.trimmingBlanks).sorted { $0.utf8 < $1.utf8 }
            return "\(header.name):\(values.joined(separator: ","))\n"
        }
        let request = [
            method, path.isEmpty ? "/" : path, canonicalQuery(query), headers.joined(),
            signedHeaders.map(\.name).joined(separator: ";"), payloadHash,
        ].joined(separator: "\n")
        let digest = SHA256.hash(data: Data(request.utf8)).hexadecimal
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("ACS3-HMAC-SHA256\n\(digest)".utf8),
            using: SymmetricKey(data: Data(secret.utf8)))
        return (request, code.hexadecimal)
    }

    /// The older RPC signature, HMAC-SHA1, over the parameters of query and form.
    static func legacyRPC(
        secret: String, method: String, parameters: [FormPair]
    ) -> (stringToSign: String, signature: String) {
        let query = canonicalQuery(parameters.filter { $0.nameText != "Signature" })
        let text = "\(method)&%2F&\(escape(Array(query.utf8)))"
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data("\(secret)&".utf8)))
        return (text, Data(code).base64EncodedString())
    }

    private static func canonicalQuery(_ pairs: [FormPair]) -> String {
        let sorted = pairs.sorted { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value)
                : left.name.lexicographicallyPrecedes(right.name)
        }
        return sorted.map { "\(escape($0.name))=\(escape($0.value))" }.joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    private static func escape(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.append(byte)
            default: output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension String.UTF8View {
    fileprivate static func < (left: Self, right: Self) -> Bool {
        left.lexicographicallyPrecedes(right)
    }
}

extension StringProtocol {
    /// Without the blanks and tabs at both ends.
    var trimmingBlanks: String {
        let rest = drop { $0 == " " || $0 == "\t" }
        guard let last = rest.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(rest[...last])
    }
}
