import Crypto
import Foundation

/// The older signature of RPC APIs: HMAC-SHA1, `SignatureVersion` 1.0.
///
/// It covers the parameters alone, neither headers nor the host. Pure, for signing and verifying.
package struct RPCSignature: Hashable, Sendable {
    /// The parameters, sorted and encoded once.
    package let canonicalQuery: String
    package let stringToSign: String
    /// Base64.
    package let signature: String

    /// The parameter that carries the signature and is not signed itself.
    package static let parameterName = "Signature"

    /// Signs a request.
    ///
    /// The method is the HTTP method as used; the parameters are all of the query and of a form
    /// body, decoded, and `Signature` among them is left out.
    package init(method: String, parameters: [QueryItem], accessKeySecret: String) {
        let signed = parameters.filter { $0.name != Self.parameterName }
        canonicalQuery = PercentEncoding.query(signed.sortedByName)
        stringToSign = "\(method)&%2F&\(PercentEncoding.encode(canonicalQuery))"
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array(stringToSign.utf8),
            using: SymmetricKey(data: Array("\(accessKeySecret)&".utf8)))
        signature = Data(code).base64EncodedString()
    }
}
