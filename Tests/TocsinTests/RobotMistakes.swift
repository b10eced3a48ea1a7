extension ChannelSettingsTests {
    /// The chat robots.
    static let robotMistakes: [Mistake] = [
        Mistake(
            "type: slack, url: 'https://hooks.slack.com/services/T0/B0/abc', ▸secret: x",
            "there is no key `secret`",
            "没有 `secret` 这个键",
            hint: "known keys: type, rate, retry, enabled, fallback, network, url, at, thread",
            code: "unknown-key"),
        Mistake(
            "type: dingtalk",
            "`url` is missing",
            "缺少 `url`",
            code: "missing-key"),
        Mistake(
            "type: dingtalk, url: ▸'https://oapi.dingtalk.com/robot/send'",
            "`url`: it is not the whole address of such a robot",
            "`url`：不是这种机器人的完整地址",
            hint: "it looks like https://oapi.dingtalk.com/robot/send?access_token=…"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', secret: ▸'${env:BLANK}'",
            "`secret`: it is empty, or has blanks or line ends around it",
            "`secret`：为空，或前后有空白或换行"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', keyword: ▸' a'",
            "`keyword`: use one line of at most 64 characters",
            "`keyword`：写成一行，最多 64 个字"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', keyword: ▸11111111112222222222333333333344444444445555555555666666666677777",
            "`keyword`: use one line of at most 64 characters",
            "`keyword`：写成一行，最多 64 个字"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', at: ▸{ users: 张三 }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "mobile numbers and user ids are ASCII without blanks"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', at: ▸{ label: team }",
            "`at`: `label` and `people` go together",
            "`at`：`label` 和 `people` 要一起写",
            hint: "at: { label: team, people: { one: [name] } }"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', at: ▸all",
            "`channels.c.at` must be a mapping (key: value), but is \"all\"",
            "`channels.c.at` 应是映射（键: 值），却是“all”",
            code: "wrong-type"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', at: { all: ▸yes }",
            "`channels.c.at.all` must be true or false, but is \"yes\"",
            "`channels.c.at.all` 应是 true 或 false，却是“yes”",
            code: "wrong-type"),
        Mistake(
            "type: dingtalk, url: 'https://d.cn/?access_token=abc', at: { ▸roles: 1 }",
            "there is no key `roles`",
            "没有 `roles` 这个键",
            hint: "known keys: users, mobiles, all, label, people",
            code: "unknown-key"),
        Mistake(
            "type: feishu, url: ▸'https://open.feishu.cn/open-apis/bot/v2/hook/'",
            "`url`: it is not the whole address of such a robot",
            "`url`：不是这种机器人的完整地址",
            hint: "it looks like https://open.feishu.cn/open-apis/bot/v2/hook/…"),
        Mistake(
            "type: feishu, url: 'https://open.feishu.cn/open-apis/bot/v2/hook/abc', at: ▸{ users: a@b.cn }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "only open ids (ou_…) and user ids, no mail addresses"),
        Mistake(
            "type: lark, url: 'https://open.larksuite.com/open-apis/bot/v2/hook/abc', at: { ▸mobiles: 138 }",
            "there is no key `mobiles`",
            "没有 `mobiles` 这个键",
            hint: "known keys: users, all, label, people",
            code: "unknown-key"),
        Mistake(
            "type: wecom, url: ▸'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key='",
            "`url`: it is not the whole address of such a robot",
            "`url`：不是这种机器人的完整地址",
            hint: "it looks like https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"),
        Mistake(
            "type: wecom, url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc', at: ▸{ users: 张三 }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "users are member ids (userid), mobiles are numbers"),
        Mistake(
            "type: wecom, url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc', at: ▸{ users: [a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, b2, b3, b4, b5, b6, b7, b8, b9, c1, c2, c3] }",
            "`at` has more than 20 entries",
            "`at` 超过 20 项"),
        Mistake(
            "type: slack, url: ▸'https://hooks.slack.com/services/T0/B0'",
            "`url`: it is not the whole address of such a robot",
            "`url`：不是这种机器人的完整地址",
            hint: "it looks like https://hooks.slack.com/services/T…/B…/…"),
        Mistake(
            "type: slack, url: 'https://hooks.slack.com/services/T0/B0/abc', thread: ▸'1700000000'",
            "`thread`: it is not the ts of a message",
            "`thread`：不是一条消息的 ts",
            hint: "it looks like 1700000000.000100"),
        Mistake(
            "type: slack, url: 'https://hooks.slack.com/services/T0/B0/abc', at: ▸{ users: bob }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "users are U… or W…, groups are S… (user groups)"),
        Mistake(
            "type: teams, url: ▸'https://a.webhook.office.com/webhookb2/abc'",
            "`url`: connectors of Office 365 have been retired",
            "`url`：Office 365 连接器已停用",
            hint: "make a webhook in Workflows of Teams, and use its address"),
        Mistake(
            "type: teams, url: ▸'https://prod.logic.azure.com/workflows/a'",
            "`url`: it is not the whole address of such a robot",
            "`url`：不是这种机器人的完整地址",
            hint:
                "it looks like https://….logic.azure.com/workflows/…/triggers/manual/paths/invoke?…&sig=…"
        ),
        Mistake(
            "type: teams, url: 'https://l.azure.com/workflows/a/triggers/b?sig=c', at: ▸{ users: '' }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "write zhang@contoso.com or Zhang San <zhang@contoso.com>"),
        Mistake(
            "type: discord, url: ▸'https://discord.com/api/v10/webhooks/abc/def'",
            "`url`: it is not the whole address of such a robot",
            "`url`：不是这种机器人的完整地址",
            hint: "it looks like https://discord.com/api/v10/webhooks/1234…/…"),
        Mistake(
            "type: discord, url: 'https://discord.com/api/v10/webhooks/1/abc', thread: ▸forum",
            "`thread`: write a thread's id, or `new` (a forum: each message opens a post)",
            "`thread`：写子区的数字 ID，或 new（论坛频道，每条消息开一个帖子）"),
        Mistake(
            "type: discord, url: 'https://discord.com/api/v10/webhooks/1/abc', at: ▸{ users: bob }",
            "`at`: a name is not written as the service has it",
            "`at`：有的名字不是该服务的写法",
            hint: "write ids, which are numbers"),
    ]
}
