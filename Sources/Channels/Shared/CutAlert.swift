import Pipeline

extension Alert {
    /// The most bytes that each identifier of a cut alert keeps, so that what cannot be cut has a
    /// bound of its own.
    static let cutIdentifierLimit = 256

    /// The alert with at most `characters` characters of free text.
    ///
    /// They go to the title, then the message, then the quotes, then the labels, until they are
    /// used up. The message ends with `note`. The sentences beside quotes go first of all, the way
    /// into the recording stays.
    func cut(
        to characters: Int, note: String, identifierLimit: Int = cutIdentifierLimit
    ) -> Alert {
        var allowance = Allowance(rest: characters)
        let shortID = ID(
            rule: id.rule.prefix(bytes: identifierLimit),
            task: TaskID(
                source: id.task.source.prefix(bytes: identifierLimit),
                id: id.task.id.prefix(bytes: identifierLimit)),
            tid: id.tid.prefix(bytes: identifierLimit))
        let title = allowance.take(title)
        let message = allowance.take(message)
        let evidence = evidence.prefix { _ in allowance.rest > 0 }.map { quote in
            var quote = quote
            quote.words = allowance.take(quote.words)
            quote.roleName = quote.roleName.map { allowance.take($0) }
            quote.at = quote.at.map { allowance.take($0) }
            quote.before = nil
            quote.after = nil
            return quote
        }
        var labels: [String: String] = [:]
        if RecordingLink(of: self) != nil {
            labels[RecordingLink.label] = self.labels[RecordingLink.label]
        }
        for (name, value) in self.labels.sorted(by: { $0.key < $1.key })
        where labels[name] == nil {
            guard let pair = allowance.takeWhole(name, value) else { break }
            labels[pair.0] = pair.1
        }
        return Alert(
            id: shortID, title: title, severity: severity, labels: labels,
            message: message.isEmpty ? note : message + "\n" + note, evidence: evidence,
            raisedAt: raisedAt, ruleSetVersion: ruleSetVersion)
    }
}

/// How many characters may still be used.
private struct Allowance {
    var rest: Int

    /// As much of `text` as may still be used, with an ellipsis where it is cut.
    mutating func take(_ text: String) -> String {
        guard rest > 0 else { return "" }
        guard let end = text.index(text.startIndex, offsetBy: rest, limitedBy: text.endIndex),
            end < text.endIndex
        else {
            rest -= text.count
            return text
        }
        rest = 0
        return text[..<end] + "…"
    }

    /// Both texts, or neither.
    mutating func takeWhole(_ name: String, _ value: String) -> (String, String)? {
        let count = name.count + value.count
        guard count <= rest else { return nil }
        rest -= count
        return (name, value)
    }
}

extension String {
    /// The longest beginning of whole characters that has at most `bytes` bytes.
    func prefix(bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = startIndex
        var count = 0
        while end < endIndex {
            count += self[end].utf8.count
            if count > bytes { break }
            end = index(after: end)
        }
        return String(self[..<end])
    }
}
