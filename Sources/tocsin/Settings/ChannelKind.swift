import Channels
import Networking
import Pipeline

/// One kind of channel: its name in `type`, its keys, and how they become a plan.
struct ChannelKind: Sendable {
    let name: String
    /// Its own; those of every channel come besides.
    let settings: [SettingKey]
    let read: @Sendable (ChannelFields) throws(SettingsError) -> any ChannelPlan

    var keys: [String] { settings.map(\.name) }

    /// Whether it sends mails, which have no proxy and no address guard.
    var isMail: Bool { name == "email" }

    static let all: [ChannelKind] = [
        webhook, dingTalk, feishu("feishu"), feishu("lark"), weCom, slack, teams, discord, email,
        alertmanager, apprise, matrix, chatHook("mattermost", .mattermost), ntfy, pagerDuty,
        chatHook("rocketchat", .rocketChat), telegram,
    ]

    private static let webhook = ChannelKind(
        name: "webhook", settings: SettingKey.ofWebhook
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
        settings: SettingKey.ofEmail
    ) { fields throws(SettingsError) in
        typealias Settings = EmailChannel.Settings
        reportTwoTrusts(fields)
        let security = fields["tls"]?.choice(Settings.Security.self) ?? .required
        if security == .none, fields.text("server").hasPrefix("smtp://") {
            reportHiddenIdentity(fields)
        }
        let login = try EmailLogin(
            username: fields.optional("username").map(Secret.init),
            password: fields.secret("password"), token: fields.secret("token"),
            tokenFile: fields.path("token-file"),
            way: fields["auth"]?.choice(EmailLogin.Way.self))
        return try Settings(
            server: fields.text("server"),
            security: security, login: login,
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

    /// A certificate is shown in TLS alone.
    private static func reportHiddenIdentity(_ fields: ChannelFields) {
        guard let network = fields["network"], network.isMapping,
            let field = network.entries()?.first(where: { $0.name == "client-certificate" })?.value,
            !field.isNull
        else { return }
        field.report(
            "bad-setting",
            Bilingual(
                "`tls: none` 时不会出示这个证书", "with `tls: none` the certificate is not shown"),
            hint: Bilingual(
                "删去 `tls: none`，或用 smtps://；不然就删去证书",
                "leave out `tls: none`, or use smtps://; or else leave out the certificate"))
    }

    private static let dingTalk = ChannelKind(
        name: "dingtalk",
        settings: [
            .robot("https://oapi.dingtalk.com/robot/send?access_token=abc"), .signingSecret,
            .keyword,
            .at("{ mobiles: ['13800000000'] }", "users", "mobiles", "all"),
        ]
    ) { fields throws(SettingsError) in
        try DingTalk(
            url: fields.text("url"), secret: fields.secret("secret"),
            keyword: fields.text("keyword"), mentions: fields.mentions("users", "mobiles", "all"),
            allowing: fields.allowed)
    }

    private static func feishu(_ name: String) -> ChannelKind {
        ChannelKind(
            name: name,
            settings: [
                .robot("https://open.feishu.cn/open-apis/bot/v2/hook/abc"), .signingSecret,
                .keyword,
                .at("{ users: [ou_lead] }", "users", "all"),
            ]
        ) { fields throws(SettingsError) in
            try Feishu(
                url: fields.text("url"), secret: fields.secret("secret"),
                keyword: fields.text("keyword"), mentions: fields.mentions("users", "all"),
                allowing: fields.allowed)
        }
    }

    private static let weCom = ChannelKind(
        name: "wecom",
        settings: [
            .robot("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"),
            .at(
                "{ mobiles: ['13800000000'] }", "users", "mobiles", "all", most: WeCom.mostPeople),
        ]
    ) { fields throws(SettingsError) in
        try WeCom(
            url: fields.text("url"), mentions: fields.mentions("users", "mobiles", "all"),
            allowing: fields.allowed)
    }

    private static let slack = ChannelKind(
        name: "slack",
        settings: [
            .robot("https://hooks.slack.com/services/T0/B0/abc"),
            .at("{ users: [U012AB3CD], here: true }", "users", "groups", "here", "all"),
            .slackThread,
        ]
    ) { fields throws(SettingsError) in
        try Slack(
            url: fields.text("url"), mentions: fields.mentions("users", "groups", "here", "all"),
            thread: fields.text("thread"), allowing: fields.allowed)
    }

    private static let teams = ChannelKind(
        name: "teams",
        settings: [
            .robot("https://prod.logic.azure.com/workflows/a/triggers/b?sig=abc"),
            .at("{ users: ['Zhang San <zhang@contoso.com>'] }", "users"),
        ]
    ) { fields throws(SettingsError) in
        try Teams(
            url: fields.text("url"), mentions: fields.mentions("users"), allowing: fields.allowed)
    }

    private static let discord = ChannelKind(
        name: "discord",
        settings: [
            .robot("https://discord.com/api/v10/webhooks/123/abc"),
            .at("{ users: ['80351110224678912'] }", "users", "roles", "here", "all"),
            .discordThread,
        ]
    ) { fields throws(SettingsError) in
        try Discord(
            url: fields.text("url"), mentions: fields.mentions("users", "roles", "here", "all"),
            thread: fields.text("thread"), allowing: fields.allowed)
    }

    private static func chatHook(_ name: String, _ dialect: ChatHook.Dialect) -> ChannelKind {
        ChannelKind(
            name: name,
            settings: [
                .robot("https://chat.example.com/hooks/abc"),
                .at("{ users: [alice] }", "users", "here", "all"),
            ]
        ) { fields throws(SettingsError) in
            try ChatHook(
                dialect, url: fields.text("url"), mentions: fields.mentions("users", "here", "all"),
                allowing: fields.allowed)
        }
    }

    private static let telegram = ChannelKind(
        name: "telegram",
        settings: SettingKey.ofTelegram + [
            .at("{ users: ['@alice'] }", "users"),
            .server(usually: Telegram.defaultURL, "https://bots.example.com"),
        ]
    ) { fields throws(SettingsError) in
        try Telegram(
            token: fields.secret("token"), chat: fields.text("chat"),
            thread: fields["thread"]?.integer(in: 1...Int(Int32.max)),
            mentions: fields.mentions("users"), url: fields.optional("url") ?? Telegram.defaultURL,
            allowing: fields.allowed)
    }

    private static let matrix = ChannelKind(
        name: "matrix",
        settings: [.server("https://matrix.example.com")] + SettingKey.matrixRoom + [
            .matrixThread, .at("{ users: ['@alice:example.com'] }", "users", "all"),
        ]
    ) { fields throws(SettingsError) in
        try Matrix(
            url: fields.text("url"), token: fields.secret("token"), room: fields.text("room"),
            thread: fields.optional("thread"), mentions: fields.mentions("users", "all"),
            allowing: fields.allowed)
    }

    private static let ntfy = ChannelKind(
        name: "ntfy",
        settings: [
            .ntfyTopic, .server(usually: Ntfy.defaultURL, "https://ntfy.example.com"),
        ] + SettingKey.login
    ) { fields throws(SettingsError) in
        try Ntfy(
            topic: fields.text("topic"), url: fields.optional("url") ?? Ntfy.defaultURL,
            token: fields.secret("token"), username: fields.optional("username"),
            password: fields.secret("password"), allowing: fields.allowed)
    }

    private static let pagerDuty = ChannelKind(
        name: "pagerduty",
        settings: [
            .pagerDutyKey,
            .server(usually: PagerDuty.defaultURL, "https://events.eu.pagerduty.com"),
        ]
    ) { fields throws(SettingsError) in
        try PagerDuty(
            routingKey: fields.secret("routing-key"),
            url: fields.optional("url") ?? PagerDuty.defaultURL, allowing: fields.allowed)
    }

    private static let alertmanager = ChannelKind(
        name: "alertmanager",
        settings: [.server("http://10.0.0.5:9093"), .alertmanagerHold] + SettingKey.login
    ) { fields throws(SettingsError) in
        try Alertmanager(
            url: fields.text("url"),
            hold: fields["hold"]?.duration(in: .zero...Alertmanager.longestHold)
                ?? Alertmanager.defaultHold,
            token: fields.secret("token"), username: fields.optional("username"),
            password: fields.secret("password"), allowing: fields.allowed)
    }

    private static let apprise = ChannelKind(
        name: "apprise", settings: SettingKey.ofApprise + SettingKey.login
    ) { fields throws(SettingsError) in
        try Apprise(
            url: fields.text("url"), urls: fields.secrets("urls"), tag: fields.optional("tag"),
            token: fields.secret("token"), username: fields.optional("username"),
            password: fields.secret("password"), allowing: fields.allowed)
    }
}
