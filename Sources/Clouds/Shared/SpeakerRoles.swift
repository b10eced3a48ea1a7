package import Pipeline

/// Which role names speak for the agent and which for the customer: `roles` in the settings.
///
/// A name that stands in neither is `other`; nothing is guessed.
package struct SpeakerRoles: Hashable, Sendable {
    private let speakers: [String: Speaker]

    /// The most names of one kind.
    package static let nameLimit = 100

    /// Names as they stand in replies; blanks around them do not count.
    package init(agent: [String] = [], customer: [String] = []) throws(SettingsError) {
        var speakers: [String: Speaker] = [:]
        for (key, names, speaker) in [
            ("roles.agent", agent, Speaker.agent), ("roles.customer", customer, .customer),
        ] {
            guard names.count <= Self.nameLimit else {
                throw SettingsError(key, .tooMany(limit: Self.nameLimit))
            }
            for name in names {
                let name = trimmed(name)
                guard !name.isEmpty else {
                    throw SettingsError(key, wrong: Bilingual("有一个角色名是空的", "a role name is empty"))
                }
                if let known = speakers[name], known != speaker {
                    throw SettingsError(
                        key,
                        wrong: Bilingual(
                            "“\(name)” 已经是 \(known.rawValue) 的名字",
                            "“\(name)” is already a name of the \(known.rawValue)"))
                }
                speakers[name] = speaker
            }
        }
        self.speakers = speakers
    }

    private init(speakers: [String: Speaker]) { self.speakers = speakers }

    /// Maps nothing: every speaker is `other`.
    package static let none = SpeakerRoles(speakers: [:])

    /// Who speaks under this name.
    package func speaker(named roleName: String) -> Speaker {
        guard !speakers.isEmpty, !roleName.isEmpty else { return .other }
        return speakers[roleName] ?? speakers[trimmed(roleName)] ?? .other
    }
}

/// The text without white space and line ends around it.
func trimmed(_ text: String) -> String {
    if let first = text.utf8.first, let last = text.utf8.last, (0x21...0x7E).contains(first),
        (0x21...0x7E).contains(last)
    {
        return text
    }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
        let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
}
