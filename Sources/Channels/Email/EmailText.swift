import Pipeline

/// One alert in a mail, as text and as HTML.
enum EmailText {
    private static let contextStyle = "color:#777;font-size:12px"

    static func text(_ alert: AlertText) -> String {
        let words = alert.words
        var lines = ["[\(alert.severity)] \(alert.title)", ""]
        if !alert.message.isEmpty { lines += alert.message + [""] }
        let quotes = alert.quotes.flatMap { quote -> [String] in
            let lines = [
                quote.before.map { "    " + $0 }, "  > " + quote.line(words),
                quote.after.map { "    " + $0 },
            ]
            return lines.compactMap(\.self)
        }
        if !quotes.isEmpty { lines += [words.evidence + words.colon] + quotes }
        if alert.hiddenQuotes > 0 { lines.append("  " + words.moreQuotes(alert.hiddenQuotes)) }
        if !quotes.isEmpty { lines.append("") }
        lines += facts(alert).map { $0.name + words.colon + $0.value }
        if let url = alert.recordingURL { lines.append(alert.recordingTitle + words.colon + url) }
        lines += ["", String(repeating: "-", count: 40), "", ""]
        return lines.joined(separator: "\n")
    }

    static func html(_ alert: AlertText) -> String {
        let colour = colour(alert.alert.severity)
        var html =
            "<div style=\"border-left:4px solid \(colour);padding:2px 0 2px 12px;"
            + "margin:0 0 20px 0\">\n"
            + "<p><b style=\"color:\(colour)\">\(Escaping.html(alert.severity))</b> "
            + "<b>\(Escaping.html(alert.title))</b></p>\n"
        let message = alert.message.map(Escaping.html).joined(separator: "<br>\n")
        if !message.isEmpty { html += "<p>\(message)</p>\n" }
        html += alert.quotes.map(self.html).joined()
        if alert.hiddenQuotes > 0 {
            html += "<p>\(alert.words.moreQuotes(alert.hiddenQuotes))</p>\n"
        }
        if let url = alert.recordingURL {
            html += "<p>\(link(alert.recordingTitle, to: url))</p>\n"
        }
        html += "<table style=\"font-size:12px;color:#555\">\n"
        for fact in facts(alert) {
            html +=
                "<tr><td>\(Escaping.html(fact.name))</td>"
                + "<td>\(Escaping.html(fact.value))</td></tr>\n"
        }
        return html + "</table></div>\n"
    }

    /// The sentence before, the quote, the sentence after; its place leads into the recording.
    private static func html(_ quote: QuoteText) -> String {
        func beside(_ line: String?) -> String {
            line.map { "<div style=\"\(contextStyle)\">\(Escaping.html($0))</div>\n" } ?? ""
        }
        let place = quote.url.map { link(quote.place, to: $0) } ?? Escaping.html(quote.place)
        let heading = [Escaping.html(quote.who), place, Escaping.html(quote.loudness)]
            .filter { !$0.isEmpty }.joined(separator: " ")
        return "<blockquote style=\"margin:4px 0;padding-left:8px;border-left:2px solid #ccc\">"
            + beside(quote.before)
            + (heading.isEmpty ? "" : "<span style=\"color:#777\">\(heading)</span><br>\n")
            + Escaping.html(quote.words) + "\n" + beside(quote.after) + "</blockquote>\n"
    }

    private static func link(_ text: String, to url: String) -> String {
        "<a href=\"\(Escaping.html(url))\">\(Escaping.html(text))</a>"
    }

    private static func facts(_ alert: AlertText) -> [(name: String, value: String)] {
        let words = alert.words
        var facts = [
            (words.task, alert.task), (words.rule, alert.rule), (words.raised, alert.raisedAt),
        ]
        facts += alert.labels
        if alert.hiddenLabels > 0 {
            facts.append((words.labels, words.moreLabels(alert.hiddenLabels)))
        }
        return facts
    }

    /// Dark enough to be read as text on white.
    private static func colour(_ severity: Severity) -> String {
        switch severity {
        case .info: "#5f6368"
        case .low: "#1a73e8"
        case .medium: "#9a6700"
        case .high: "#c4501b"
        case .critical: "#b3261e"
        }
    }
}
