import Channels
import Pipeline

/// Keys that stand in more than one kind of channel, and those below them.
extension SettingKey {
    /// Keys of every channel.
    static let ofEveryChannel: [SettingKey] = [
        SettingKey(
            "type", "webhook", "通道的种类", "the kind of channel", isRequired: true),
        SettingKey(
            "rate", "{ per-minute: 60 }", "每分钟最多几条消息；不够时等待的告警按规则合并",
            "the most messages a minute; where it is short, waiting alerts fold into one by rule",
            usual: Bilingual("服务方的速率（见上面各表）", "the service's own, in the tables above"),
            bound: rateBound),
        SettingKey(
            "retry", "[0s, 10s, 5m]", "每次尝试之前的停顿；用完就成为死信",
            "the pause before each attempt; when they are used up, the delivery is dead",
            usual: .both(pauses), bound: retryBound),
        SettingKey(
            "enabled", "false", "是否发送；关着的时候告警在等，打开后再发",
            "whether anything is sent; what comes meanwhile waits, and leaves when it is on again",
            usual: .both("true")),
        SettingKey(
            "fallback", "other", "另一个通道：本通道出故障时告诉它一次，死信也发给它",
            "another channel, which is told once of this one's trouble and gets its dead letters",
            bound: Bilingual("文件里的通道名", "a channel of the file")),
        SettingKey(
            "network", "{ ca-file: roots.pem }", "只对本通道改 `network` 里的几项",
            "changes keys of `network` for this channel alone",
            usual: Bilingual("整个文件的", "that of the file")),
    ]

    private static let rateBound = Bilingual(
        "\(ChannelReader.rates.lowerBound) 到 \(ChannelReader.rates.upperBound)",
        "\(ChannelReader.rates.lowerBound) to \(ChannelReader.rates.upperBound)")

    private static let retryBound: Bilingual = {
        let (most, longest) = (
            ChannelReader.attempts.upperBound, ChannelReader.longestPause.settingsText
        )
        return Bilingual(
            "1 到 \(most) 项，每项 0s 到 \(longest)", "1 to \(most) entries of 0s to \(longest) each")
    }()

    private static let pauses =
        Retrying.defaultSchedule.map(\.settingsText).joined(separator: " ")

    // MARK: Of several kinds

    /// The address of a robot or an incoming webhook, which is its secret.
    static func robot(_ sample: String) -> SettingKey {
        SettingKey(
            "url", "'\(sample)'", "服务方给出的完整地址；它就是机密",
            "the whole address as the service shows it; it is the secret", isRequired: true)
    }

    static func server(_ sample: String) -> SettingKey {
        SettingKey(
            "url", "'\(sample)'", "服务器的地址，不带 `?…`", "the server's address, without `?…`",
            isRequired: true)
    }

    static func server(usually usual: String, _ sample: String) -> SettingKey {
        SettingKey(
            "url", "'\(sample)'", "服务器的地址，不带 `?…`", "the server's address, without `?…`",
            usual: .both(usual))
    }

    static let signingSecret = SettingKey(
        "secret", "'${env:SECRET}'", "加签的密钥；不写则不签名", "signs each message; without it none is")

    static let keyword = SettingKey(
        "keyword", "质检", "机器人的关键词，每条消息都会带上", "the robot's keyword, put into every message",
        bound: Bilingual(
            "一行，最多 \(SettingsCheck.keywordLimit) 个字",
            "one line of at most \(SettingsCheck.keywordLimit) characters"))

    /// Whom messages call; `kinds` are those that the service can call.
    static func at(_ example: String, _ kinds: String..., most: Int = Mentions.most) -> SettingKey {
        let names = kinds.map { "`\($0)`" }.joined(separator: " ")
        return SettingKey(
            "at", example, "@ 谁：\(names) `label` `people`",
            "whom messages call: \(names) `label` `people`",
            bound: Bilingual("最多 \(most) 人", "at most \(most) people"))
    }

    /// A token, or a name with a password.
    static let login: [SettingKey] = [
        SettingKey(
            "token", "'${env:TOKEN}'", "登录的令牌，或改用 `username` 和 `password`",
            "the token of the login, or else `username` and `password`"),
        SettingKey(
            "username", "me", "登录名", "the name of the login",
            beside: "password: '${env:PASSWORD}'"),
        SettingKey("password", "'${env:PASSWORD}'", "密码", "the password", beside: "username: me"),
    ]

    // MARK: Below `at` and `network`

    static let ofMentions: [SettingKey] = [
        SettingKey("users", "[U012AB3CD]", "总是 @ 的人", "people who are always called"),
        SettingKey("mobiles", "['13800000000']", "按手机号", "people by mobile number"),
        SettingKey("groups", "[S012AB3CD]", "用户组", "groups of users"),
        SettingKey("roles", "['165511591545143296']", "身份组", "roles"),
        SettingKey("here", "true", "在线的人", "those who are there now", usual: .both("false")),
        SettingKey("all", "true", "所有人", "everyone", usual: .both("false")),
        SettingKey(
            "label", "team", "再按告警的这个标签的值 @ 人", "calls people by the value of this label, too",
            beside: "people: { 一组: [U012AB3CD] }"),
        SettingKey(
            "people", "{ 一组: [U012AB3CD] }", "标签的每个值 @ 谁：名单，或上面的键",
            "whom each value calls: a list, or a mapping with the keys above",
            bound: Bilingual(
                "最多 \(Mentions.valueLimit) 个值", "at most \(Mentions.valueLimit) values"),
            beside: "label: team"),
    ]

    static let ofNetwork: [SettingKey] = [
        SettingKey(
            "allow-private", "[10.0.0.0/8]", "放行的内网网段", "private ranges that may be reached",
            usual: .both("[]")),
        SettingKey(
            "proxy", "'http://proxy.example.com:3128'", "经过的代理；空文本为不经过",
            "the proxy to go through; an empty text for none",
            bound: .both("http, https, socks5h")),
        SettingKey(
            "proxy-username", "me", "代理的登录名", "the name for the proxy",
            beside: "proxy: 'http://proxy.example.com:3128'"),
        SettingKey(
            "proxy-password", "'${env:PASSWORD}'", "代理的密码", "the password for the proxy",
            beside: "proxy: 'http://proxy.example.com:3128'"),
        SettingKey(
            "no-proxy", "[example.com, 10.0.0.0/8]", "不经代理的域名（含子域名）、地址和网段，`\"*\"` 为全部",
            "names (with all under them), addresses and ranges that go without; `\"*\"` for all"),
        SettingKey(
            "ca-file", "roots.pem", "另外信任的证书（PEM）", "certificates (PEM) to trust"),
        SettingKey(
            "system-ca", "false", "是否也信任系统的证书", "whether the system's are trusted as well",
            usual: .both("true"), beside: "ca-file: roots.pem"),
        SettingKey(
            "client-certificate", "client.pem", "向服务器出示的证书（PEM）",
            "the certificate (PEM) that is shown to the server", beside: "client-key: client.key"),
        SettingKey(
            "client-key", "client.key", "它的私钥（PEM）；默认在同一个文件里",
            "its key (PEM), if that stands in another file",
            beside: "client-certificate: client.pem"),
        SettingKey(
            "client-key-password", "'${env:PASSWORD}'", "私钥的密码", "the key's password",
            beside: "client-certificate: client.pem, client-key: client.key"),
    ]
}
