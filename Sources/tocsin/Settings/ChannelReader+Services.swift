import Channels
import Pipeline

/// The services that are neither robots nor webhooks: bots, rooms, pagers, gateways.
extension ChannelReader {
    /// The keys of each kind.
    static let services = [
        "telegram": ["token", "chat", "thread", "at", "url"],
        "matrix": ["url", "token", "room", "thread", "at"],
        "mattermost": ["url", "at"], "rocketchat": ["url", "at"],
        "ntfy": ["topic", "url", "token", "username", "password"],
        "pagerduty": ["routing-key", "url"],
        "alertmanager": ["url", "hold", "token", "username", "password"],
        "apprise": ["url", "urls", "tag", "token", "username", "password"],
    ]

    /// Nil for a kind that is none of `services`.
    func readService(
        _ kind: String, _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> (any ChannelPlan)? {
        switch kind {
        case "telegram":
            let numbers = 1...Int(Int32.max)
            return try TelegramChannel.Settings(
                token: secret(fields["token"]), chat: text(fields["chat"]),
                thread: fields["thread"]?.integer(in: numbers),
                mentions: mentions(fields, ["users"]),
                url: fields["url"].flatMap(texts.text) ?? TelegramChannel.Settings.defaultURL,
                allowing: allowed)
        case "matrix":
            return try MatrixChannel.Settings(
                url: text(fields["url"]), token: secret(fields["token"]),
                room: text(fields["room"]), thread: fields["thread"].flatMap(texts.text),
                mentions: mentions(fields, ["users", "all"]), allowing: allowed)
        case "mattermost":
            return try MattermostChannel.Settings(
                url: text(fields["url"]), mentions: mentions(fields, ["users", "here", "all"]),
                allowing: allowed)
        case "rocketchat":
            return try RocketChatChannel.Settings(
                url: text(fields["url"]), mentions: mentions(fields, ["users", "here", "all"]),
                allowing: allowed)
        case "ntfy":
            return try NtfyChannel.Settings(
                topic: text(fields["topic"]),
                url: fields["url"].flatMap(texts.text) ?? NtfyChannel.Settings.defaultURL,
                token: secret(fields["token"]), username: fields["username"].flatMap(texts.text),
                password: secret(fields["password"]), allowing: allowed)
        case "pagerduty":
            return try PagerDutyChannel.Settings(
                routingKey: secret(fields["routing-key"]),
                url: fields["url"].flatMap(texts.text) ?? PagerDutyChannel.Settings.defaultURL,
                allowing: allowed)
        case "alertmanager":
            let bounds = Duration.zero...AlertmanagerChannel.Settings.longestHold
            return try AlertmanagerChannel.Settings(
                url: text(fields["url"]),
                hold: fields["hold"]?.duration(in: bounds)
                    ?? AlertmanagerChannel.Settings.defaultHold,
                token: secret(fields["token"]), username: fields["username"].flatMap(texts.text),
                password: secret(fields["password"]), allowing: allowed)
        case "apprise":
            return try AppriseChannel.Settings(
                url: text(fields["url"]),
                urls: (fields["urls"]?.itemsOrOne() ?? []).compactMap(texts.secret),
                tag: fields["tag"].flatMap(texts.text), token: secret(fields["token"]),
                username: fields["username"].flatMap(texts.text),
                password: secret(fields["password"]), allowing: allowed)
        default: return nil
        }
    }

    private func secret(_ field: Cursor?) -> Secret? { field.flatMap(texts.secret) }
}
