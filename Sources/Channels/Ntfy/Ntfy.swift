package import Networking
package import Pipeline

/// A topic of a ntfy server, for push messages to phones.
///
/// It has no key against doubles, and no way to call one person.
package struct Ntfy: Service {
    /// Of the server.
    package let endpoint: Endpoint
    let topic: String
    let login: HTTPLogin?

    /// The public server.
    package static let defaultURL = "https://ntfy.sh"

    /// Checks them all; `ranges` is `network.allow-private`, for a server of one's own.
    package init(
        topic: String, url: String = Self.defaultURL, token: Secret? = nil,
        username: String? = nil, password: Secret? = nil, allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try SettingsCheck.base(url, allowing: ranges)
        guard !topic.isEmpty else { throw SettingsError("topic", .missing) }
        guard topic.wholeMatch(of: /[A-Za-z0-9_\-]{1,64}/) != nil else {
            throw SettingsError(
                "topic", wrong: Bilingual("不是主题名", "it is not the name of a topic"),
                hint: Bilingual(
                    "1 到 64 个字母、数字、_ 或 -", "1 to 64 letters, digits, _ or -"))
        }
        self.topic = topic
        login = try HTTPLogin(token: token, username: username, password: password)
    }
}

extension Ntfy {
    /// The server's default: one in five seconds, once the first sixty are used up.
    package var messagesPerMinute: Int? { 12 }
    package var secrets: [String] { login?.secrets.map(\.value) ?? [] }
    package var verdict: any ServiceVerdict.Type { NtfyVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        NtfyFormat(topic: topic, context: context)
    }

    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        post(body, to: endpoint.joined("/"), headers: login.map { [$0.header] } ?? [])
    }
}
