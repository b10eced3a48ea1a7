import Channels
import Networking
import Pipeline

/// Reads one channel of the settings.
struct ChannelReader {
    let texts: SettingsTexts
    let allowed: [AddressRange]

    /// All kinds that the product will have; those to come are refused by name.
    private static let known = ["webhook", "dingtalk", "email"]
    private static let planned = [
        "feishu", "lark", "wecom", "slack", "teams", "discord", "telegram", "matrix", "mattermost",
        "rocketchat", "ntfy", "pagerduty", "alertmanager", "apprise",
    ]
    private static let keys = [
        "webhook": ["url", "secret", "format", "headers"],
        "dingtalk": ["url", "secret", "keyword", "at"],
        "email": ["server", "tls", "username", "password", "from", "to"],
    ]
    /// DingTalk blocks a robot for ten minutes beyond it.
    private static let dingTalkPerMinute = 20
    private static let attempts = 1...20

    func read(_ cursor: Cursor, name: String) -> ChannelSettings? {
        guard let entries = cursor.entries() else { return nil }
        guard let type = entries.first(where: { $0.name == "type" })?.value else {
            let names = Self.known.joined(separator: ", ")
            cursor.reportMissing("type", Bilingual(names, names))
            return nil
        }
        guard let kind = type.text() else { return nil }
        guard let own = Self.keys[kind] else {
            if Self.planned.contains(kind) {
                type.reportNotYet("`\(kind)`")
            } else {
                type.reportChoice(kind, among: Self.known)
            }
            return nil
        }
        guard let fields = cursor.fields(["type", "rate", "retry"] + own) else { return nil }
        guard let settings = readKind(kind, fields, cursor) else { return nil }
        let rate = fields["rate"]?.fields(["per-minute"])
        let perMinute = rate?["per-minute"]?.integer(in: 1...100_000)
        return ChannelSettings(
            name: name, kind: settings, retrying: readRetry(fields["retry"]),
            messagesPerMinute: perMinute ?? (kind == "dingtalk" ? Self.dingTalkPerMinute : nil))
    }

    private func readKind(
        _ kind: String, _ fields: [String: Cursor], _ cursor: Cursor
    ) -> ChannelSettings.Kind? {
        let before = cursor.findings.all.count { $0.severity == .error }
        do throws(ChannelSettingsError) {
            let settings: ChannelSettings.Kind
            switch kind {
            case "webhook": settings = .webhook(try readWebhook(fields))
            case "dingtalk": settings = .dingTalk(try readDingTalk(fields))
            default: settings = .email(try readEmail(fields, cursor))
            }
            return settings
        } catch {
            // What a text lacked was told already where it was read.
            if cursor.findings.all.count(where: { $0.severity == .error }) == before {
                (fields[error.key] ?? cursor).report(
                    "bad-setting", Bilingual(error.description, error.description))
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
            format: fields["format"].flatMap(texts.text) ?? "json", headers: headers,
            allowing: allowed)
    }

    private func readDingTalk(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> DingTalkChannel.Settings {
        var mentions = DingTalkChannel.Settings.Mentions()
        if let at = fields["at"]?.fields(["mobiles", "users", "all"]) {
            mentions.mobiles = (at["mobiles"]?.itemsOrOne() ?? []).compactMap { $0.text() }
            mentions.userIDs = (at["users"]?.itemsOrOne() ?? []).compactMap { $0.text() }
            mentions.all = at["all"]?.bool() ?? false
        }
        return try DingTalkChannel.Settings(
            url: text(fields["url"]), secret: fields["secret"].flatMap(texts.secret),
            keyword: fields["keyword"].flatMap(texts.text) ?? "", mentions: mentions,
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
    private func text(_ field: Cursor?) -> String { field.flatMap(texts.text) ?? "" }

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
