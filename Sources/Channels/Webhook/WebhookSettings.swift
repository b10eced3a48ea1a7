package import Networking
package import Pipeline

extension WebhookChannel {
    /// What the settings say of a generic webhook, checked.
    package struct Settings: Sendable {
        package let endpoint: Endpoint
        /// Each signs, so that a receiver can change its secret without a gap; empty: not signed.
        let keys: [StandardWebhooksKey]
        /// Signs as GitHub does; nil: not so.
        let hubSecret: Secret?
        /// Sent as they are, after our own.
        let headers: [(name: String, value: Secret)]
        let content: WebhookContent
        /// Nil: the status says it.
        let success: SuccessCondition?

        /// The most secrets of a rotation.
        package static let secretLimit = 8
        /// The most headers of the operator's.
        package static let headerLimit = HeaderCheck.countLimit

        /// Checks them all.
        ///
        /// A secret is `whsec_…`, or its Base64 text alone; the values of headers, which are for
        /// authorisation and the like, are taken for secrets; `signature` is `standard` (the default
        /// where there is a secret), `hub-sha256` or `none`; `ranges` is `network.allow-private`.
        package init(
            url: String, secrets: [Secret] = [], signature: String? = nil,
            headers: [String: Secret] = [:], content: WebhookContent = .json,
            success: SuccessCondition? = nil, allowing ranges: [AddressRange] = []
        ) throws(SettingsError) {
            endpoint = try Endpoint(url, allowing: ranges)
            self.content = content
            self.success = success
            guard secrets.count <= Self.secretLimit else {
                throw SettingsError("secret", .tooMany(limit: Self.secretLimit))
            }
            let signature = signature ?? (secrets.isEmpty ? "none" : "standard")
            try Self.check(signature, secrets)
            var keys: [StandardWebhooksKey] = []
            if signature == "standard" {
                for secret in secrets { keys.append(try StandardWebhooksKey(secret)) }
            }
            self.keys = keys
            hubSecret = signature == "hub-sha256" ? secrets.first : nil
            self.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            try checkHeaders()
        }

        private func checkHeaders() throws(SettingsError) {
            for (name, value) in headers { try HeaderCheck.check(name, value) }
            guard headers.count + content.headers.count <= Self.headerLimit else {
                throw SettingsError("headers", .tooMany(limit: Self.headerLimit))
            }
            let bytes =
                headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.value.utf8.count }
                + content.headers.reduce(0) {
                    $0 + $1.name.utf8.count + $1.value.fixedText.utf8.count
                }
            guard bytes <= HeaderCheck.totalLimit else {
                throw SettingsError(
                    "headers",
                    wrong: Bilingual(
                        "加起来超过 \(HeaderCheck.totalLimit) 字节",
                        "together they have over \(HeaderCheck.totalLimit) bytes"))
            }
        }

        /// A header of GitHub's kind has one signature: its receiver knows both secrets for a while.
        private static func check(
            _ signature: String, _ secrets: [Secret]
        ) throws(SettingsError) {
            guard ["standard", "hub-sha256", "none"].contains(signature) else {
                throw SettingsError(
                    "signature", wrong: Bilingual("不认识", "it is not known"),
                    hint: Bilingual(
                        "可用 standard、hub-sha256、none", "use standard, hub-sha256 or none"))
            }
            guard (signature == "none") == secrets.isEmpty else {
                throw SettingsError(
                    "secret",
                    wrong: Bilingual(
                        "签名要有 secret，不签名就不写", "a signature needs it, and `none` does not"))
            }
            guard signature != "hub-sha256" || secrets.count == 1 else {
                throw SettingsError(
                    "secret",
                    wrong: Bilingual("hub-sha256 只能有一个", "hub-sha256 signs with one alone"))
            }
            guard secrets.allSatisfy({ !$0.value.isEmpty }) else {
                throw SettingsError("secret", .missing)
            }
        }
    }
}
