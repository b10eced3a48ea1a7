/// The bot's signature: Base64 of HMAC-SHA256 over nothing, keyed by the time and the secret.
///
/// It is not DingTalk's: key and message change places, and the time is in seconds.
enum FeishuSignature {
    static func base64(seconds: Int64, secret: String) -> String {
        HMACText.base64(of: [UInt8](), key: Array("\(seconds)\n\(secret)".utf8))
    }

    /// What goes in front of the other members of the body.
    static func members(seconds: Int64, secret: String) -> String {
        members(seconds, base64(seconds: seconds, secret: secret))
    }

    /// The bytes that they take: the time has ten digits until the year 2286.
    static var size: Int {
        members(1_000_000_000, String(repeating: "=", count: 44)).utf8.count
    }

    private static func members(_ seconds: Int64, _ sign: String) -> String {
        "\"timestamp\":\"\(seconds)\",\"sign\":\"\(sign)\","
    }
}
