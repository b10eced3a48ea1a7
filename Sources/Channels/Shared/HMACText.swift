import Crypto
import Foundation

/// HMAC-SHA256 and SHA-256 in the spellings that services ask for.
enum HMACText {
    /// Base64 of HMAC-SHA256.
    static func base64(of message: some DataProtocol, key: some ContiguousBytes) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))
        return Data(code).base64EncodedString()
    }

    /// The first `digits` hexadecimal digits of SHA-256: a short name for a longer one.
    static func digest(of text: String, digits: Int) -> String {
        let hash = SHA256.hash(data: Data(text.utf8))
        let hexadecimal = hash.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return String(hexadecimal.joined().prefix(digits))
    }
}
