extension NetworkSettingsTests {
    private static let proxyHint =
        "for example http://proxy.example.com:3128; its login goes into proxy-username and proxy-password"
    private static let proxyEnglish =
        "a proxy is written as scheme://host:port, with one of http, https, socks5h"
    private static let proxyChinese = "代理要写成 协议://主机:端口，协议可用 http, https, socks5h"
    private static let loginEnglish =
        "name and password for a proxy have 255 bytes at most and no control characters, and the name has no colon"
    private static let loginChinese = "代理的登录名和密码各不超过 255 字节，没有控制字符，登录名里没有冒号"

    /// Keys of `network:`, in files that hold what their names say.
    static let mistakes: [Mistake] = [
        Mistake(
            "▸ca: roots.pem", "there is no key `ca`", "没有 `ca` 这个键",
            hint:
                "known keys: allow-private, proxy, proxy-username, proxy-password, no-proxy, ca-file, system-ca, client-certificate, client-key, client-key-password",
            code: "unknown-key"),
        Mistake(
            "allow-private: ▸10.0.0.0/33", "\"10.0.0.0/33\" is not a range of addresses",
            "“10.0.0.0/33”不是网段", hint: "for example 10.0.0.0/8", code: "bad-range"),
        Mistake(
            "allow-private: [10.0.0.0/8, ▸example.com]",
            "\"example.com\" is not a range of addresses", "“example.com”不是网段",
            hint: "for example 10.0.0.0/8", code: "bad-range"),
        Mistake(
            "proxy: ▸proxy.example.com:3128", proxyEnglish, proxyChinese, hint: proxyHint,
            code: "bad-proxy"),
        Mistake(
            "proxy: ▸'http://proxy.example.com'", proxyEnglish, proxyChinese, hint: proxyHint,
            code: "bad-proxy"),
        Mistake(
            "proxy: ▸'socks5://127.0.0.1:1080'", proxyEnglish, proxyChinese, hint: proxyHint,
            code: "bad-proxy"),
        Mistake(
            "proxy: ▸'http://127.0.0.1:3128/path'", proxyEnglish, proxyChinese, hint: proxyHint,
            code: "bad-proxy"),
        Mistake(
            "proxy: ▸'http://127.0.0.1:3128', proxy-username: '${env:COLON}', proxy-password: '${env:PASSWORD}'",
            loginEnglish, loginChinese, code: "bad-proxy"),
        Mistake(
            "proxy: ▸'http://127.0.0.1:3128', proxy-username: me, proxy-password: '${env:LINES}'",
            loginEnglish, loginChinese, code: "bad-proxy"),
        Mistake(
            "proxy: ▸[a]", "`network.proxy` must be a text, but is a list",
            "`network.proxy` 应是文本，却是列表", code: "wrong-type"),
        Mistake(
            "proxy-username: ▸me", "a login at a proxy needs `proxy`", "没有 `proxy`，用不上代理的登录名和密码",
            code: "bad-proxy"),
        Mistake(
            "proxy-password: ▸'${env:PASSWORD}'", "a login at a proxy needs `proxy`",
            "没有 `proxy`，用不上代理的登录名和密码", code: "bad-proxy"),
        Mistake(
            "no-proxy: [example.com, ▸'exa mple']",
            "\"exa mple\" is neither a name nor an address or a range of them",
            "“exa mple”既不是域名，也不是地址或网段",
            hint: "for example example.com (with all names under it), 10.0.0.0/8, or \"*\"",
            code: "bad-proxy"),
        Mistake(
            "no-proxy: ▸'${env:LINES}'",
            "\"${env:LINES}\" is neither a name nor an address or a range of them",
            "“${env:LINES}”既不是域名，也不是地址或网段",
            hint: "for example example.com (with all names under it), 10.0.0.0/8, or \"*\"",
            code: "bad-proxy"),
        Mistake(
            "ca-file: ▸missing.pem", "the file missing.pem cannot be read", "读不了文件 missing.pem",
            code: "unreadable-file"),
        Mistake(
            "ca-file: ▸plain.key", "there is no certificate (PEM) in the file",
            "文件里没有 PEM 格式的证书", code: "bad-certificate"),
        Mistake(
            "ca-file: ▸empty.pem", "there is no certificate (PEM) in the file",
            "文件里没有 PEM 格式的证书", code: "bad-certificate"),
        Mistake(
            "system-ca: ▸false",
            "without the system's certificates, `ca-file` has to say whom to trust",
            "不信任系统证书时，要用 `ca-file` 指定信任谁", code: "bad-trust"),
        Mistake(
            "system-ca: ▸sometimes",
            "`network.system-ca` must be true or false, but is \"sometimes\"",
            "`network.system-ca` 应是 true 或 false，却是“sometimes”", code: "wrong-type"),
        Mistake(
            "client-key: ▸plain.key", "it needs `client-certificate`", "没有 `client-certificate`",
            code: "bad-identity"),
        Mistake(
            "client-key-password: ▸'${env:PASSWORD}'", "it needs `client-certificate`",
            "没有 `client-certificate`", code: "bad-identity"),
        Mistake(
            "client-certificate: ▸missing.pem", "the file missing.pem cannot be read",
            "读不了文件 missing.pem", code: "unreadable-file"),
        Mistake(
            "client-certificate: ▸plain.key", "there is no certificate (PEM) in the file",
            "文件里没有 PEM 格式的证书", code: "bad-certificate"),
        Mistake(
            "client-certificate: ▸certificate.pem",
            "there is no key in the file: it needs `client-key`", "文件里没有私钥，要写 `client-key`",
            code: "bad-identity"),
        Mistake(
            "client-certificate: certificate.pem, client-key: ▸missing.key",
            "the file missing.key cannot be read", "读不了文件 missing.key",
            code: "unreadable-file"),
        Mistake(
            "client-certificate: certificate.pem, client-key: ▸certificate.pem",
            "there is no private key (PEM) in the file", "文件里没有 PEM 格式的私钥",
            code: "bad-certificate"),
        Mistake(
            "client-certificate: certificate.pem, client-key: ▸encrypted.key",
            "the key is encrypted: it needs `client-key-password`",
            "私钥有密码，要写 `client-key-password`", code: "bad-identity"),
        Mistake(
            "client-certificate: ▸encrypted.both",
            "the key is encrypted: it needs `client-key-password`",
            "私钥有密码，要写 `client-key-password`", code: "bad-identity"),
        Mistake(
            "client-certificate: certificate.pem, client-key: ▸old.key",
            "the key is encrypted: it needs `client-key-password`",
            "私钥有密码，要写 `client-key-password`", code: "bad-identity"),
        Mistake(
            "client-certificate: certificate.pem, client-key: encrypted.key, client-key-password: ▸'${env:NOTHING}'",
            "the environment variable NOTHING is not set", "环境变量 NOTHING 没有设置",
            code: "bad-interpolation"),
    ]

    /// Keys of a channel of mails, whose `network` has less.
    static let mailMistakes: [Mistake] = [
        Mistake(
            "network: { proxy: ▸'http://127.0.0.1:3128' }", "mails go through no proxy",
            "邮件不走代理", hint: "leave out `proxy`"),
        Mistake(
            "network: { no-proxy: ▸'*' }", "mails go through no proxy", "邮件不走代理",
            hint: "leave out `no-proxy`"),
        Mistake(
            "network: { proxy-username: ▸me }", "mails go through no proxy", "邮件不走代理",
            hint: "leave out `proxy-username`"),
        Mistake(
            "network: { allow-private: ▸[127.0.0.0/8] }", "a mail server may be anywhere",
            "邮件服务器在哪里都连得上", hint: "leave out `allow-private`"),
        Mistake(
            "ca-file: ▸roots.pem, network: { ca-file: roots.pem }",
            "`network` has a `ca-file` as well", "`network` 里也写了 `ca-file`",
            hint: "keep one of them"),
        Mistake(
            "ca-file: ▸missing.pem", "the file missing.pem cannot be read", "读不了文件 missing.pem",
            code: "unreadable-file"),
        Mistake(
            "tls: none, network: { client-certificate: ▸both.pem }",
            "with `tls: none` the certificate is not shown", "`tls: none` 时不会出示这个证书",
            hint:
                "leave out `tls: none`, or use smtps://; or else leave out the certificate"),
        Mistake(
            "network: { system-ca: ▸false }",
            "without the system's certificates, `ca-file` has to say whom to trust",
            "不信任系统证书时，要用 `ca-file` 指定信任谁", code: "bad-trust"),
    ]
}
