import Pipeline

/// What the settings of several robots have in common.
enum SettingsCheck {
    /// The most characters of a keyword.
    static let keywordLimit = 64

    static func secret(_ secret: Secret?) throws(ChannelSettingsError) {
        guard let secret else { return }
        guard !secret.value.isEmpty, PlainText.line(secret.value) == secret.value else {
            throw ChannelSettingsError(
                "secret",
                .wrong(
                    Bilingual(
                        "为空，或前后有空白或换行", "it is empty, or has blanks or line ends around it")))
        }
    }

    static func keyword(_ keyword: String) throws(ChannelSettingsError) {
        guard PlainText.line(keyword) == keyword, keyword.count <= keywordLimit else {
            throw ChannelSettingsError(
                "keyword",
                .wrong(
                    Bilingual(
                        "写成一行，最多 \(keywordLimit) 个字",
                        "use one line of at most \(keywordLimit) characters")))
        }
    }

    /// The robot's address as the service shows it; `sample` says how it looks.
    static func address(_ isSound: Bool, sample: String) throws(ChannelSettingsError) {
        guard isSound else {
            throw ChannelSettingsError(
                "url",
                .wrong(
                    Bilingual("不是这种机器人的完整地址", "it is not the whole address of such a robot"),
                    hint: Bilingual("形如 \(sample)", "it looks like \(sample)")))
        }
    }
}
