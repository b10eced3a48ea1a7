import Crypto
import Foundation

/// The signature that GitHub made common: HMAC-SHA256 over the body, keyed by the secret as it is.
enum HubSignature {
    /// The header's name.
    static let header = "X-Hub-Signature-256"

    /// `sha256=` and lower-case hexadecimal digits.
    static func text(of body: [UInt8], secret: Secret) -> String {
        let key = SymmetricKey(data: Array(secret.value.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: body, using: key)
        return "sha256="
            + code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
