import Pipeline

/// The messages of the generic webhook.
///
/// The outbox holds each as the documented JSON body. What the receiver gets is made of it when it
/// is sent, so no secret of a template is ever stored, and a template that fails costs no alert.
struct WebhookFormat {
    /// The most bytes of a body; the specification of Standard Webhooks advises less than 20 KB.
    static let bodyLimit = 20_000
    /// Of an event; CloudEvents lets pass 64 KiB with its attributes.
    static let eventLimit = 56_000
    /// Of what is stored for a template, which may make little of many alerts.
    static let storedLimit = 256 << 10

    let channel: String
    let context: MessageContext
    /// The body that is really sent; nil for the JSON one.
    var template: WebhookTemplate?
    /// Whether each alert is to have a message of its own.
    var isSingle = false

    private var body: WebhookBody { WebhookBody(channel: channel) }
    private var cutNote: String { Words(language: context.language).cutNote }

    func messages(for alerts: [Alert], in flush: Flush, limit: Int = bodyLimit) -> [Message] {
        guard let template else { return bodies(of: alerts, in: flush, limit: limit) }
        let groups = Custom(format: self, template: template, flush: flush, limit: limit)
            .groups(of: alerts)
        return groups.enumerated().map { place, group in
            Message(
                part: place + 1, parts: groups.count,
                body: body.text(
                    of: group.map(\.json), part: place + 1, parts: groups.count, at: flush.at),
                alerts: group.map(\.id))
        }
    }

    private func bodies(of alerts: [Alert], in flush: Flush, limit: Int) -> [Message] {
        let splitting = Splitting<String>(
            limit: limit, separator: 1, cutNote: cutNote,
            envelope: { part, parts in
                body.text(of: [], part: part, parts: parts, at: flush.at).utf8.count
            },
            write: { alert, isCut in
                let text = body.json(of: alert, isCut: isCut)
                return (text, text.utf8.count)
            }, weightLimit: isSingle ? 1 : Int.max)
        return splitting.parts(of: alerts).map { part in
            Message(
                part: part.part, parts: part.parts,
                body: body.text(
                    of: part.pieces.map(\.content), part: part.part, parts: part.parts,
                    at: flush.at),
                alerts: part.pieces.map(\.alert))
        }
    }
}

extension WebhookFormat {
    /// One alert as it is stored.
    private struct Stored {
        let id: Alert.ID
        let json: String
    }

    /// Makes groups of alerts of which the template makes bodies within the limit: what that takes
    /// shows only when it is rendered.
    private struct Custom {
        let format: WebhookFormat
        let template: WebhookTemplate
        let flush: Flush
        let limit: Int

        func groups(of alerts: [Alert]) -> [[Stored]] {
            let most = alerts.count
            var groups: [[Stored]] = []
            // Halves of halves, in order.
            var open = alerts.isEmpty ? [] : [alerts[...]]
            while let next = open.popLast() {
                let whole = next.map { stored($0, isCut: false, of: $0.id) }
                let isSmall = !format.isSingle || next.count == 1
                if isSmall, fits(whole, of: most) {
                    groups.append(whole)
                } else if next.count == 1 {
                    groups.append(next.map { shortened($0, of: most) })
                } else {
                    let middle = next.startIndex + next.count / 2
                    open += [next[middle...], next[..<middle]]
                }
            }
            return groups
        }

        private func stored(_ alert: Alert, isCut: Bool, of id: Alert.ID) -> Stored {
            Stored(id: id, json: format.body.json(of: alert, isCut: isCut))
        }

        /// As the last of so many parts, which has the longest numbers.
        private func fits(_ alerts: [Stored], of parts: Int) -> Bool {
            let body = format.body.text(
                of: alerts.map(\.json), part: parts, parts: parts, at: flush.at)
            guard body.utf8.count <= WebhookFormat.storedLimit else { return false }
            let id = "\(flush.id)-\(parts)"
            guard let activation = TemplateWords.activation(of: body, id: id),
                let text = try? template.rendered(activation)
            else { return body.utf8.count <= limit }
            return text.utf8.count <= limit
        }

        /// The longest cut of an alert that is too long by itself.
        private func shortened(_ alert: Alert, of parts: Int) -> Stored {
            func cut(to characters: Int) -> Stored {
                stored(
                    alert.cut(to: characters, note: format.cutNote), isCut: true, of: alert.id)
            }
            var most = 0
            var tooLong = WebhookFormat.storedLimit
            while tooLong - most > 1 {
                let middle = most + (tooLong - most) / 2
                if fits([cut(to: middle)], of: parts) {
                    most = middle
                } else {
                    tooLong = middle
                }
            }
            return cut(to: most)
        }
    }
}
