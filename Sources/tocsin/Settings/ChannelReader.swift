import Channels
import Networking
import Pipeline

/// Reads one channel of the settings.
struct ChannelReader {
    let texts: SettingsTexts
    let allowed: [AddressRange]

    /// All kinds that there are.
    private static let known =
        [
            "webhook", "dingtalk", "feishu", "lark", "wecom", "slack", "teams", "discord", "email",
        ] + services.keys.sorted()
    private static let keys = [
        "webhook": ["url", "secret", "signature", "format", "headers"],
        "dingtalk": ["url", "secret", "keyword", "at"],
        "feishu": ["url", "secret", "keyword", "at"],
        "lark": ["url", "secret", "keyword", "at"],
        "wecom": ["url", "at"],
        "slack": ["url", "at", "thread"],
        "teams": ["url", "at"],
        "discord": ["url", "at", "thread"],
        "email": ["server", "tls", "username", "password", "from", "to"],
    ]
    /// What the services document, where they do.
    private static let perMinute = [
        "dingtalk": DingTalkChannel.messagesPerMinute,
        "feishu": FeishuChannel.messagesPerMinute,
        "lark": FeishuChannel.messagesPerMinute,
        "wecom": WeComChannel.messagesPerMinute,
        "slack": SlackChannel.messagesPerMinute,
        "teams": TeamsChannel.messagesPerMinute,
        "discord": DiscordChannel.messagesPerMinute,
    ]
    private static let attempts = 1...20

    func read(_ cursor: Cursor, name: String) -> ChannelSettings? {
        guard let entries = cursor.entries() else { return nil }
        guard let type = entries.first(where: { $0.name == "type" })?.value else {
            let names = Self.known.joined(separator: ", ")
            cursor.reportMissing("type", Bilingual(names, names))
            return nil
        }
        guard let kind = type.text() else { return nil }
        guard let own = Self.keys[kind] ?? Self.services[kind] else {
            type.reportChoice(kind, among: Self.known)
            return nil
        }
        guard let fields = cursor.fields(["type", "rate", "retry"] + own) else { return nil }
        guard let settings = readKind(kind, fields, cursor) else { return nil }
        let rate = fields["rate"]?.fields(["per-minute"])
        let perMinute = rate?["per-minute"]?.integer(in: 1...100_000)
        return ChannelSettings(
            name: name, kind: settings, retrying: readRetry(fields["retry"]),
            messagesPerMinute: perMinute ?? settings.plan?.messagesPerMinute ?? Self.perMinute[kind]
        )
    }

    private func readKind(
        _ kind: String, _ fields: [String: Cursor], _ cursor: Cursor
    ) -> ChannelSettings.Kind? {
        let before = cursor.findings.all.count { $0.severity == .error }
        do throws(ChannelSettingsError) {
            if let plan = try readService(kind, fields) { return .service(plan) }
            let settings: ChannelSettings.Kind
            switch kind {
            case "webhook": settings = .webhook(try readWebhook(fields))
            case "dingtalk": settings = .dingTalk(try readDingTalk(fields))
            case "feishu", "lark": settings = .feishu(try readFeishu(fields))
            case "wecom": settings = .weCom(try readWeCom(fields))
            case "slack": settings = .slack(try readSlack(fields))
            case "teams": settings = .teams(try readTeams(fields))
            case "discord": settings = .discord(try readDiscord(fields))
            default: settings = .email(try readEmail(fields, cursor))
            }
            return settings
        } catch {
            // What a text lacked was told already where it was read.
            if cursor.findings.all.count(where: { $0.severity == .error }) == before {
                (fields[error.key] ?? cursor).report(
                    "bad-setting", error.message, hint: error.hint)
            }
            return nil
        }
    }

    private func readWebhook(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> WebhookChannel.Settings {
        var headers: [String: Secret] = [:]
        for (_, name, value) in fields["headers"]?.entries() ?? [] {
            headers[name] = texts.text(value).map(Secret.init)
        }
        return try WebhookChannel.Settings(
            url: text(fields["url"]),
            secrets: (fields["secret"]?.itemsOrOne() ?? []).compactMap(texts.secret),
            signature: fields["signature"].flatMap(texts.text),
            format: fields["format"].flatMap(texts.text) ?? "json", headers: headers,
            allowing: allowed)
    }

    private func readEmail(
        _ fields: [String: Cursor], _ cursor: Cursor
    ) throws(ChannelSettingsError) -> EmailChannel.Settings {
        try EmailChannel.Settings(
            server: text(fields["server"]),
            security: fields["tls"]?.choice(EmailChannel.Settings.Security.self) ?? .required,
            username: fields["username"].flatMap(texts.text).map(Secret.init),
            password: fields["password"].flatMap(texts.secret), from: text(fields["from"]),
            to: (fields["to"]?.itemsOrOne() ?? []).compactMap(texts.text))
    }

    /// Empty when it is not there: the channel's own check then says that it is missing.
    func text(_ field: Cursor?) -> String { field.flatMap(texts.text) ?? "" }

    private func readRetry(_ field: Cursor?) -> Retrying {
        guard let field, let items = field.items() else { return Retrying() }
        let bounds = Duration.zero...Duration.seconds(7 * 86_400)
        let pauses = items.compactMap { $0.duration(in: bounds) }
        guard Self.attempts.contains(pauses.count) else {
            field.report(
                "out-of-range", Bilingual("`retry` 要有 1 到 20 项", "`retry` has 1 to 20 entries"))
            return Retrying()
        }
        return Retrying(schedule: pauses)
    }
}
