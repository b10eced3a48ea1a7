extension ChannelSettingsTests {
    /// What every kind of channel has in common, and the webhook and mail.
    static let sharedMistakes: [Mistake] = [
        Mistake(
            "url: 'https://example.com'",
            "`type` is missing",
            "缺少 `type`",
            hint:
                "webhook, dingtalk, feishu, lark, wecom, slack, teams, discord, email, alertmanager, apprise, matrix, mattermost, ntfy, pagerduty, rocketchat, telegram",
            code: "missing-key"),
        Mistake(
            "type: ▸telegramm, chat: 1",
            "`telegramm` is not known here",
            "不认识 `telegramm`",
            hint: "did you mean `telegram`?",
            code: "unknown-value"),
        Mistake(
            "type: webhook, ▸urll: 'https://example.com'",
            "there is no key `urll`",
            "没有 `urll` 这个键",
            hint: "did you mean `url`?",
            code: "unknown-key"),
        Mistake(
            "type: webhook",
            "`url` is missing",
            "缺少 `url`",
            code: "missing-key"),
        Mistake(
            "type: webhook, url: 'https://example.com', fallback: ▸c",
            "a channel cannot be its own fallback",
            "通道不能做自己的后备",
            code: "unknown-value"),
        Mistake(
            "type: webhook, url: 'https://example.com', enabled: ▸maybe",
            "`channels.c.enabled` must be true or false, but is \"maybe\"",
            "`channels.c.enabled` 应是 true 或 false，却是“maybe”",
            code: "wrong-type"),
        Mistake(
            "type: webhook, url: ▸[a]",
            "`channels.c.url` must be a text, but is a list",
            "`channels.c.url` 应是文本，却是列表",
            code: "wrong-type"),
        Mistake(
            "type: webhook, url: ▸'https://exa mple.com'",
            "`url`: there are blanks or non-ASCII characters in it",
            "`url`：地址里有空白或非 ASCII 字符",
            hint: "write %XX, and xn-- for names, for the rest"),
        Mistake(
            "type: webhook, url: ▸'example.com/x'",
            "`url`: start it with https://",
            "`url`：须以 https:// 开头"),
        Mistake(
            "type: webhook, url: ▸'ftp://example.com/x'",
            "`url`: only https:// (or http://) is possible",
            "`url`：只能用 https://（或 http://）"),
        Mistake(
            "type: webhook, url: ▸'https://me:pw@example.com/x'",
            "`url`: no user name or password in the address",
            "`url`：地址里不能有用户名和密码",
            hint: "use a header"),
        Mistake(
            "type: webhook, url: ▸'https://example.com:99999/x'",
            "`url`: behind :// stands a host name, and perhaps :port of 1…65535",
            "`url`：:// 之后是主机名，可加 :端口（1…65535）"),
        Mistake(
            "type: webhook, url: ▸'https://例子.cn/x'",
            "`url`: there are blanks or non-ASCII characters in it",
            "`url`：地址里有空白或非 ASCII 字符",
            hint: "write %XX, and xn-- for names, for the rest"),
        Mistake(
            "type: webhook, url: ▸'https://example.com/x#y'",
            "`url`: a fragment (#…) is never sent",
            "`url`：# 之后的部分不会发送"),
        Mistake(
            "type: webhook, url: ▸'http://192.168.1.1/x'",
            "`url`: http:// goes only to the ranges of network.allow-private",
            "`url`：http:// 只能发往 network.allow-private 放行的地址"),
        Mistake(
            "type: webhook, url: ▸'${env:NOTHING}'",
            "the environment variable NOTHING is not set",
            "环境变量 NOTHING 没有设置",
            code: "bad-interpolation"),
        Mistake(
            "type: webhook, url: ▸'${env:TOKEN'",
            "`${` has no `}`",
            "`${` 没有对应的 `}`",
            code: "bad-interpolation"),
        Mistake(
            "type: webhook, url: ▸'${var:TOKEN}'",
            "`${var…}` is not known; env: and file: are",
            "`${var…}` 不认识，可用 env: 和 file:",
            code: "bad-interpolation"),
        Mistake(
            "type: webhook, url: ▸'${file:none}'",
            "the file none cannot be read (or is larger than 64 KiB)",
            "读不了文件 none（或大于 64 KiB）",
            code: "bad-interpolation"),
        Mistake(
            "type: webhook, url: 'https://example.com', rate: ▸7",
            "`channels.c.rate` must be a mapping (key: value), but is \"7\"",
            "`channels.c.rate` 应是映射（键: 值），却是“7”",
            code: "wrong-type"),
        Mistake(
            "type: webhook, url: 'https://example.com', rate: { per-minute: ▸0 }",
            "`channels.c.rate.per-minute` must be between 1 and 100000",
            "`channels.c.rate.per-minute` 须在 1 到 100000 之间",
            code: "out-of-range"),
        Mistake(
            "type: webhook, url: 'https://example.com', rate: { ▸per-hour: 1 }",
            "there is no key `per-hour`",
            "没有 `per-hour` 这个键",
            hint: "known keys: per-minute",
            code: "unknown-key"),
        Mistake(
            "type: webhook, url: 'https://example.com', retry: ▸[]",
            "`retry` has 1 to 20 entries",
            "`retry` 要有 1 到 20 项",
            code: "out-of-range"),
        Mistake(
            "type: webhook, url: 'https://example.com', retry: [▸1x]",
            "\"1x\" is not a duration",
            "“1x”不是时长",
            hint: "write 500ms, 30s, 5m, 2h or 7d",
            code: "bad-duration"),
        Mistake(
            "type: webhook, url: 'https://example.com', retry: [▸8d]",
            "`channels.c.retry[0]` must be between 0s and 7d",
            "`channels.c.retry[0]` 须在 0s 到 7d 之间",
            code: "out-of-range"),
        Mistake(
            "type: webhook, url: 'https://example.com', retry: ▸1s",
            "`channels.c.retry` must be a list (- item or [item, item]), but is \"1s\"",
            "`channels.c.retry` 应是列表（- 项 或 [项, 项]），却是“1s”",
            code: "wrong-type"),
        Mistake(
            "type: email, server: 'smtp://h.cn', to: c@d.cn",
            "`from` is missing",
            "缺少 `from`",
            code: "missing-key"),
        Mistake(
            "type: email, server: ▸'http://h.cn', from: a@b.cn, to: c@d.cn",
            "`server`: start it with smtps:// or smtp://",
            "`server`：须以 smtps:// 或 smtp:// 开头"),
        Mistake(
            "type: email, server: 'smtp://h.cn', from: a@b.cn, to: ▸[c]",
            "`to`: write `name@example.com`",
            "`to`：写成 `name@example.com`"),
        Mistake(
            "type: email, server: 'smtp://h.cn', from: a@b.cn, to: c@d.cn, username: me",
            "`password` is missing",
            "缺少 `password`",
            code: "missing-key"),
    ]
}
