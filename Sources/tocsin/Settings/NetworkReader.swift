import Channels
import Foundation
import Networking
import Pipeline

/// Reads `network:`, of the whole file or of one channel.
///
/// What it does not say stays as it is in `base`. Files are looked at now, so that `check` names
/// what a connection would only stumble over.
struct NetworkReader {
    let texts: SettingsTexts
    /// Whether it is that of a channel of mails alone.
    var isOfMail = false

    /// The largest file of certificates that is looked at, in bytes.
    private static let fileLimit = 16 << 20

    func read(_ cursor: Cursor, over base: NetworkSettings) -> NetworkSettings {
        var network = base
        guard let fields = cursor.fields(SettingKey.ofNetwork.map(\.name)) else { return network }
        if isOfMail {
            reportWebKeys(fields)
        } else {
            if let allowed = fields["allow-private"] {
                network.allowed = (allowed.itemsOrOne() ?? []).compactMap(range)
            }
            readProxy(fields, &network.connection)
        }
        readTrust(fields, &network.connection)
        readIdentity(fields, &network.connection)
        return network
    }

    /// Mails never go through a proxy, and their server may be anywhere.
    private func reportWebKeys(_ fields: [String: Cursor]) {
        for key in ["proxy", "proxy-username", "proxy-password", "no-proxy"] {
            guard let field = fields[key], !field.isNull else { continue }
            return field.report(
                "bad-setting", Bilingual("邮件不走代理", "mails go through no proxy"),
                hint: Bilingual("删去 `\(key)`", "leave out `\(key)`"))
        }
        fields["allow-private"]?.report(
            "bad-setting",
            Bilingual("邮件服务器在哪里都连得上", "a mail server may be anywhere"),
            hint: Bilingual("删去 `allow-private`", "leave out `allow-private`"))
    }

    private func range(_ item: Cursor) -> AddressRange? {
        guard let text = item.text() else { return nil }
        if let range = AddressRange(text) { return range }
        item.report(
            "bad-range", Bilingual("“\(text)”不是网段", "\"\(text)\" is not a range of addresses"),
            hint: Bilingual("例如 10.0.0.0/8", "for example 10.0.0.0/8"))
        return nil
    }

    // MARK: Proxy

    private func readProxy(_ fields: [String: Cursor], _ connection: inout ConnectionSettings) {
        let username = fields["proxy-username"].flatMap(texts.text)
        let password = fields["proxy-password"].flatMap(texts.secret)
        if let field = fields["proxy"], !field.isNull {
            connection.proxy = proxy(field, username, password?.value)
        } else if let field = fields["proxy-username"] ?? fields["proxy-password"] {
            field.report(
                "bad-proxy",
                Bilingual("没有 `proxy`，用不上代理的登录名和密码", "a login at a proxy needs `proxy`"))
        }
        if let field = fields["no-proxy"] {
            connection.proxyExceptions = (field.itemsOrOne() ?? []).compactMap(exception)
        }
    }

    private func proxy(_ field: Cursor, _ username: String?, _ password: String?) -> Proxy? {
        guard let text = texts.text(field), !text.isEmpty else { return nil }
        guard let proxy = Proxy(text, username: username, password: password) else {
            report(field, isLogin: Proxy(text, username: "", password: "") != nil)
            return nil
        }
        // A password in the address is a secret like any other.
        if text.contains("@") { _ = texts.secret(field) }
        field.report(
            "proxy-looks-up",
            Bilingual(
                "经代理时由代理解析域名：地址防护只能判断写成地址的主机和 localhost 一类的域名",
                "a proxy looks up names itself: the address guard then judges only hosts that are"
                    + " written as addresses, and names such as localhost"),
            hint: Bilingual(
                "让代理自己拒绝内网地址", "let the proxy itself refuse private addresses"),
            severity: .warning)
        return proxy
    }

    /// The proxy is not written as one, or its login is none.
    private func report(_ field: Cursor, isLogin: Bool) {
        let schemes = Proxy.schemes.joined(separator: ", ")
        if isLogin {
            let limit = Proxy.longestLogin
            field.report(
                "bad-proxy",
                Bilingual(
                    "代理的登录名和密码各不超过 \(limit) 字节，没有控制字符，登录名里没有冒号",
                    "name and password for a proxy have \(limit) bytes at most and no control"
                        + " characters, and the name has no colon"))
        } else {
            field.report(
                "bad-proxy",
                Bilingual(
                    "代理要写成 协议://主机:端口，协议可用 \(schemes)",
                    "a proxy is written as scheme://host:port, with one of \(schemes)"),
                hint: Bilingual(
                    "例如 http://proxy.example.com:3128；登录名和密码写在 proxy-username 和 proxy-password",
                    "for example http://proxy.example.com:3128; its login goes into"
                        + " proxy-username and proxy-password"))
        }
    }

    private func exception(_ item: Cursor) -> ProxyException? {
        guard let text = texts.text(item) else { return nil }
        if let exception = ProxyException(text) { return exception }
        let written = item.scalarText ?? text
        item.report(
            "bad-proxy",
            Bilingual(
                "“\(written)”既不是域名，也不是地址或网段",
                "\"\(written)\" is neither a name nor an address or a range of them"),
            hint: Bilingual(
                "例如 example.com（含子域名）、10.0.0.0/8，或 \"*\"",
                "for example example.com (with all names under it), 10.0.0.0/8, or \"*\""))
        return nil
    }

    // MARK: TLS

    private func readTrust(_ fields: [String: Cursor], _ connection: inout ConnectionSettings) {
        if let field = fields["ca-file"], !field.isNull {
            connection.caFile = certificates(field)
        }
        let field = fields["system-ca"]
        if let trustsSystem = field?.bool() { connection.trustsSystem = trustsSystem }
        guard !connection.trustsSystem && connection.caFile == nil else { return }
        // The other of the two may be that of all channels.
        (field ?? fields["ca-file"])?.report(
            "bad-trust",
            Bilingual(
                "不信任系统证书时，要用 `ca-file` 指定信任谁",
                "without the system's certificates, `ca-file` has to say whom to trust"))
    }

    /// The path of a file of certificates to trust; `nil` for an empty text.
    func certificates(_ field: Cursor) -> String? { path(field, holding: Self.certificateMark) }

    private func readIdentity(_ fields: [String: Cursor], _ connection: inout ConnectionSettings) {
        guard let field = fields["client-certificate"], !field.isNull else {
            if let other = fields["client-key"] ?? fields["client-key-password"] {
                other.report(
                    "bad-identity",
                    Bilingual("没有 `client-certificate`", "it needs `client-certificate`"))
            }
            return
        }
        guard let certificate = path(field, holding: Self.certificateMark) else {
            connection.identity = nil
            return
        }
        let passwordField = fields["client-key-password"].flatMap { $0.isNull ? nil : $0 }
        let password = passwordField.flatMap(texts.secret)
        let keyField = fields["client-key"].flatMap { $0.isNull ? nil : $0 }
        let identity = ClientIdentity(
            certificateFile: certificate,
            keyFile: keyField.flatMap { path($0, holding: Self.keyMark) },
            keyPassword: password?.value ?? "")
        if identity.keyFile == nil, keyField == nil { checkKey(beside: certificate, field) }
        checkPassword(identity, keyField ?? field, isGiven: passwordField != nil)
        connection.identity = identity
    }

    /// A certificate without a key file has its key in its own.
    private func checkKey(beside certificate: String, _ field: Cursor) {
        guard let text = Self.contents(certificate), text.contains(Self.certificateMark),
            !text.contains(Self.keyMark)
        else { return }
        field.report(
            "bad-identity",
            Bilingual(
                "文件里没有私钥，要写 `client-key`", "there is no key in the file: it needs `client-key`"))
    }

    private func checkPassword(_ identity: ClientIdentity, _ field: Cursor, isGiven: Bool) {
        let file = identity.keyFile ?? identity.certificateFile
        guard !isGiven, let text = Self.contents(file),
            Self.encryptionMarks.contains(where: text.contains)
        else { return }
        field.report(
            "bad-identity",
            Bilingual(
                "私钥有密码，要写 `client-key-password`",
                "the key is encrypted: it needs `client-key-password`"))
    }

    private static let certificateMark = "-----BEGIN CERTIFICATE-----"
    private static let keyMark = "PRIVATE KEY-----"
    private static let encryptionMarks = ["BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"]

    /// The path of a file, from the settings file's folder when it is relative; what is wrong with
    /// it is a finding.
    ///
    /// `nil` for an empty text.
    private func path(_ field: Cursor, holding mark: String) -> String? {
        guard let text = texts.text(field), !text.isEmpty else { return nil }
        let path = texts.interpolation.path(text)
        guard let contents = Self.contents(path) else {
            field.report(
                "unreadable-file",
                Bilingual("读不了文件 \(text)", "the file \(text) cannot be read"))
            return path
        }
        if !contents.contains(mark) {
            let isKey = mark == Self.keyMark
            field.report(
                "bad-certificate",
                isKey
                    ? Bilingual("文件里没有 PEM 格式的私钥", "there is no private key (PEM) in the file")
                    : Bilingual("文件里没有 PEM 格式的证书", "there is no certificate (PEM) in the file"))
        }
        return path
    }

    private static func contents(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: fileLimit) ?? Data()
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
