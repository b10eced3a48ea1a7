import Foundation
package import Networking
package import Pipeline

/// The address of a webhook: checked when the settings are read, and never shown whole, because
/// for most services the address is the secret.
package struct Endpoint: Hashable, Sendable {
    /// As given: signed and sent byte by byte as the operator wrote it.
    let url: Secret
    let scheme: String
    /// The host and port as written.
    let authority: String
    /// All from the path on, without a fragment.
    let target: String
    /// The guard that is applied when a connection is made.
    let addressPolicy: AddressPolicy

    /// The most bytes of an address.
    package static let lengthLimit = 4096
    /// The fewest characters behind the host for the last four to be shown.
    private static let shortestSecret = 16
    /// The fewest characters of a piece of the path that can be a key.
    private static let shortestPathKey = 12
    /// The same where it is mixed of digits, small and large letters.
    private static let shortestMixedKey = 8

    /// `https:`, or `http:` when some range of addresses is allowed: whether the host is in one is
    /// judged when a connection is made, and here already when the host is an address.
    package init(_ text: String, allowing ranges: [AddressRange], key: String = "url")
        throws(SettingsError)
    {
        guard !text.isEmpty else { throw SettingsError(key, .missing) }
        guard text.utf8.count <= Self.lengthLimit,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "地址里有空白或非 ASCII 字符", "there are blanks or non-ASCII characters in it"),
                hint: Bilingual(
                    "其余字符写成 %XX，域名写成 xn--", "write %XX, and xn-- for names, for the rest"))
        }
        guard let colon = text.firstRange(of: "://") else {
            throw SettingsError(
                key, wrong: Bilingual("须以 https:// 开头", "start it with https://"))
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        guard scheme == "https" || scheme == "http" else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "只能用 https://（或 http://）", "only https:// (or http://) is possible"))
        }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = String(rest[..<end])
        let host = try Self.host(in: authority, key: key)
        guard !rest.contains("#") else {
            throw SettingsError(
                key, wrong: Bilingual("# 之后的部分不会发送", "a fragment (#…) is never sent"))
        }
        if scheme == "http" { try Self.check(host, ranges, key: key) }
        self.scheme = scheme
        self.authority = authority
        url = Secret(text)
        target = String(rest[end...])
        addressPolicy = .public(allowing: ranges)
    }

    /// The address with more values in its query.
    func appending(_ values: [(name: String, value: String)]) -> String {
        let query = values.map { "\($0.name)=\(Escaping.query($0.value))" }.joined(separator: "&")
        guard !query.isEmpty else { return url.value }
        let base = target.isEmpty || target.hasPrefix("?") ? "/" + target : target
        let joint =
            !base.contains("?") ? "?" : base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&"
        return "\(scheme)://\(authority)\(base)\(joint)\(query)"
    }

    /// The address with a path behind its own; `path` starts with `/`.
    func joined(_ path: String) -> String {
        let base = target.hasSuffix("/") ? String(target.dropLast()) : target
        return "\(scheme)://\(authority)\(base)\(path)"
    }

    /// What must not be shown when a service repeats it: the address, also with its slashes written
    /// as JSON or an address in an address may have them, and the parts of it that can be a key: the
    /// values of the query, and pieces of the path that are long or mixed.
    var secrets: [String] {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = halves[0].split(separator: "/").filter(Self.canBeKey)
        let query = halves.dropFirst().flatMap { $0.split(separator: "&") }
        let values = query.map { pair in
            pair.firstIndex(of: "=").map { pair[pair.index(after: $0)...] } ?? pair
        }
        let pieces = (path + values).map(String.init)
        let whole = [url.value, target]
        let spelt = ["\\/", "%2F", "%2f"].flatMap { slash in
            whole.map { $0.replacing("/", with: slash) }
        }
        return whole + spelt + pieces + pieces.compactMap(\.removingPercentEncoding)
    }

    /// Whether a piece of the path may be more than a word: it is long, or has two of digits, small
    /// and large letters.
    private static func canBeKey(_ piece: Substring) -> Bool {
        guard piece.utf8.count < shortestPathKey else { return true }
        let kinds = [
            piece.contains(where: \.isNumber), piece.contains(where: \.isLowercase),
            piece.contains(where: \.isUppercase),
        ]
        return piece.utf8.count >= shortestMixedKey && kinds.count { $0 } > 1
    }

    private static func host(in authority: String, key: String) throws(SettingsError)
        -> String
    {
        guard !authority.contains("@") else {
            throw SettingsError(
                key,
                wrong: Bilingual("地址里不能有用户名和密码", "no user name or password in the address"),
                hint: Bilingual("用请求头", "use a header"))
        }
        guard let host = HostAndPort(authority)?.host else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    ":// 之后是主机名，可加 :端口（1…65535）",
                    "behind :// stands a host name, and perhaps :port of 1…65535"))
        }
        return host
    }

    private static func check(_ host: String, _ ranges: [AddressRange], key: String)
        throws(SettingsError)
    {
        let isAllowed =
            IPAddress(host).map { address in ranges.contains { $0.contains(address) } }
            ?? !ranges.isEmpty
        guard isAllowed else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "http:// 只能发往 network.allow-private 放行的地址",
                    "http:// goes only to the ranges of network.allow-private"))
        }
    }
}

extension Endpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Scheme and host, and the last four characters when they give little away.
    package var description: String {
        guard target.count >= Self.shortestSecret else { return "\(scheme)://\(authority)/…" }
        return "\(scheme)://\(authority)/…\(target.suffix(4))"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
