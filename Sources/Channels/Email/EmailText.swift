import Pipeline

/// One alert in a mail, as text and as HTML.
enum EmailText {
    static func text(_ alert: AlertText) -> String {
        let words = alert.words
        var lines = ["[\(alert.severity)] \(alert.title)", ""]
        if !alert.message.isEmpty { lines += alert.message + [""] }
        let quotes = alert.quotes.map { "  > " + $0.line(words) }
        if !quotes.isEmpty { lines += [words.evidence + words.colon] + quotes }
        if alert.hiddenQuotes > 0 { lines.append("  " + words.moreQuotes(alert.hiddenQuotes)) }
        if !quotes.isEmpty { lines.append("") }
        lines += facts(alert).map { $0.name + words.colon + $0.value }
        lines += ["", String(repeating: "-", count: 40), "", ""]
        return lines.joined(separator: "\n")
    }

    static func html(_ alert: AlertText) -> String {
        let words = alert.words
        let colour = colour(alert.alert.severity)
        var html =
            "<div style=\"border-left:4px solid \(colour);padding:2px 0 2px 12px;"
            + "margin:0 0 20px 0\">\n"
            + "<p><b style=\"color:\(colour)\">\(Escaping.html(alert.severity))</b> "
            + "<b>\(Escaping.html(alert.title))</b></p>\n"
        let message = alert.message.map(Escaping.html).joined(separator: "<br>\n")
        if !message.isEmpty { html += "<p>\(message)</p>\n" }
        for quote in alert.quotes {
            let heading = Escaping.html(quote.heading)
            html +=
                "<blockquote style=\"margin:4px 0;padding-left:8px;border-left:2px solid #ccc\">"
            if !heading.isEmpty { html += "<span style=\"color:#777\">\(heading)</span><br>\n" }
            html += "\(Escaping.html(quote.words))</blockquote>\n"
        }
        if alert.hiddenQuotes > 0 { html += "<p>\(words.moreQuotes(alert.hiddenQuotes))</p>\n" }
        html += "<table style=\"font-size:12px;color:#555\">\n"
        for fact in facts(alert) {
            html +=
                "<tr><td>\(Escaping.html(fact.name))</td>"
                + "<td>\(Escaping.html(fact.value))</td></tr>\n"
        }
        return html + "</table></div>\n"
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
