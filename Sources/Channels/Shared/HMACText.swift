import Crypto
import Foundation

/// HMAC-SHA256 and SHA-256 in the spellings that services ask for.
enum HMACText {
    /// Base64 of HMAC-SHA256.
    static func base64(of message: some DataProtocol, key: some ContiguousBytes) -> String {
        base64(of: message, then: [], key: SymmetricKey(data: key))
    }

    /// Base64 of HMAC-SHA256 over two parts.
    static func base64(
        of start: some DataProtocol, then rest: [UInt8], key: SymmetricKey
    ) -> String {
        var code = HMAC<SHA256>(key: key)
        code.update(data: start)
        code.update(data: rest)
        return Data(code.finalize()).base64EncodedString()
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
