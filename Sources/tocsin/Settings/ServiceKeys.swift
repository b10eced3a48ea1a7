import Channels
import Pipeline

/// The keys of single kinds of channels.
extension SettingKey {
    static let ofWebhook: [SettingKey] = [
        SettingKey(
            "url", "'https://example.com/hook'", "接收端的地址", "the receiver's address",
            isRequired: true),
        SettingKey(
            "secret", "'${env:HOOK_SECRET}'", "签名的密钥；轮换时写列表，各签一次",
            "signs each message; a list, while it is changed, signs by each",
            bound: Bilingual(
                "最多 \(WebhookChannel.Settings.secretLimit) 个",
                "at most \(WebhookChannel.Settings.secretLimit)")),
        SettingKey(
            "signature", "hub-sha256", "签名的方式", "how it is signed",
            usual: Bilingual("standard（有密钥时）", "standard, where there is a secret"),
            bound: .both("standard, hub-sha256, none"), beside: "secret: '${env:HOOK_SECRET}'"),
        SettingKey(
            "success", "json.code == 0", "怎样的回答算送达：CEL，可用 `status` `headers` `body` `json`",
            "which answers count as delivered: CEL over `status` `headers` `body` `json`",
            usual: Bilingual("状态码 2xx", "a status of 2xx")),
        SettingKey(
            "format", "cloudevents", "正文的形式", "the form of the body", usual: .both("json"),
            bound: .both(
                WebhookContent.Format.allCases.map(\.rawValue).joined(separator: ", "))),
        SettingKey(
            "body", "'{\"text\": \"{{ alert.title }}\"}'", "自己写的正文，`{{ }}` 里是 CEL",
            "a body of one's own, with CEL in `{{ }}`", beside: "format: custom"),
        SettingKey(
            "content-type", "application/xml", "正文的类型，决定怎样转义",
            "the body's type, which says how it is escaped", usual: .both("application/json"),
            bound: bytes(BodyType.lengthLimit),
            beside: "format: custom, body: '<a>{{ alert.title }}</a>'"),
        SettingKey(
            "headers", "{ Authorization: 'Bearer ${env:TOKEN}' }", "另外的请求头，值里可以有 `{{ }}`",
            "more headers; their values may have `{{ }}`",
            bound: Bilingual(
                "最多 \(WebhookChannel.Settings.headerLimit) 个",
                "at most \(WebhookChannel.Settings.headerLimit)")),
        SettingKey(
            "source", "/tocsin/prod", "事件的来源，一个 URI", "where events come from, a URI",
            usual: Bilingual("带通道名的 URI", "one with the channel's name"),
            beside: "format: cloudevents"),
        SettingKey(
            "event-type", "com.example.alert", "事件的类型", "the events' type",
            usual: .both(WebhookContent.defaultEventType), beside: "format: cloudevents"),
    ]

    static let ofEmail: [SettingKey] = [
        SettingKey(
            "server", "'smtp://smtp.example.com:587'",
            "`smtps://主机[:465]`，或 `smtp://主机[:587]`（须提供 STARTTLS）；证书一律校验",
            "`smtps://host[:465]`, or `smtp://host[:587]`, which must offer STARTTLS; certificates are verified",
            isRequired: true),
        SettingKey(
            "tls", "required", "`none` 为明文，只用于本机的转发服务：密码只许以明文发往 `localhost`",
            "`none` sends in the clear, for a relay on this machine: a password goes through the clear to `localhost` alone",
            usual: .both("required"), bound: .both("required, none")),
        SettingKey(
            "ca-file", "roots.pem", "信任的证书（PEM），同 `network.ca-file`",
            "certificates (PEM) to trust, as `network.ca-file`"),
        SettingKey(
            "username", "me", "登录名，配 `password`、`token` 或 `token-file`；服务器不提供相应方式就不发",
            "the login, with `password`, `token` or `token-file`; where the server offers none that fits, nothing is sent",
            bound: bytes(EmailLogin.limit), beside: "password: '${env:PASSWORD}'"),
        SettingKey(
            "password", "'${file:/run/secrets/smtp}'", "密码", "the password",
            bound: bytes(EmailLogin.limit), beside: "username: me"),
        SettingKey(
            "token", "'${env:TOKEN}'", "OAuth 2.0 令牌，代替密码",
            "an OAuth 2.0 token in place of the password", bound: bytes(EmailLogin.tokenLimit),
            beside: "username: me"),
        SettingKey(
            "token-file", "/run/secrets/token", "令牌所在的文件，每封邮件之前重读，可由别的程序更新",
            "a file with the token, read before every mail, so that someone else can keep it fresh",
            beside: "username: me"),
        SettingKey(
            "auth", "plain", "只用这一种登录方式", "this way of logging in alone",
            usual: Bilingual(
                "密码用前两种之一，令牌用后两种之一",
                "one of the first two for a password, of the last two for a token"),
            bound: .both(EmailLogin.Way.allCases.map(\.rawValue).joined(separator: ", ")),
            beside: "username: me, password: '${env:PASSWORD}'"),
        SettingKey(
            "from", "'Tocsin <tocsin@example.com>'",
            "`name@example.com` 或 `名字 <name@example.com>`，@ 前面只用 ASCII",
            "`name@example.com` or `Name <name@example.com>`, in ASCII before the @",
            isRequired: true),
        SettingKey(
            "to", "[qa@example.com]",
            "收件人。国际化域名以 `xn--…` 发出；@ 前面有 ASCII 以外的字，服务器须支持 SMTPUTF8；别的字符放进引号：`\"a b\"@example.com`",
            "the recipients. An international domain goes out as `xn--…`; a name outside ASCII needs a server with SMTPUTF8; other characters stand in quotes: `\"a b\"@example.com`",
            bound: Bilingual(
                "1 到 \(EmailChannel.Settings.recipientLimit) 个",
                "1 to \(EmailChannel.Settings.recipientLimit)"), isRequired: true),
        SettingKey(
            "connections", "4", "同时与服务器保持几个会话；一个会话连发多封",
            "sessions with the server at once; each is kept for mail after mail",
            usual: .both("\(EmailChannel.Settings.defaultConnections)"),
            bound: Bilingual(
                "1 到 \(EmailChannel.Settings.connectionLimit)",
                "1 to \(EmailChannel.Settings.connectionLimit)")),
    ]

    private static func bytes(_ most: Int) -> Bilingual {
        Bilingual("最多 \(most) 字节", "at most \(most) bytes")
    }

    // MARK: Where messages go

    static let slackThread = SettingKey(
        "thread", "'1700000000.000100'", "所有消息都回复在这条消息下：它的 ts",
        "the ts of a message that all of ours answer")
    static let discordThread = SettingKey(
        "thread", "new", "发进这个子区：它的 ID；论坛频道写 `new`，每条消息开一个帖子",
        "the id of the thread that all go into; `new` in a forum: each message opens a post")
    static let matrixThread = SettingKey(
        "thread", "'$event'", "所有消息都进这个消息列：它的事件编号",
        "the event that starts the thread that all go into",
        bound: Bilingual("以 $ 开头", "starts with $"))

    static let ofTelegram: [SettingKey] = [
        SettingKey(
            "token", "'${env:TG_TOKEN}'", "机器人的令牌，由 @BotFather 给出",
            "the bot's token, of @BotFather",
            isRequired: true),
        SettingKey(
            "chat", "'-1001234567890'", "聊天的编号，或公开群的 `@名字`",
            "the chat's number, or a public one's `@name`", isRequired: true),
        SettingKey(
            "thread", "7", "论坛里的话题", "a topic of a forum",
            bound: Bilingual("1 到 \(Int32.max)", "1 to \(Int32.max)")),
    ]

    static let matrixRoom: [SettingKey] = [
        SettingKey(
            "token", "'${env:MATRIX_TOKEN}'", "账号的访问令牌", "the account's access token",
            isRequired: true),
        SettingKey(
            "room", "'!abc:example.com'", "房间的编号，不是 #别名", "the room's id, not its #alias",
            isRequired: true),
    ]

    static let ntfyTopic = SettingKey(
        "topic", "qa-alerts", "主题", "the topic",
        bound: Bilingual("1 到 64 个字母、数字、_ 或 -", "1 to 64 letters, digits, _ or -"),
        isRequired: true)

    static let pagerDutyKey = SettingKey(
        "routing-key", "'${env:PAGERDUTY_KEY}'", "服务的 Integration Key（Events API v2）",
        "the service's integration key (Events API v2)",
        bound: Bilingual("32 位字母和数字", "32 letters and digits"), isRequired: true)

    static let alertmanagerHold = SettingKey(
        "hold", "2h", "一条告警持续多久；0s 则由 `resolve_timeout` 决定",
        "how long an alert fires; 0s leaves its end to `resolve_timeout`",
        usual: .both(Alertmanager.defaultHold.settingsText),
        bound: Bilingual(
            "0s 到 \(Alertmanager.longestHold.settingsText)",
            "0s to \(Alertmanager.longestHold.settingsText)"))

    static let ofApprise: [SettingKey] = [
        SettingKey(
            "url", "'http://10.0.0.6:8000/notify/qa'",
            "以 `/notify/KEY` 结尾；写了 `urls` 就以 `/notify` 结尾",
            "ends with `/notify/KEY`, or with `/notify` where there are `urls`", isRequired: true),
        SettingKey(
            "urls", "['${env:TARGET}']", "自带的目标，Apprise 的写法",
            "targets of one's own, as Apprise writes them",
            bound: Bilingual("最多 \(Apprise.urlLimit) 个", "at most \(Apprise.urlLimit)"),
            beside: "url: 'http://10.0.0.6:8000/notify'"),
        SettingKey(
            "tag", "oncall", "只发给有这些标签的目标", "only the targets with these tags",
            bound: Bilingual("最多 256 字节", "at most 256 bytes")),
    ]
}
