import Pipeline

/// One alert in the pieces that every dialect arranges in its own way: clean of control
/// characters, not yet escaped.
struct AlertPieces {
    /// `高 · 客户情绪激动`.
    let heading: String
    /// `🟠`.
    let mark: String
    /// The lines of the rule's message.
    let message: [String]
    /// Each quote between the sentences around it; then how many more there are.
    let quotes: [String]
    /// Task, rule, time, labels.
    let facts: [(name: String, value: String)]
    let link: Link?

    /// The recording: `听录音 03:12` and its address.
    struct Link: Hashable {
        let words: String
        let url: String
    }

    init(_ alert: Alert, _ context: MessageContext) {
        let text = AlertText(alert: alert, context: context)
        heading = "\(text.severity) · \(text.title)"
        mark = text.mark
        message = text.message
        quotes = text.quoteLines(in: Dialect(escape: { $0 }, link: { place, _ in place }))
        facts = text.facts
        link = text.recordingURL.map { Link(words: text.recordingTitle, url: $0) }
    }

    /// All of it as plain lines, the address of the recording written out.
    func plainLines(_ context: MessageContext) -> [String] {
        let colon = Words(language: context.language).colon
        return ["\(mark) \(heading)"] + message + quotes.map { "> " + $0 }
            + facts.map { $0.name + colon + $0.value }
            + (link.map { [$0.words + colon + $0.url] } ?? [])
    }
}

extension FlushText {
    /// The most bytes of a subject, however long the characters of a title are.
    static let subjectLimit = 512

    /// `subject`, within a bound in bytes.
    func boundedSubject(part: Int, of parts: Int) -> String {
        subject(part: part, of: parts).prefix(bytes: Self.subjectLimit)
    }

    /// The severity of the worst alert.
    var severity: Severity { alerts.map(\.severity).max() ?? .info }
}
