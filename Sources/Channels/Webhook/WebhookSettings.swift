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

        /// The most secrets of a rotation.
        package static let secretLimit = 8
        /// The most headers of the operator's.
        package static let headerLimit = 32
        /// The most bytes of a header's value.
        package static let headerValueLimit = 4096

        /// Checks them all.
        ///
        /// A secret is `whsec_…`, or its Base64 text alone; the format is `json` (`cloudevents` is
        /// refused by name); the values of headers, which are for authorisation and the like, are
        /// taken for secrets; `signature` is `standard` (the default where there is a secret),
        /// `hub-sha256` or `none`; `ranges` is `network.allow-private`.
        package init(
            url: String, secrets: [Secret] = [], signature: String? = nil, format: String = "json",
            headers: [String: Secret] = [:], allowing ranges: [AddressRange] = []
        ) throws(SettingsError) {
            endpoint = try Endpoint(url, allowing: ranges)
            switch format {
            case "json": break
            case "cloudevents":
                throw SettingsError("format", .notInThisRelease("`cloudevents`"))
            default:
                throw SettingsError("format", wrong: Bilingual("可用 `json`", "use `json`"))
            }
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
            guard headers.count <= Self.headerLimit else {
                throw SettingsError("headers", .tooMany(limit: Self.headerLimit))
            }
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                try Self.check(name, value)
            }
            self.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
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

        private static func check(_ name: String, _ value: Secret) throws(SettingsError) {
            let isToken =
                !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
                }
            guard isToken else {
                throw SettingsError(
                    "headers", wrong: Bilingual("有的名字不是 HTTP 头的写法", "a name is not an HTTP token"))
            }
            let lowercased = name.lowercased()
            guard !ownHeaders.contains(lowercased), !lowercased.hasPrefix("webhook-") else {
                throw SettingsError(
                    "headers",
                    wrong: Bilingual("`\(name)` 由 Tocsin 填写", "`\(name)` is set by Tocsin"))
            }
            let isSound = value.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            guard isSound, value.value.utf8.count <= headerValueLimit else {
                throw SettingsError(
                    "headers",
                    wrong: Bilingual(
                        "`\(name)` 不是一行可见的 ASCII", "`\(name)` is not printable ASCII in one line"))
            }
        }

        private static let ownHeaders: Set = [
            "host", "connection", "content-length", "content-type", "transfer-encoding", "expect",
            "te", "trailer", "upgrade", "x-hub-signature-256", "x-github-delivery",
            "x-github-event",
        ]
    }
}
