package import Pipeline

/// Where a cloud's API answers: scheme, host and port, nothing more.
///
/// The address is the operator's own, so `http://` and private hosts are allowed.
package struct CloudEndpoint: Hashable, Sendable {
    /// `https` or `http`.
    package let scheme: String
    /// The host as it stands in the header `Host` and in the signature: with the port unless it is
    /// the scheme's own.
    package let authority: String

    /// The most bytes of an address.
    package static let lengthLimit = 512

    /// Reads `https://host[:port]`.
    package init(_ text: String, key: String = "endpoint") throws(SettingsError) {
        guard !text.isEmpty else { throw SettingsError(key, .missing) }
        guard text.utf8.count <= Self.lengthLimit, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "只能是不含空白的 ASCII（其余域名写成 xn--…）",
                    "use printable ASCII without blanks (xn--… for other hosts)"))
        }
        let lowercased = text.lowercased()
        guard let scheme = ["https", "http"].first(where: { lowercased.hasPrefix("\($0)://") })
        else {
            throw SettingsError(key, wrong: Bilingual("须以 https:// 开头", "start it with https://"))
        }
        var rest = lowercased.dropFirst(scheme.count + 3)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains("@") else {
            throw SettingsError(
                key, wrong: Bilingual("地址里不能有用户名和密码", "no user name or password in the address"))
        }
        guard !rest.contains(where: { "/?#\\".contains($0) }) else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "只写协议、主机和端口，路径由接口决定", "only scheme, host and port; the path is the API's own"))
        }
        let (host, port) = try Self.split(rest, key: key)
        self.scheme = scheme
        let isDefault = port == nil || port == (scheme == "https" ? 443 : 80)
        authority = isDefault ? host : host + (port.map { ":\($0)" } ?? "")
    }

    private static func split(
        _ authority: Substring, key: String
    ) throws(SettingsError) -> (host: String, port: Int?) {
        var host = authority
        var portText: Substring?
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[...end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw SettingsError(key, wrong: Bilingual("主机名读不懂", "the host cannot be read"))
            }
            portText = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        let isSound = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
                UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        guard !host.isEmpty, isSound else {
            throw SettingsError(
                key, wrong: Bilingual("缺少主机名，或不是主机名", "the host is missing or not a host name"))
        }
        guard let portText else { return (String(host), nil) }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
            (1...65_535).contains(port)
        else {
            throw SettingsError(
                key, wrong: Bilingual("端口不是 1…65535 的数字", "the port is not a number of 1…65535"))
        }
        return (String(host), port)
    }
}
