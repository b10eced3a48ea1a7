import Pipeline

/// One quoted sentence: who, where, how loud, the words, and the sentences around it.
struct QuoteText {
    /// The role's name; empty when the evidence is not a sentence, as are `place` and `loudness`.
    let who: String
    /// `03:12`.
    let place: String
    /// `响度 9`, and how late what had to be said was said.
    let loudness: String
    let words: String
    /// Where it is heard; nil without a recording.
    let url: String?
    /// `坐席 03:05：您好`; nil when there is none.
    let before: String?
    let after: String?

    init(_ quote: Quote, words: Words, recording: RecordingLink? = nil) {
        self.words = PlainText.line(quote.words)
        let roleName = PlainText.line(quote.roleName ?? "")
        who = roleName.isEmpty ? quote.speaker.map(words.speaker) ?? "" : roleName
        place = quote.at.map(PlainText.line) ?? ""
        loudness = [quote.emotionValue.map(words.loudness), quote.late.map(words.late)]
            .compactMap(\.self).joined(separator: " ")
        url = quote.begin.flatMap { recording?.url(at: $0) }
        before = Self.line(quote.before, words)
        after = Self.line(quote.after, words)
    }

    /// `客户 03:12 响度 9`; empty when the evidence is not a sentence.
    var heading: String { [who, place, loudness].filter { !$0.isEmpty }.joined(separator: " ") }

    /// Heading and words in one line.
    func line(_ words: Words) -> String {
        heading.isEmpty ? self.words : heading + words.colon + self.words
    }

    /// The same in a dialect, with the place leading into the recording.
    func line(_ words: Words, in dialect: Dialect) -> String {
        let place = url.map { dialect.link(self.place, $0) } ?? dialect.escape(self.place)
        let heading = [dialect.escape(who), place, loudness].filter { !$0.isEmpty }
            .joined(separator: " ")
        let words = (heading.isEmpty ? "" : heading + words.colon) + dialect.escape(self.words)
        return words
    }

    private static func line(_ context: Quote.Context?, _ words: Words) -> String? {
        guard let context else { return nil }
        let text = PlainText.line(context.words)
        guard !text.isEmpty else { return nil }
        let roleName = PlainText.line(context.roleName)
        let who = roleName.isEmpty ? words.speaker(context.speaker) : roleName
        return [who, PlainText.line(context.at)].filter { !$0.isEmpty }.joined(separator: " ")
            + words.colon + text
    }
}

/// How a service writes what is not plain: one line of text from outside, and a link.
struct Dialect: Sendable {
    /// For one line, as `PlainText.line` gives it.
    let escape: @Sendable (String) -> String
    /// `text` is from outside; the address is one of ``RecordingLink``.
    let link: @Sendable (_ text: String, _ url: String) -> String

    /// Links as most dialects of Markdown have them.
    static func markdown(_ escape: @escaping @Sendable (String) -> String) -> Dialect {
        Dialect(escape: escape, link: { text, url in "[\(escape(text))](\(url))" })
    }
}
