package import Networking

extension WebhookChannel {
    /// What the settings say of a generic webhook, checked.
    package struct Settings: Sendable {
        package let endpoint: Endpoint
        /// Each signs, so that a receiver can change its secret without a gap; empty: not signed.
        let keys: [StandardWebhooksKey]
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
        /// taken for secrets; `ranges` is `network.allow-private`.
        package init(
            url: String, secrets: [Secret] = [], format: String = "json",
            headers: [String: Secret] = [:], allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try Endpoint(url, allowing: ranges)
            switch format {
            case "json": break
            case "cloudevents":
                throw ChannelSettingsError("format", .notInThisRelease("`cloudevents`"))
            default:
                throw ChannelSettingsError("format", .unusable("use `json`"))
            }
            guard secrets.count <= Self.secretLimit else {
                throw ChannelSettingsError("secret", .tooMany(limit: Self.secretLimit))
            }
            var keys: [StandardWebhooksKey] = []
            for secret in secrets { keys.append(try StandardWebhooksKey(secret)) }
            self.keys = keys
            guard headers.count <= Self.headerLimit else {
                throw ChannelSettingsError("headers", .tooMany(limit: Self.headerLimit))
            }
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                try Self.check(name, value)
            }
            self.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }

        private static func check(_ name: String, _ value: Secret) throws(ChannelSettingsError) {
            let isToken =
                !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
                }
            guard isToken else {
                throw ChannelSettingsError("headers", .unusable("a name is not an HTTP token"))
            }
            let lowercased = name.lowercased()
            guard !ownHeaders.contains(lowercased), !lowercased.hasPrefix("webhook-") else {
                throw ChannelSettingsError("headers", .unusable("`\(name)` is set by Tocsin"))
            }
            let isSound = value.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            guard isSound, value.value.utf8.count <= headerValueLimit else {
                throw ChannelSettingsError(
                    "headers", .unusable("`\(name)` is not printable ASCII in one line"))
            }
        }

        private static let ownHeaders: Set = [
            "host", "connection", "content-length", "content-type", "transfer-encoding", "expect",
            "te", "trailer", "upgrade",
        ]
    }
}
