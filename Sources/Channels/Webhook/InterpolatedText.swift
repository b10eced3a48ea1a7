package import Pipeline

/// A stretch of a setting's text, after what stands in `${…}` was put in.
package struct InterpolatedText: Hashable, Sendable {
    package let text: String
    /// Whether it was put in: then it may be secret.
    package let isSecret: Bool
    /// Where it starts in the text as it was written, in UTF-8 bytes.
    package let offset: Int

    package init(_ text: String, isSecret: Bool, offset: Int) {
        self.text = text
        self.isSecret = isSecret
        self.offset = offset
    }

    /// Puts in what the text at the cursor refers to; nil with a finding.
    package typealias Reader = (_ text: String, _ cursor: Cursor) -> [InterpolatedText]?

    /// Takes every text as it is.
    package static func asIs(_ text: String, _: Cursor) -> [InterpolatedText]? {
        [InterpolatedText(text, isSecret: false, offset: 0)]
    }
}
