import Channels
import Networking
import Pipeline

/// The fields of one channel, read as what its kind wants.
struct ChannelFields {
    let fields: [String: Cursor]
    let texts: SettingsTexts
    /// `network.allow-private`.
    let allowed: [AddressRange]

    subscript(key: String) -> Cursor? { fields[key] }

    func optional(_ key: String) -> String? { fields[key].flatMap(texts.text) }

    /// Empty when it is not there: the channel's own check then says that it is missing.
    func text(_ key: String) -> String { optional(key) ?? "" }

    /// From the settings file's folder when it is relative.
    func path(_ key: String) -> String? {
        optional(key).flatMap { $0.isEmpty ? nil : texts.interpolation.path($0) }
    }

    /// A file of certificates, looked at now.
    func certificates(_ key: String) -> String? {
        fields[key].flatMap { $0.isNull ? nil : NetworkReader(texts: texts).certificates($0) }
    }

    func secret(_ key: String) -> Secret? { fields[key].flatMap(texts.secret) }

    /// One, or a list of them.
    func texts(_ key: String) -> [String] {
        (fields[key]?.itemsOrOne() ?? []).compactMap(texts.text)
    }

    /// One, or a list of them.
    func secrets(_ key: String) -> [Secret] {
        (fields[key]?.itemsOrOne() ?? []).compactMap(texts.secret)
    }

    /// `at:`, with what the service can call.
    func mentions(_ kinds: String...) -> Mentions {
        MentionsReader(texts: texts, kinds: kinds).read(fields["at"])
    }
}
