package import Networking
package import Pipeline

/// An Apprise API, which passes messages on to any of its hundred services.
///
/// It has no key against doubles.
package struct Apprise: Service {
    /// `…/notify/KEY`, or `…/notify` with `urls`.
    package let endpoint: Endpoint
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
    ) throws(SettingsError) {
        endpoint = try SettingsCheck.base(url, allowing: ranges)
        let path = endpoint.target.split(separator: "/")
        guard let place = path.lastIndex(of: "notify"), place >= path.count - 2 else {
            throw SettingsError(
                "url",
                wrong: Bilingual("地址应以 /notify/KEY 结尾", "the address ends with /notify/KEY"),
                hint: Bilingual(
                    "KEY 是 Apprise API 里配置的名字；不用 KEY 时写 /notify 并给出 urls",
                    "KEY names a configuration of the Apprise API; without one, /notify and `urls`"
                ))
        }
        let hasKey = place == path.count - 2
        guard hasKey == urls.isEmpty else {
            throw SettingsError(
                "urls",
                wrong: Bilingual(
                    "地址里有 KEY 就不用 urls，没有就必须给出",
                    "they are for an address without KEY, which needs them"))
        }
        guard urls.count <= Self.urlLimit else {
            throw SettingsError("urls", .tooMany(limit: Self.urlLimit))
        }
        for url in urls {
            let url = try SettingsCheck.key(url, "urls").value
            guard url.contains("://"), !url.contains(",") else {
                throw SettingsError(
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
            throw SettingsError(
                "tag", wrong: Bilingual("空的，或者太长", "it is empty or too long"))
        }
        self.tag = tag
        login = try HTTPLogin(token: token, username: username, password: password)
    }
}

extension Apprise {
    package var verdict: any ServiceVerdict.Type { AppriseVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        AppriseFormat(tag: tag, context: context)
    }

    /// Its own addresses are secrets, and so are the passwords in them.
    package var secrets: [String] {
        let targets = urls.flatMap { url in
            [url.value]
                + url.value.split(whereSeparator: { "/:@?&=".contains($0) }).map(String.init)
        }.filter { $0.utf8.count >= Self.shortestTargetKey }
        return endpoint.secrets + targets + (login?.secrets.map(\.value) ?? [])
    }

    /// Shorter pieces of an address are words like `mailto`.
    private static let shortestTargetKey = 8

    /// The targets are added here, as messages are stored.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        let targets = urls.map(\.value).joined(separator: ",")
        return post(
            targets.isEmpty
                ? body : JSONText.adding([("urls", JSONText.string(targets))], to: body),
            headers: [HTTPHeader("Accept", "application/json")] + (login.map { [$0.header] } ?? []))
    }
}
