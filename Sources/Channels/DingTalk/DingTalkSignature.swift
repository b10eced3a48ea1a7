/// The robot's signature: Base64 of HMAC-SHA256 over the time and the secret, keyed by the secret.
enum DingTalkSignature {
    static func base64(milliseconds: Int64, secret: String) -> String {
        HMACText.base64(of: Array("\(milliseconds)\n\(secret)".utf8), key: Array(secret.utf8))
    }
}
