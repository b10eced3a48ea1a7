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
        let recording = recording
        return alert.evidence.prefix(Self.quotesShown).map { quote in
            QuoteText(quote, words: words, recording: recording)
        }
    }

    /// The recording, where a label leads to it.
    var recording: RecordingLink? { RecordingLink(of: alert) }

    /// The recording where the first quote stands, or from its beginning.
    var recordingURL: String? {
        recording?.url(at: alert.evidence.lazy.compactMap(\.begin).first)
    }

    /// What stands over the link: `听录音 03:12`.
    var recordingTitle: String {
        let place = alert.evidence.lazy.filter { $0.begin != nil }.compactMap(\.at).first
        return ([words.recording] + [place.map(PlainText.line)].compactMap(\.self))
            .joined(separator: " ")
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
        var said: Set = ["rule", "severity", "source"]
        if recording != nil { said.insert(RecordingLink.label) }
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

/// The subject line of a whole flush, the same for all its parts.
struct FlushText {
    /// The most characters of a title that a subject shows.
    static let titleLimit = 80
    private static let titleBytes = 2048

    let alerts: [Alert]
    let context: MessageContext

    /// The first of the worst alerts; nil when there is none.
    var worst: AlertText? {
        guard let most = alerts.map(\.severity).max() else { return nil }
        return alerts.first { $0.severity == most }.map { AlertText(alert: $0, context: context) }
    }

    /// The same within so many UTF-16 units, which is what services count as characters: the title
    /// gives way, the rest stays.
    func subject(part: Int, of parts: Int, units: Int) -> String {
        for limit in [150, 80, 40, 20, 10] {
            let text = subject(part: part, of: parts, titleLimit: limit)
            if text.utf16.count <= units { return text }
        }
        return PlainText.clipped(subject(part: part, of: parts, titleLimit: 1), units: units)
    }

    /// `[高] 客户情绪激动 等 3 条（1/2）`: the worst alert, and how many there are.
    func subject(part: Int, of parts: Int, titleLimit: Int = FlushText.titleLimit) -> String {
        let words = Words(language: context.language)
        guard let first = worst else { return "" }
        let others = alerts.count > 1 ? words.andOthers(of: alerts.count) : ""
        // A character has no bound of its own.
        let title = PlainText.clipped(first.title, to: titleLimit).prefix(bytes: Self.titleBytes)
        return "[\(first.severity)] \(title)" + others + words.part(part, of: parts)
    }
}
