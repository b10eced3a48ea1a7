package import Networking
package import Pipeline

extension AliyunQualitycheck {
    /// What the settings say of a source of type `aliyun-qualitycheck`, checked.
    package struct Settings: Sendable {
        package let endpoint: CloudEndpoint
        package let appKey: String
        package let version: String
        package let method: HTTPRequest.Method
        package let signature: SignatureVersion
        /// The `channelId` that speaks for the agent; every other one is then the customer's.
        ///
        /// Nil: every speaker is `other`.
        package let agentChannel: Int64?

        package static let defaultEndpoint = "https://qualitycheck.cn-hangzhou.aliyuncs.com"
        package static let versions = ["2019-01-15", "2016-08-01"]
        /// The most bytes of an application key.
        package static let appKeyLimit = 128

        /// Checks the values of `endpoint` (`https://host[:port]`), `app-key`, `version` (one of
        /// ``versions``), `method` (`POST` or `GET`), `signature` (`v3` or `rpc`) and
        /// `agent-channel`.
        package init(
            endpoint: String = Self.defaultEndpoint, appKey: String, version: String = "2019-01-15",
            method: String = "POST", signature: String = "v3", agentChannel: Int64? = nil
        ) throws(SettingsError) {
            self.endpoint = try CloudEndpoint(endpoint)
            guard !appKey.isEmpty else { throw SettingsError("app-key", .missing) }
            let isSound = appKey.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
            }
            guard isSound, appKey.utf8.count <= Self.appKeyLimit else {
                throw SettingsError(
                    "app-key",
                    wrong: Bilingual(
                        "不能有空白和换行，最多 \(Self.appKeyLimit) 字节",
                        "no blanks or line ends, at most \(Self.appKeyLimit) bytes"))
            }
            self.appKey = appKey
            guard Self.versions.contains(version) else {
                throw SettingsError(
                    "version",
                    wrong: Bilingual(
                        "可用 \(Self.versions.joined(separator: " 和 "))",
                        "use \(Self.versions.joined(separator: " or "))"))
            }
            self.version = version
            guard let method = HTTPRequest.Method(rawValue: method), method != .put else {
                throw SettingsError("method", wrong: Bilingual("可用 POST 和 GET", "use POST or GET"))
            }
            self.method = method
            guard let signature = SignatureVersion(rawValue: signature) else {
                throw SettingsError("signature", wrong: Bilingual("可用 v3 和 rpc", "use v3 or rpc"))
            }
            self.signature = signature
            self.agentChannel = agentChannel
        }
    }
}
