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

    /// In front of a sentence that only surrounds a quote.
    private static let contextMark = "┆ "

    init(_ alert: Alert, _ context: MessageContext) {
        let text = AlertText(alert: alert, context: context)
        let words = text.words
        heading = "\(text.severity) · \(text.title)"
        mark = text.mark
        message = text.message
        var quotes: [String] = []
        for quote in text.quotes {
            if let before = quote.before { quotes.append(Self.contextMark + before) }
            quotes.append(quote.line(words))
            if let after = quote.after { quotes.append(Self.contextMark + after) }
        }
        if text.hiddenQuotes > 0 { quotes.append(words.moreQuotes(text.hiddenQuotes)) }
        self.quotes = quotes
        var facts = [
            (words.task, text.task), (words.rule, text.rule), (words.raised, text.raisedAt),
        ]
        let labels =
            text.labels.map { "\($0.name)=\($0.value)" }
            + (text.hiddenLabels > 0 ? [words.moreLabels(text.hiddenLabels)] : [])
        if !labels.isEmpty { facts.append((words.labels, labels.joined(separator: " · "))) }
        self.facts = facts
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
