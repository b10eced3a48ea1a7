import Pipeline

/// Events of the Events API v2: one for each alert, as each has its own key against doubles.
struct PagerDutyFormat: MessageFormat {
    /// Bytes of an event with its routing key.
    static let eventLimit = 512 * 1024
    /// Characters of the summary.
    static let summaryLimit = 1024
    /// Bytes of the source's name.
    static let sourceLimit = 1024
    /// Characters of a key against doubles.
    static let keyLimit = 255
    /// Room for what stands before the event: action, key against doubles, routing key.
    static let headBytes = 160

    let context: MessageContext

    private var words: Words { Words(language: context.language) }

    /// Each alert is a part: it has a delivery of its own.
    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: Self.eventLimit)
    }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let splitting = Splitting<String>(
            limit: limit - Self.headBytes, separator: 0, cutNote: words.cutNote,
            envelope: { _, _ in 0 },
            write: { alert, _ in
                let event = event(alert)
                return (event, event.utf8.count)
            })
        return alerts.enumerated().flatMap { index, alert in
            splitting.parts(of: [alert]).flatMap(\.pieces).map { piece -> Message in
                let key = Self.key(of: alert.id)
                return Message(
                    part: index + 1, parts: alerts.count,
                    body: Self.trigger(piece.content, key: key),
                    plain: Self.trigger(plainEvent(alert), key: key), alerts: [alert.id])
            }
        }
    }

    /// The same for the same rule and conversation, in whatever flush.
    static func key(of alert: Alert.ID) -> String {
        let parts = [alert.rule, alert.task.source, alert.task.id, alert.tid]
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return "tocsin-" + HMACText.digest(of: text, digits: 40)
    }

    /// What resolves the incident that an alert began.
    package func endings(of alert: Alert, at now: Timestamp) -> [Message] {
        let body = JSONText.object([
            ("event_action", JSONText.string("resolve")),
            ("dedup_key", JSONText.string(Self.key(of: alert.id))),
        ])
        return [Message(body: body, alerts: [alert.id])]
    }

    /// The key is not part of what is cut, as a cut alert has shorter identifiers.
    private static func trigger(_ event: String, key: String) -> String {
        JSONText.adding(
            [
                ("event_action", JSONText.string("trigger")),
                ("dedup_key", JSONText.string(key)),
            ], to: event)
    }

    private func event(_ alert: Alert) -> String {
        let pieces = AlertPieces(alert, context)
        let text = AlertText(alert: alert, context: context)
        let source = PlainText.line(alert.id.task.source)
        var payload = Self.payload(text)
        for (name, value) in [
            ("component", text.task), ("group", source), ("class", text.rule),
        ] where !value.isEmpty {
            payload.append((name, JSONText.string(value)))
        }
        payload.append(("custom_details", details(alert, pieces)))
        var members = [
            ("payload", JSONText.object(payload)), ("client", JSONText.string("Tocsin")),
        ]
        if let link = pieces.link {
            let entry = JSONText.object([
                ("href", JSONText.string(link.url)), ("text", JSONText.string(link.words)),
            ])
            members.append(("links", JSONText.array([entry])))
        }
        return JSONText.object(members)
    }

    /// No more than the service asks for.
    private func plainEvent(_ alert: Alert) -> String {
        JSONText.object([
            ("payload", JSONText.object(Self.payload(AlertText(alert: alert, context: context))))
        ])
    }

    private static func payload(_ text: AlertText) -> [(String, String)] {
        let source = PlainText.line(text.alert.id.task.source).prefix(bytes: sourceLimit)
        return [
            ("summary", JSONText.string(summary(text))),
            ("source", JSONText.string(source.isEmpty ? "tocsin" : source)),
            ("severity", JSONText.string(severity(text.alert.severity))),
            ("timestamp", JSONText.string(text.alert.raisedAt.rfc3339)),
        ]
    }

    private func details(_ alert: Alert, _ pieces: AlertPieces) -> String {
        let labels = alert.labels.sorted { $0.key < $1.key }
        return JSONText.object([
            ("severity", JSONText.string(alert.severity.rawValue)),
            ("message", JSONText.string(pieces.message.joined(separator: "\n"))),
            ("evidence", JSONText.array(pieces.quotes.map(JSONText.string))),
            ("rule", JSONText.string(PlainText.line(alert.id.rule))),
            ("task", JSONText.string(PlainText.line("\(alert.id.task)"))),
            ("tid", JSONText.string(PlainText.line(alert.id.tid))),
            ("labels", JSONText.object(labels.map { ($0.key, JSONText.string($0.value)) })),
        ])
    }

    /// Title and message in one line.
    private static func summary(_ text: AlertText) -> String {
        let line = ([text.title] + [text.message.joined(separator: " ")])
            .filter { !$0.isEmpty }.joined(separator: ": ")
        let summary = line.prefix(scalars: summaryLimit)
        return summary.isEmpty ? "Tocsin" : summary
    }

    /// The service knows four.
    private static func severity(_ severity: Severity) -> String {
        switch severity {
        case .info, .low: "info"
        case .medium: "warning"
        case .high: "error"
        case .critical: "critical"
        }
    }
}

extension String {
    /// The longest beginning of whole characters with at most so many code points; the last one is
    /// an ellipsis when something was cut.
    func prefix(scalars limit: Int) -> String {
        guard unicodeScalars.count > limit else { return self }
        var end = startIndex
        var count = 1
        while end < endIndex {
            count += self[end].unicodeScalars.count
            if count > limit { break }
            end = index(after: end)
        }
        return self[..<end] + "…"
    }
}
