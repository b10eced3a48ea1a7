package import Networking
package import Pipeline

extension AppriseChannel {
    /// What the settings say of an Apprise API, checked.
    package struct Settings: Sendable {
        /// `…/notify/KEY`, or `…/notify` with `urls`.
        let endpoint: Endpoint
        /// Only the targets with these tags, as the service writes them.
        let tag: String?
        /// Apprise's own addresses, for a server that stores none; each is a secret.
        let urls: [Secret]
        let login: HTTPLogin?

        package static let urlLimit = 50

        /// Checks them all; `ranges` is `network.allow-private`, as it mostly is a private one.
        package init(
            url: String, urls: [Secret] = [], tag: String? = nil, token: Secret? = nil,
            username: String? = nil, password: Secret? = nil, allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try ServiceCheck.base(url, allowing: ranges)
            let path = endpoint.target.split(separator: "/")
            guard let place = path.lastIndex(of: "notify"), place >= path.count - 2 else {
                throw ChannelSettingsError(
                    "url",
                    wrong: Bilingual("地址应以 /notify/KEY 结尾", "the address ends with /notify/KEY"),
                    hint: Bilingual(
                        "KEY 是 Apprise API 里配置的名字；不用 KEY 时写 /notify 并给出 urls",
                        "KEY names a configuration of the Apprise API; without one, /notify and `urls`"
                    ))
            }
            let hasKey = place == path.count - 2
            guard hasKey == urls.isEmpty else {
                throw ChannelSettingsError(
                    "urls",
                    wrong: Bilingual(
                        "地址里有 KEY 就不用 urls，没有就必须给出",
                        "they are for an address without KEY, which needs them"))
            }
            guard urls.count <= Self.urlLimit else {
                throw ChannelSettingsError("urls", .tooMany(limit: Self.urlLimit))
            }
            for url in urls {
                let url = try ServiceCheck.key(url, "urls").value
                guard url.contains("://"), !url.contains(",") else {
                    throw ChannelSettingsError(
                        "urls", wrong: Bilingual("有一项不是地址", "one is no address"),
                        hint: Bilingual(
                            "例如 mailto://…，逗号写成 %2C", "for example mailto://…; write a comma as %2C"
                        ))
                }
            }
            self.urls = urls
            guard
                tag.map({ !$0.isEmpty && PlainText.line($0) == $0 && $0.utf8.count <= 256 }) ?? true
            else {
                throw ChannelSettingsError(
                    "tag", wrong: Bilingual("空的，或者太长", "it is empty or too long"))
            }
            self.tag = tag
            login = try HTTPLogin(token: token, username: username, password: password)
        }
    }
}

extension AppriseChannel.Settings: ChannelPlan {
    /// The service limits nothing.
    package var messagesPerMinute: Int? { nil }
    package var concurrency: Int { 1 }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        AppriseChannel(name: name, settings: self, context: context, transport: transport)
    }
}
