import Pipeline

/// Which headers the operator may set, and to what.
enum HeaderCheck {
    /// The most headers, and the most expressions in all of them.
    static let countLimit = 32
    static let holeLimit = 32
    /// The most bytes of a header's fixed text, and of all of them.
    static let valueLimit = 4096
    static let totalLimit = 24 << 10

    static func check(_ name: String, _ value: Secret) throws(SettingsError) {
        let isToken =
            !name.isEmpty && name.utf8.count <= 256
            && name.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
            }
        guard isToken else {
            throw SettingsError(
                "headers",
                wrong: Bilingual("有的名字不是 HTTP 头的写法", "a name is not an HTTP token"))
        }
        let lowercased = name.lowercased()
        guard lowercased != "content-type" else {
            throw SettingsError(
                "headers", wrong: Bilingual("`\(name)` 由 Tocsin 填写", "`\(name)` is set by Tocsin"),
                hint: Bilingual(
                    "format: custom 时写 `content-type`", "with format: custom, write `content-type`")
            )
        }
        guard !own.contains(lowercased), !ownPrefixes.contains(where: lowercased.hasPrefix) else {
            throw SettingsError(
                "headers", wrong: Bilingual("`\(name)` 由 Tocsin 填写", "`\(name)` is set by Tocsin"))
        }
        let isSound = value.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        guard isSound, value.value.utf8.count <= valueLimit else {
            throw SettingsError(
                "headers",
                wrong: Bilingual(
                    "`\(name)` 不是一行可见的 ASCII（最多 \(valueLimit) 字节）",
                    "`\(name)` is not printable ASCII in one line of at most \(valueLimit) bytes"))
        }
    }

    /// What the transport, the signatures and events are made of.
    private static let own: Set = [
        "host", "connection", "content-length", "transfer-encoding", "expect", "te", "trailer",
        "upgrade", "proxy-connection", "keep-alive", "http2-settings", "x-hub-signature-256",
        "x-github-delivery", "x-github-event",
    ]
    private static let ownPrefixes = ["webhook-", "ce-"]
}
