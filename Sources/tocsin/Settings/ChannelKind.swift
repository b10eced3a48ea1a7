import Channels
import Networking
import Pipeline

/// One kind of channel: its name in `type`, its keys, and how they become a plan.
struct ChannelKind: Sendable {
    let name: String
    let keys: [String]
    let read: @Sendable (ChannelFields) throws(SettingsError) -> any ChannelPlan

    /// Whether it sends mails, which have no proxy and no address guard.
    var isMail: Bool { name == "email" }

    static let all: [ChannelKind] = [
        webhook, dingTalk, feishu("feishu"), feishu("lark"), weCom, slack, teams, discord, email,
        alertmanager, apprise, matrix, chatHook("mattermost", .mattermost), ntfy, pagerDuty,
        chatHook("rocketchat", .rocketChat), telegram,
    ]

    /// What a channel with a password or a token asks for.
    private static let login = ["token", "username", "password"]

    private static let webhook = ChannelKind(
        name: "webhook", keys: ["url", "secret", "signature", "success"] + WebhookContent.keys
    ) { fields throws(SettingsError) in
        let read = WebhookContent.read(fields.fields, interpolate: fields.texts.pieces)
        return try WebhookChannel.Settings(
            url: fields.text("url"), secrets: fields.secrets("secret"),
            signature: fields.optional("signature"), headers: read?.fixedHeaders ?? [:],
            content: read?.content ?? .json,
            success: fields["success"].flatMap(SuccessCondition.init),
            allowing: fields.allowed)
    }

    private static let email = ChannelKind(
        name: "email",
        keys: ["server", "tls", "ca-file", "auth", "token-file", "from", "to", "connections"]
            + login
    ) { fields throws(SettingsError) in
        typealias Settings = EmailChannel.Settings
        reportTwoTrusts(fields)
        let login = try EmailLogin(
            username: fields.optional("username").map(Secret.init),
            password: fields.secret("password"), token: fields.secret("token"),
            tokenFile: fields.path("token-file"),
            way: fields["auth"]?.choice(EmailLogin.Way.self))
        return try Settings(
            server: fields.text("server"),
            security: fields["tls"]?.choice(Settings.Security.self) ?? .required, login: login,
            from: fields.text("from"), to: fields.texts("to"),
            caFile: fields.certificates("ca-file"),
            connections: fields["connections"]?.integer(in: 1...Settings.connectionLimit)
                ?? Settings.defaultConnections)
    }

    /// Whom to trust may be said in two places, but in one at a time.
    private static func reportTwoTrusts(_ fields: ChannelFields) {
        guard let field = fields["ca-file"], !field.isNull,
            let network = fields["network"], network.isMapping,
            network.entries()?.contains(where: { $0.name == "ca-file" }) == true
        else { return }
        field.report(
            "bad-setting",
            Bilingual("`network` 里也写了 `ca-file`", "`network` has a `ca-file` as well"),
            hint: Bilingual("只留一个", "keep one of them"))
    }

    private static let dingTalk = ChannelKind(
        name: "dingtalk", keys: ["url", "secret", "keyword", "at"]
    ) { fields throws(SettingsError) in
        try DingTalk(
            url: fields.text("url"), secret: fields.secret("secret"),
            keyword: fields.text("keyword"), mentions: fields.mentions("users", "mobiles", "all"),
            allowing: fields.allowed)
    }

    private static func feishu(_ name: String) -> ChannelKind {
        ChannelKind(
            name: name, keys: ["url", "secret", "keyword", "at"]
        ) { fields throws(SettingsError) in
            try Feishu(
                url: fields.text("url"), secret: fields.secret("secret"),
                keyword: fields.text("keyword"), mentions: fields.mentions("users", "all"),
                allowing: fields.allowed)
        }
    }

    private static let weCom = ChannelKind(
        name: "wecom", keys: ["url", "at"]
    ) { fields throws(SettingsError) in
        try WeCom(
            url: fields.text("url"), mentions: fields.mentions("users", "mobiles", "all"),
            allowing: fields.allowed)
    }

    private static let slack = ChannelKind(
        name: "slack", keys: ["url", "at", "thread"]
    ) { fields throws(SettingsError) in
        try Slack(
            url: fields.text("url"), mentions: fields.mentions("users", "groups", "here", "all"),
            thread: fields.text("thread"), allowing: fields.allowed)
    }

    private static let teams = ChannelKind(
        name: "teams", keys: ["url", "at"]
    ) { fields throws(SettingsError) in
        try Teams(
            url: fields.text("url"), mentions: fields.mentions("users"), allowing: fields.allowed)
    }

    private static let discord = ChannelKind(
        name: "discord", keys: ["url", "at", "thread"]
    ) { fields throws(SettingsError) in
        try Discord(
            url: fields.text("url"), mentions: fields.mentions("users", "roles", "here", "all"),
            thread: fields.text("thread"), allowing: fields.allowed)
    }

    private static func chatHook(_ name: String, _ dialect: ChatHook.Dialect) -> ChannelKind {
        ChannelKind(name: name, keys: ["url", "at"]) { fields throws(SettingsError) in
            try ChatHook(
                dialect, url: fields.text("url"), mentions: fields.mentions("users", "here", "all"),
                allowing: fields.allowed)
        }
    }

    private static let telegram = ChannelKind(
        name: "telegram", keys: ["token", "chat", "thread", "at", "url"]
    ) { fields throws(SettingsError) in
        try Telegram(
            token: fields.secret("token"), chat: fields.text("chat"),
            thread: fields["thread"]?.integer(in: 1...Int(Int32.max)),
            mentions: fields.mentions("users"), url: fields.optional("url") ?? Telegram.defaultURL,
            allowing: fields.allowed)
    }

    private static let matrix = ChannelKind(
        name: "matrix", keys: ["url", "token", "room", "thread", "at"]
    ) { fields throws(SettingsError) in
        try Matrix(
            url: fields.text("url"), token: fields.secret("token"), room: fields.text("room"),
            thread: fields.optional("thread"), mentions: fields.mentions("users", "all"),
            allowing: fields.allowed)
    }

    private static let ntfy = ChannelKind(
        name: "ntfy", keys: ["topic", "url"] + login
    ) { fields throws(SettingsError) in
        try Ntfy(
            topic: fields.text("topic"), url: fields.optional("url") ?? Ntfy.defaultURL,
            token: fields.secret("token"), username: fields.optional("username"),
            password: fields.secret("password"), allowing: fields.allowed)
    }

    private static let pagerDuty = ChannelKind(
        name: "pagerduty", keys: ["routing-key", "url"]
    ) { fields throws(SettingsError) in
        try PagerDuty(
            routingKey: fields.secret("routing-key"),
            url: fields.optional("url") ?? PagerDuty.defaultURL, allowing: fields.allowed)
    }

    private static let alertmanager = ChannelKind(
        name: "alertmanager", keys: ["url", "hold"] + login
    ) { fields throws(SettingsError) in
        try Alertmanager(
            url: fields.text("url"),
            hold: fields["hold"]?.duration(in: .zero...Alertmanager.longestHold)
                ?? Alertmanager.defaultHold,
            token: fields.secret("token"), username: fields.optional("username"),
            password: fields.secret("password"), allowing: fields.allowed)
    }

    private static let apprise = ChannelKind(
        name: "apprise", keys: ["url", "urls", "tag"] + login
    ) { fields throws(SettingsError) in
        try Apprise(
            url: fields.text("url"), urls: fields.secrets("urls"), tag: fields.optional("tag"),
            token: fields.secret("token"), username: fields.optional("username"),
            password: fields.secret("password"), allowing: fields.allowed)
    }
}

/// The fields of one channel, read as what its kind wants.
struct ChannelFields {
    let fields: [String: Cursor]
    let texts: SettingsTexts
    /// `network.allow-private`.
    let allowed: [AddressRange]

    subscript(key: String) -> Cursor? { fields[key] }

    func optional(_ key: String) -> String? { fields[key].flatMap(texts.text) }

    /// Empty when it is not there: the channel's own check then says that it is missing.
    func text(_ key: String) -> String { optional(key) ?? "" }

    /// From the settings file's folder when it is relative.
    func path(_ key: String) -> String? {
        optional(key).flatMap { $0.isEmpty ? nil : texts.interpolation.path($0) }
    }

    /// A file of certificates, looked at now.
    func certificates(_ key: String) -> String? {
        fields[key].flatMap { $0.isNull ? nil : NetworkReader(texts: texts).certificates($0) }
    }

    func secret(_ key: String) -> Secret? { fields[key].flatMap(texts.secret) }

    /// One, or a list of them.
    func texts(_ key: String) -> [String] {
        (fields[key]?.itemsOrOne() ?? []).compactMap(texts.text)
    }

    /// One, or a list of them.
    func secrets(_ key: String) -> [Secret] {
        (fields[key]?.itemsOrOne() ?? []).compactMap(texts.secret)
    }

    /// `at:`, with what the service can call.
    func mentions(_ kinds: String...) -> Mentions {
        MentionsReader(texts: texts, kinds: kinds).read(fields["at"])
    }
}
