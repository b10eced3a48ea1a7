extension SourceSettingsTests {
    /// Both kinds of sources.
    static let mistakes: [Mistake] = [
        Mistake(
            "endpoint: 'https://a.cn'",
            "`type` is missing",
            "缺少 `type`",
            hint: "aliyun-ccai or aliyun-qualitycheck",
            code: "missing-key"),
        Mistake(
            "type: ▸aliyun",
            "`aliyun` is not known here",
            "不认识 `aliyun`",
            hint: "possible values: aliyun-ccai, aliyun-qualitycheck",
            code: "unknown-value"),
        Mistake(
            "type: aliyun-ccai, ▸app-key: x",
            "there is no key `app-key`",
            "没有 `app-key` 这个键",
            hint: "known keys: type, endpoint, credentials, rate, poll, roles",
            code: "unknown-key"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'https://a.cn/path'",
            "`endpoint`: only scheme, host and port; the path is the API's own",
            "`endpoint`：只写协议、主机和端口，路径由接口决定"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'ftp://a.cn'",
            "`endpoint`: start it with https://",
            "`endpoint`：须以 https:// 开头"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'https://me@a.cn'",
            "`endpoint`: no user name or password in the address",
            "`endpoint`：地址里不能有用户名和密码"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'https://a b.cn'",
            "`endpoint`: use printable ASCII without blanks (xn--… for other hosts)",
            "`endpoint`：只能是不含空白的 ASCII（其余域名写成 xn--…）"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'https://a.cn:0'",
            "`endpoint`: the port is not a number of 1…65535",
            "`endpoint`：端口不是 1…65535 的数字"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'https://例子.cn'",
            "`endpoint`: use printable ASCII without blanks (xn--… for other hosts)",
            "`endpoint`：只能是不含空白的 ASCII（其余域名写成 xn--…）"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'https://[::1]x'",
            "`endpoint`: the host cannot be read",
            "`endpoint`：主机名读不懂"),
        Mistake(
            "type: aliyun-ccai, endpoint: ▸'https://:443'",
            "`endpoint`: the host is missing or not a host name",
            "`endpoint`：缺少主机名，或不是主机名"),
        Mistake(
            "type: aliyun-ccai, roles: { agent: ▸[' '] }",
            "`roles.agent`: a role name is empty",
            "`roles.agent`：有一个角色名是空的"),
        Mistake(
            "type: aliyun-ccai, roles: { agent: 客服, customer: ▸客服 }",
            "`roles.customer`: “客服” is already a name of the agent",
            "`roles.customer`：“客服” 已经是 agent 的名字"),
        Mistake(
            "type: aliyun-ccai, roles: { ▸boss: 客服 }",
            "there is no key `boss`",
            "没有 `boss` 这个键",
            hint: "known keys: agent, customer",
            code: "unknown-key"),
        Mistake(
            "type: aliyun-ccai, credentials: ▸defualt",
            "`defualt` is not known here",
            "不认识 `defualt`",
            hint: "did you mean `default`?",
            code: "unknown-value"),
        Mistake(
            "type: aliyun-ccai, credentials: ▸{ access-key-id: a }",
            "`access-key-secret` is missing",
            "缺少 `access-key-secret`",
            code: "missing-key"),
        Mistake(
            "type: aliyun-ccai, credentials: { access-key-id: ▸'a b', access-key-secret: '${env:KEY}' }",
            "`credentials.access-key-id`: use printable ASCII without blanks, at most 256 bytes",
            "`credentials.access-key-id`：只能是不含空白的 ASCII，最多 256 字节"),
        Mistake(
            "type: aliyun-ccai, credentials: { access-key-id: a, access-key-secret: ▸'${env:BLANK}' }",
            "`credentials.access-key-secret`: use printable ASCII without blanks, at most 256 bytes",
            "`credentials.access-key-secret`：只能是不含空白的 ASCII，最多 256 字节"),
        Mistake(
            "type: aliyun-ccai, rate: { qps: ▸0 }",
            "`sources.s.rate.qps` must be between 1 and 100000",
            "`sources.s.rate.qps` 须在 1 到 100000 之间",
            code: "out-of-range"),
        Mistake(
            "type: aliyun-ccai, poll: { every: ▸0s }",
            "`sources.s.poll.every` must be between 10ms and 1d",
            "`sources.s.poll.every` 须在 10ms 到 1d 之间",
            code: "out-of-range"),
        Mistake(
            "type: aliyun-ccai, poll: { deadline: ▸91d }",
            "`sources.s.poll.deadline` must be between 1s and 90d",
            "`sources.s.poll.deadline` 须在 1s 到 90d 之间",
            code: "out-of-range"),
        Mistake(
            "type: aliyun-qualitycheck",
            "`app-key` is missing",
            "缺少 `app-key`",
            code: "missing-key"),
        Mistake(
            "type: aliyun-qualitycheck, app-key: ▸'a b'",
            "`app-key`: no blanks or line ends, at most 128 bytes",
            "`app-key`：不能有空白和换行，最多 128 字节"),
        Mistake(
            "type: aliyun-qualitycheck, app-key: a, version: ▸'2020-01-01'",
            "`version`: use 2019-01-15 or 2016-08-01",
            "`version`：可用 2019-01-15 和 2016-08-01"),
        Mistake(
            "type: aliyun-qualitycheck, app-key: a, method: ▸PUT",
            "`method`: use POST or GET",
            "`method`：可用 POST 和 GET"),
        Mistake(
            "type: aliyun-qualitycheck, app-key: a, signature: ▸v4",
            "`signature`: use v3 or rpc",
            "`signature`：可用 v3 和 rpc"),
        Mistake(
            "type: aliyun-qualitycheck, app-key: a, agent-channel: ▸-1",
            "`sources.s.agent-channel` must be between 0 and 65535",
            "`sources.s.agent-channel` 须在 0 到 65535 之间",
            code: "out-of-range"),
    ]
}
