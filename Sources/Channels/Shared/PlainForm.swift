import Pipeline

/// Alerts in plain text, for a service that refuses its own rich form.
///
/// What does not fit goes in steps: the sentences beside quotes, the labels and the ends of long
/// messages, then the quotes, then all but the titles. Each alert is named as long as a line for it fits, and what is left out
/// is counted.
struct PlainForm {
    let context: MessageContext
    /// Makes one line of text from outside harmless.
    let escape: (String) -> String
    /// What a text measures for the service; more for a longer one.
    let size: (String) -> Int

    /// The most and the fewest characters that a message keeps in the short steps.
    private static let messageLimits = 200...4000
    /// The most characters of a title in the last step.
    private static let titleLimit = 60

    private enum Detail: Equatable {
        case all, titles
        case quotes(messages: Int)
        case messages(messages: Int)
    }

    private var words: Words { Words(language: context.language) }

    /// `heading` and `ending` stay in any case.
    func text(_ alerts: [Alert], heading: String, ending: String = "", limit: Int) -> String {
        let close = ending.isEmpty ? "" : "\n\n" + ending
        func text(_ detail: Detail) -> String? {
            let blocks = alerts.map { block(AlertText(alert: $0, context: context), detail) }
            let joint = detail == .titles ? "\n" : "\n\n"
            let text = ([heading] + blocks).joined(separator: joint) + close
            return size(text) <= limit ? text : nil
        }
        if let text = text(.all) { return text }
        let fewest = Self.messageLimits.lowerBound
        if var best = text(.quotes(messages: fewest)) {
            var (fits, tooLong) = (fewest, Self.messageLimits.upperBound + 1)
            while tooLong - fits > 1 {
                let middle = (fits + tooLong) / 2
                if let text = text(.quotes(messages: middle)) {
                    (fits, best) = (middle, text)
                } else {
                    tooLong = middle
                }
            }
            return best
        }
        return text(.messages(messages: fewest)) ?? text(.titles)
            ?? counted(alerts, heading: heading, close: close, limit: limit)
    }

    /// As many titles as there is room for, and how many alerts there are more.
    private func counted(
        _ alerts: [Alert], heading: String, close: String, limit: Int
    ) -> String {
        var text = heading
        for (place, alert) in alerts.enumerated() {
            let line = "\n" + block(AlertText(alert: alert, context: context), .titles)
            let left = alerts.count - place - 1
            let more = left == 0 ? "" : "\n" + words.moreAlerts(left)
            guard size(text + line + more + close) <= limit else {
                return text + "\n" + words.moreAlerts(left + 1) + close
            }
            text += line
        }
        return text + close
    }

    private func block(_ alert: AlertText, _ detail: Detail) -> String {
        let title =
            detail == .titles ? PlainText.clipped(alert.title, to: Self.titleLimit) : alert.title
        var lines = ["\(alert.mark) [\(alert.severity)] \(escape(title))"]
        switch detail {
        case .all: lines += alert.message.map(escape)
        case .quotes(let limit), .messages(let limit):
            let message = alert.message.joined(separator: " ")
            lines.append(escape(PlainText.clipped(message, to: limit)))
        case .titles: break
        }
        var showsQuotes = detail == .all
        if case .quotes = detail { showsQuotes = true }
        if showsQuotes {
            for quote in alert.quotes {
                if detail == .all, let before = quote.before { lines.append("  " + escape(before)) }
                lines.append("> " + escape(quote.line(words)))
                if detail == .all, let after = quote.after { lines.append("  " + escape(after)) }
            }
            if alert.hiddenQuotes > 0 { lines.append("> " + words.moreQuotes(alert.hiddenQuotes)) }
        }
        guard detail != .titles else { return lines[0] }
        lines.append(words.task + words.colon + escape(alert.task))
        lines.append(words.rule + words.colon + escape(alert.rule))
        lines.append(words.raised + words.colon + alert.raisedAt)
        if detail == .all {
            lines += alert.labels.map { escape("\($0.name)=\($0.value)") }
            if let url = alert.recordingURL { lines.append(words.recording + words.colon + url) }
        }
        return lines.joined(separator: "\n")
    }
}
