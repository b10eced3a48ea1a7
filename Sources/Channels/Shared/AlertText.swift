import Pipeline

/// The pieces of one alert as people read them: clean of control characters, not yet escaped for
/// any dialect.
struct AlertText {
    /// The most quotes that are shown of one alert; the rest is counted.
    static let quotesShown = 8
    /// The most labels that are shown of one alert; the rest is counted.
    static let labelsShown = 12

    let alert: Alert
    let context: MessageContext

    var words: Words { Words(language: context.language) }

    var severity: String { words.severity(alert.severity) }

    /// One line; the rule's id when the rule has no title.
    var title: String {
        let title = PlainText.line(alert.title)
        return title.isEmpty ? PlainText.line(alert.id.rule) : title
    }

    /// The lines of the rule's message.
    var message: [String] { PlainText.lines(alert.message) }

    /// `calls/2024…`, and the record when there is one.
    var task: String {
        let task = PlainText.line("\(alert.id.task)")
        return alert.id.tid.isEmpty ? task : "\(task) · \(PlainText.line(alert.id.tid))"
    }

    var rule: String { PlainText.line(alert.id.rule) }

    var raisedAt: String { context.time(alert.raisedAt) }

    /// At most `quotesShown`.
    var quotes: [QuoteText] {
        alert.evidence.prefix(Self.quotesShown).map { quote in
            QuoteText(quote, words: words)
        }
    }

    var hiddenQuotes: Int { max(0, alert.evidence.count - Self.quotesShown) }

    /// The labels that are not said elsewhere in the message, by name; at most `labelsShown`.
    var labels: [(name: String, value: String)] {
        labelsThatMatter.prefix(Self.labelsShown).map { label in
            (PlainText.line(label.key), PlainText.line(label.value))
        }
    }

    var hiddenLabels: Int { max(0, labelsThatMatter.count - Self.labelsShown) }

    private var labelsThatMatter: [(key: String, value: String)] {
        let said: Set = ["rule", "severity", "source"]
        return alert.labels.filter { !said.contains($0.key) && !$0.value.isEmpty }
            .sorted { $0.key < $1.key }
    }

    /// A mark that shows severity where colours are not to be had.
    var mark: String {
        switch alert.severity {
        case .info: "⚪"
        case .low: "🔵"
        case .medium: "🟡"
        case .high: "🟠"
        case .critical: "🔴"
        }
    }
}

/// One quoted sentence: who, where, how loud, and the words.
struct QuoteText {
    /// `客户 03:12 响度 9`; empty when the evidence is not a sentence.
    let heading: String
    let words: String

    init(_ quote: Quote, words: Words) {
        self.words = PlainText.line(quote.words)
        let roleName = PlainText.line(quote.roleName ?? "")
        let role = roleName.isEmpty ? quote.speaker.map(words.speaker) : roleName
        let parts = [
            role, quote.at.map(PlainText.line), quote.emotionValue.map(words.loudness),
            quote.late.map(words.late),
        ]
        heading = parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Heading and words in one line.
    func line(_ words: Words) -> String {
        heading.isEmpty ? self.words : heading + words.colon + self.words
    }
}

/// The subject line of a whole flush, the same for all its parts.
struct FlushText {
    /// The most characters of a title that a subject shows.
    static let titleLimit = 80

    let alerts: [Alert]
    let context: MessageContext

    /// `[高] 客户情绪激动 等 3 条（1/2）`: the worst alert, and how many there are.
    func subject(part: Int, of parts: Int) -> String {
        let words = Words(language: context.language)
        guard let worst = alerts.max(by: { $0.severity < $1.severity }) else { return "" }
        let first = AlertText(
            alert: alerts.first { $0.severity == worst.severity } ?? worst, context: context)
        let others = alerts.count > 1 ? words.andOthers(of: alerts.count) : ""
        return "[\(first.severity)] \(PlainText.clipped(first.title, to: Self.titleLimit))"
            + others + words.part(part, of: parts)
    }
}
