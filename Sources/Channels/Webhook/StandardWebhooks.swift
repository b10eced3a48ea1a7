import Crypto
import Foundation
package import Pipeline

/// A symmetric secret of the Standard Webhooks specification.
package struct StandardWebhooksKey: Sendable {
    /// As in the settings, to be taken out of texts.
    let secret: Secret
    /// Fed with the key already, which is half of the work for a short message.
    private let keyed: HMAC<SHA256>

    /// The most bytes of a key; the specification asks for 24 to 64.
    static let lengthLimit = 512

    /// `whsec_` and Base64, or the Base64 alone.
    package init(_ secret: Secret) throws(SettingsError) {
        let prefix = "whsec_"
        let text =
            secret.value.hasPrefix(prefix)
            ? String(secret.value.dropFirst(prefix.count)) : secret.value
        // The libraries of receivers take it without its padding, too.
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: text + padding), !data.isEmpty,
            data.count <= Self.lengthLimit
        else {
            throw SettingsError(
                "secret",
                wrong: Bilingual(
                    "写成 `whsec_` 加 24 到 64 字节的 Base64", "use `whsec_` and 24 to 64 bytes in Base64")
            )
        }
        self.secret = secret
        keyed = HMAC<SHA256>(key: SymmetricKey(data: data))
    }

    /// `v1,…` over `id.timestamp.body`.
    func signature(id: String, seconds: Int64, body: [UInt8]) -> String {
        var code = keyed
        code.update(data: Array("\(id).\(seconds).".utf8) + body)
        return "v1," + Data(code.finalize()).base64EncodedString()
    }
}

extension [StandardWebhooksKey] {
    /// The value of `webhook-signature`: one signature for each key.
    func signatures(id: String, seconds: Int64, body: [UInt8]) -> String {
        map { $0.signature(id: id, seconds: seconds, body: body) }.joined(separator: " ")
    }
}
