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

    /// Task, rule, time and labels.
    var facts: [(name: String, value: String)] {
        var facts = [(words.task, task), (words.rule, rule), (words.raised, raisedAt)]
        var labels = labels.map { "\($0.name)=\($0.value)" }
        if hiddenLabels > 0 { labels.append(words.moreLabels(hiddenLabels)) }
        if !labels.isEmpty { facts.append((words.labels, labels.joined(separator: " · "))) }
        return facts
    }

    /// The facts, a line each.
    func factLines(in dialect: Dialect) -> [String] {
        facts.map { $0.name + words.colon + dialect.escape($0.value) }
    }

    /// The link into the recording, where no quote has one.
    func recordingLine(in dialect: Dialect) -> String? {
        guard let url = recordingURL, !quotes.contains(where: { $0.url != nil }) else { return nil }
        return dialect.link(recordingTitle, url)
    }
}
