import Pipeline

extension AlertText {
    /// In front of a sentence that only surrounds a quote.
    private static let contextMark = "┆ "

    /// The quotes with the sentences around them, a line each, in the order of telling.
    func quoteLines(in dialect: Dialect) -> [String] {
        var lines: [String] = []
        for quote in quotes {
            if let before = quote.before {
                lines.append(Self.contextMark + dialect.escape(before))
            }
            lines.append(quote.line(words, in: dialect))
            if let after = quote.after { lines.append(Self.contextMark + dialect.escape(after)) }
        }
        if hiddenQuotes > 0 { lines.append(words.moreQuotes(hiddenQuotes)) }
        return lines
    }

    /// Task, rule, time and labels, a line each.
    func factLines(in dialect: Dialect) -> [String] {
        var lines = [
            words.task + words.colon + dialect.escape(task),
            words.rule + words.colon + dialect.escape(rule),
            words.raised + words.colon + raisedAt,
        ]
        var labels = labels.map { dialect.escape("\($0.name)=\($0.value)") }
        if hiddenLabels > 0 { labels.append(words.moreLabels(hiddenLabels)) }
        if !labels.isEmpty {
            lines.append(words.labels + words.colon + labels.joined(separator: " · "))
        }
        return lines
    }

    /// The link into the recording, where no quote has one.
    func recordingLine(in dialect: Dialect) -> String? {
        guard let url = recordingURL, !quotes.contains(where: { $0.url != nil }) else { return nil }
        return dialect.link(recordingTitle, url)
    }
}
