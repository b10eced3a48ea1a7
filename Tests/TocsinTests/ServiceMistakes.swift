extension ChannelSettingsTests {
    /// Bots, rooms, pagers and gateways.
    static let serviceMistakes: [Mistake] = [
        Mistake(
            "type: mattermost, url: ▸'https://chat.example.com/api/v4/posts'",
            "`url`: it is no incoming webhook's",
            "`url`：不是接入 webhook 的地址",
            hint: "the address that Mattermost shows has /hooks/ in it"),
        Mistake(
            "type: mattermost, url: ▸'https://chat.example.com/hooks/abc?x=y'",
            "`url`: no query (?…) belongs here",
            "`url`：地址里不能有 ?…",
            hint: "give the address of the service alone"),
        Mistake(
            "type: mattermost, url: 'https://chat.example.com/hooks/abc', at: ▸{ users: here }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "write a user name; for everyone all: true"),
        Mistake(
            "type: rocketchat, url: ▸'https://chat.example.com/api/v1/chat.postMessage'",
            "`url`: it is no incoming webhook's",
            "`url`：不是接入 webhook 的地址",
            hint: "the address that Rocket.Chat shows has /hooks/ in it"),
        Mistake(
            "type: rocketchat, url: 'https://chat.example.com/hooks/abc', at: ▸{ users: 'a b' }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "write a user name; for everyone all: true"),
        Mistake(
            "type: telegram, chat: 1",
            "`token` is missing",
            "缺少 `token`",
            code: "missing-key"),
        Mistake(
            "type: telegram, token: ▸'${env:KEY}', chat: 1",
            "`token`: it is not a bot's token",
            "`token`：不是机器人的令牌",
            hint: "it looks like 123456789:ABC…, and @BotFather gives it"),
        Mistake(
            "type: telegram, token: ▸'${env:LINES}', chat: 1",
            "`token`: it has blanks, line ends or other than ASCII",
            "`token`：有空格、换行或非 ASCII 字符",
            hint: "copy it as the service shows it"),
        Mistake(
            "type: telegram, token: '${env:TOKEN}'",
            "`chat` is missing",
            "缺少 `chat`",
            code: "missing-key"),
        Mistake(
            "type: telegram, token: '${env:TOKEN}', chat: ▸alice",
            "`chat`: neither a number nor a @name",
            "`chat`：既不是数字也不是 @名字",
            hint: "for example -1001234567890"),
        Mistake(
            "type: telegram, token: '${env:TOKEN}', chat: 1, thread: ▸0",
            "`channels.c.thread` must be between 1 and 2147483647",
            "`channels.c.thread` 须在 1 到 2147483647 之间",
            code: "out-of-range"),
        Mistake(
            "type: telegram, token: '${env:TOKEN}', chat: 1, at: ▸{ users: bob }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "write @username or a number; Telegram has no way to call everyone"),
        Mistake(
            "type: telegram, token: '${env:TOKEN}', chat: 1, url: ▸'https://api.telegram.org/?x'",
            "`url`: no query (?…) belongs here",
            "`url`：地址里不能有 ?…",
            hint: "give the address of the service alone"),
        Mistake(
            "type: matrix, url: 'https://m.cn', token: '${env:KEY}'",
            "`room` is missing",
            "缺少 `room`",
            code: "missing-key"),
        Mistake(
            "type: matrix, url: 'https://m.cn', room: '!a:m.cn'",
            "`token` is missing",
            "缺少 `token`",
            code: "missing-key"),
        Mistake(
            "type: matrix, url: 'https://m.cn', token: '${env:KEY}', room: ▸'#a:m.cn'",
            "`room`: it is not the id of a room",
            "`room`：不是房间编号",
            hint: "use the id (!abc:example.com) and not the #alias: room settings, Advanced"),
        Mistake(
            "type: matrix, url: 'https://m.cn', token: '${env:KEY}', room: '!a:m.cn', thread: ▸event",
            "`thread`: it is not the id of an event",
            "`thread`：不是事件编号",
            hint: "it starts with $"),
        Mistake(
            "type: matrix, url: 'https://m.cn', token: '${env:KEY}', room: '!a:m.cn', at: ▸{ users: bob }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "write @name:server"),
        Mistake(
            "type: ntfy",
            "`topic` is missing",
            "缺少 `topic`",
            code: "missing-key"),
        Mistake(
            "type: ntfy, topic: ▸'a b'",
            "`topic`: it is not the name of a topic",
            "`topic`：不是主题名",
            hint: "1 to 64 letters, digits, _ or -"),
        Mistake(
            "type: ntfy, topic: a, token: ▸'${env:KEY}', username: me, password: '${env:PASSWORD}'",
            "`token`: use it or a user name with a password",
            "`token`：不能和用户名、密码同时用"),
        Mistake(
            "type: ntfy, topic: a, password: '${env:PASSWORD}'",
            "`username` is missing",
            "缺少 `username`",
            code: "missing-key"),
        Mistake(
            "type: ntfy, topic: a, username: me",
            "`password` is missing",
            "缺少 `password`",
            code: "missing-key"),
        Mistake(
            "type: ntfy, topic: a, username: ▸'${env:COLON}', password: '${env:PASSWORD}'",
            "`username`: no colon and no line end in it",
            "`username`：不能有冒号或换行"),
        Mistake(
            "type: pagerduty",
            "`routing-key` is missing",
            "缺少 `routing-key`",
            code: "missing-key"),
        Mistake(
            "type: pagerduty, routing-key: ▸'${env:PASSWORD}'",
            "`routing-key`: it has not 32 letters and digits",
            "`routing-key`：不是 32 位字母和数字",
            hint: "Service, Integrations, Events API v2, Integration Key"),
        Mistake(
            "type: alertmanager, url: ▸'http://127.0.0.1:9093/api/v2/alerts'",
            "`url`: leave /api/… out",
            "`url`：不要写 /api/…",
            hint: "for example http://alertmanager:9093"),
        Mistake(
            "type: alertmanager, url: 'http://127.0.0.1:9093', hold: ▸8d",
            "`channels.c.hold` must be between 0s and 7d",
            "`channels.c.hold` 须在 0s 到 7d 之间",
            code: "out-of-range"),
        Mistake(
            "type: alertmanager, url: 'http://127.0.0.1:9093', hold: ▸soon",
            "\"soon\" is not a duration",
            "“soon”不是时长",
            hint: "write 500ms, 30s, 5m, 2h or 7d",
            code: "bad-duration"),
        Mistake(
            "type: apprise, url: ▸'https://apprise.example.com/'",
            "`url`: the address ends with /notify/KEY",
            "`url`：地址应以 /notify/KEY 结尾",
            hint: "KEY names a configuration of the Apprise API; without one, /notify and `urls`"),
        Mistake(
            "type: apprise, url: 'https://apprise.example.com/notify/abc', urls: ▸['${env:KEY}://x']",
            "`urls`: they are for an address without KEY, which needs them",
            "`urls`：地址里有 KEY 就不用 urls，没有就必须给出"),
        Mistake(
            "type: apprise, url: 'https://apprise.example.com/notify'",
            "`urls`: they are for an address without KEY, which needs them",
            "`urls`：地址里有 KEY 就不用 urls，没有就必须给出"),
        Mistake(
            "type: apprise, url: 'https://apprise.example.com/notify', urls: ▸['${env:KEY}']",
            "`urls`: one is no address",
            "`urls`：有一项不是地址",
            hint: "for example mailto://…; write a comma as %2C"),
        Mistake(
            "type: apprise, url: 'https://apprise.example.com/notify', urls: ▸['${env:KEY}://a,b']",
            "`urls`: one is no address",
            "`urls`：有一项不是地址",
            hint: "for example mailto://…; write a comma as %2C"),
        Mistake(
            "type: apprise, url: 'https://apprise.example.com/notify/abc', tag: ▸''",
            "`tag`: it is empty or too long",
            "`tag`：空的，或者太长"),
    ]
}
