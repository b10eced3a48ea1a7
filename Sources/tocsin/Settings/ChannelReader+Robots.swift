import Channels
import Pipeline

/// The chat robots.
extension ChannelReader {
    func readDingTalk(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> DingTalkChannel.Settings {
        try DingTalkChannel.Settings(
            url: text(fields["url"]), secret: fields["secret"].flatMap(texts.secret),
            keyword: text(fields["keyword"]),
            mentions: mentions(fields, ["users", "mobiles", "all"]), allowing: allowed)
    }

    func readFeishu(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> FeishuChannel.Settings {
        try FeishuChannel.Settings(
            url: text(fields["url"]), secret: fields["secret"].flatMap(texts.secret),
            keyword: text(fields["keyword"]), mentions: mentions(fields, ["users", "all"]),
            allowing: allowed)
    }

    func readWeCom(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> WeComChannel.Settings {
        try WeComChannel.Settings(
            url: text(fields["url"]), mentions: mentions(fields, ["users", "mobiles", "all"]),
            allowing: allowed)
    }

    func readSlack(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> SlackChannel.Settings {
        try SlackChannel.Settings(
            url: text(fields["url"]),
            mentions: mentions(fields, ["users", "groups", "here", "all"]),
            thread: text(fields["thread"]), allowing: allowed)
    }

    func readTeams(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> TeamsChannel.Settings {
        try TeamsChannel.Settings(
            url: text(fields["url"]), mentions: mentions(fields, ["users"]), allowing: allowed)
    }

    func readDiscord(
        _ fields: [String: Cursor]
    ) throws(ChannelSettingsError) -> DiscordChannel.Settings {
        try DiscordChannel.Settings(
            url: text(fields["url"]),
            mentions: mentions(fields, ["users", "roles", "here", "all"]),
            thread: text(fields["thread"]), allowing: allowed)
    }

    func mentions(_ fields: [String: Cursor], _ kinds: [String]) -> Mentions {
        MentionsReader(texts: texts, kinds: kinds).read(fields["at"])
    }
}
