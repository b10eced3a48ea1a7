package import Pipeline

/// What all messages to people share: their language and their clock.
package struct MessageContext: Sendable {
    package let language: Language
    /// Seconds east of UTC at a moment: the host's zone in production.
    package let zone: @Sendable (Timestamp) -> Int

    package enum Language: String, CaseIterable, Sendable {
        case chinese = "zh"
        case english = "en"
    }

    package init(
        language: Language = .chinese, zone: @escaping @Sendable (Timestamp) -> Int = { _ in 0 }
    ) {
        self.language = language
        self.zone = zone
    }

    /// `2026-11-21 12:00:00`, on the people's clock.
    func time(_ moment: Timestamp) -> String {
        moment.text(offsetSeconds: zone(moment))
    }
}
