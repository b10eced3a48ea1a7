import Networking
import Pipeline

/// Checks that the settings of several services share.
package enum SettingsCheck {
    /// The most characters of a keyword.
    package static let keywordLimit = 64

    static func secret(_ secret: Secret?) throws(SettingsError) {
        guard let secret else { return }
        guard !secret.value.isEmpty, PlainText.line(secret.value) == secret.value else {
            throw SettingsError(
                "secret",
                wrong: Bilingual(
                    "为空，或前后有空白或换行", "it is empty, or has blanks or line ends around it"))
        }
    }

    static func keyword(_ keyword: String) throws(SettingsError) {
        guard PlainText.line(keyword) == keyword, keyword.count <= keywordLimit else {
            throw SettingsError(
                "keyword",
                wrong: Bilingual(
                    "写成一行，最多 \(keywordLimit) 个字",
                    "use one line of at most \(keywordLimit) characters"))
        }
    }

    /// The robot's address as the service shows it; `sample` says how it looks.
    static func address(_ isSound: Bool, sample: String) throws(SettingsError) {
        guard isSound else {
            throw SettingsError(
                "url",
                wrong: Bilingual("不是这种机器人的完整地址", "it is not the whole address of such a robot"),
                hint: Bilingual("形如 \(sample)", "it looks like \(sample)"))
        }
    }

    /// The most bytes of a key or a password.
    static let secretLimit = 2048

    /// A secret that travels in a header or a path: printable ASCII without blanks.
    static func key(_ secret: Secret?, _ key: String) throws(SettingsError) -> Secret {
        guard let secret, !secret.value.isEmpty else { throw SettingsError(key, .missing) }
        guard secret.value.utf8.count <= secretLimit,
            secret.value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "有空格、换行或非 ASCII 字符", "it has blanks, line ends or other than ASCII"),
                hint: Bilingual("原样复制服务给出的值", "copy it as the service shows it"))
        }
        return secret
    }

    /// The address of a service whose paths are known: without a query.
    static func base(
        _ url: String, allowing ranges: [AddressRange]
    ) throws(SettingsError) -> Endpoint {
        let endpoint = try Endpoint(url, allowing: ranges)
        guard !endpoint.target.contains("?") else {
            throw SettingsError(
                "url", wrong: Bilingual("地址里不能有 ?…", "no query (?…) belongs here"),
                hint: Bilingual("只写服务的地址", "give the address of the service alone"))
        }
        return endpoint
    }
}
