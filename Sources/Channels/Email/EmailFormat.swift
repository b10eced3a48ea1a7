import Pipeline

/// Whole mails: header, and the alerts as text and as HTML.
struct EmailFormat {
    /// The most bytes of the text, and of the HTML, before encoding: mail programs that cut long
    /// HTML do so at about 100 KB.
    static let contentLimit = 90_000

    let channel: String
    let from: MailAddress
    let to: [MailAddress]
    let context: MessageContext

    private var words: Words { Words(language: context.language) }

    /// One alert, in both forms.
    private struct Content {
        let text: String
        let html: String
    }

    /// For each part, one message for each recipient: the same mail.
    func messages(for alerts: [Alert], in flush: Flush, limit: Int = contentLimit) -> [Message] {
        let subject = FlushText(alerts: alerts, context: context)
        let splitting = Splitting<Content>(
            limit: limit, separator: 0, cutNote: words.cutNote,
            envelope: { part, parts in
                // The HTML's frame is the larger one.
                html([], subject, words.part(part, of: parts)).utf8.count
            },
            write: { alert, _ in
                let alert = AlertText(alert: alert, context: context)
                let content = Content(text: EmailText.text(alert), html: EmailText.html(alert))
                return (content, max(content.text.utf8.count, content.html.utf8.count))
            })
        return splitting.parts(of: alerts).flatMap { part in
            let body = mail(part, subject, flush)
            return to.map { recipient in
                Message(
                    part: part.part, parts: part.parts, recipient: recipient.address, body: body,
                    alerts: part.pieces.map(\.alert))
            }
        }
    }

    private func mail(_ part: Part<Content>, _ subject: FlushText, _ flush: Flush) -> String {
        let mark = words.part(part.part, of: part.parts)
        let text = heading(subject, mark) + "\n\n" + part.pieces.map(\.content.text).joined()
        let html = html(part.pieces.map(\.content.html), subject, mark)
        // The same at every attempt, and for all recipients: it is one mail.
        let name = HMACText.digest(of: "\(channel)/\(flush.id)/\(part.part)", digits: 32)
        let boundary = "=_tocsin_\(name)"
        let thread = "<tocsin.\(thread(of: flush))@\(from.domain)>"
        return MailHeader.plain(
            "Date", MailHeader.date(flush.at, offsetSeconds: context.zone(flush.at)))
            + MailHeader.addresses("From", [from])
            + MailHeader.addresses("To", to)
            + MailHeader.text("Subject", subject.subject(part: part.part, of: part.parts))
            + MailHeader.plain("Message-ID", "<tocsin.\(name)@\(from.domain)>")
            + MailHeader.plain("In-Reply-To", thread) + MailHeader.plain("References", thread)
            + MailHeader.plain("Importance", importance(of: subject.alerts))
            + MailHeader.plain("List-Id", "<\(MailHeader.label(channel)).tocsin.\(from.domain)>")
            + MailHeader.plain("Auto-Submitted", "auto-generated")
            + MailHeader.plain("X-Auto-Response-Suppress", "All")
            + MailHeader.plain("MIME-Version", "1.0")
            + MailHeader.plain(
                "Content-Type", "multipart/alternative;\r\n boundary=\"\(boundary)\"")
            + "\r\n"
            + section("text/plain", text.replacingLineEnds, boundary)
            + section("text/html", html.replacingLineEnds, boundary)
            + "--\(boundary)--\r\n"
    }

    /// One for each group and day, on the people's clock.
    ///
    /// All mails of a thread answer one that was never sent, which mail programs take for their
    /// common root: so the first needs no memory, and a lost one tears nothing. A day's length,
    /// because the programs get slow, or start anew by themselves, after a hundred mails or so.
    private func thread(of flush: Flush) -> String {
        let day = context.time(flush.at).prefix(10)
        return HMACText.digest(of: "\(channel)/\(flush.group)/\(day)", digits: 32)
    }

    private func importance(of alerts: [Alert]) -> String {
        switch alerts.map(\.severity).max() {
        case .critical?, .high?: "high"
        case .info?: "low"
        default: "normal"
        }
    }

    private func section(_ type: String, _ content: String, _ boundary: String) -> String {
        "--\(boundary)\r\n"
            + MailHeader.plain("Content-Type", "\(type); charset=utf-8")
            + MailHeader.plain("Content-Transfer-Encoding", "base64")
            + "\r\n" + Base64.lines(Array(content.utf8))
    }

    private func heading(_ subject: FlushText, _ mark: String) -> String {
        "Tocsin · \(words.alerts(subject.alerts.count))\(mark)"
    }

    private func html(_ alerts: [String], _ subject: FlushText, _ mark: String) -> String {
        let language = context.language == .chinese ? "zh-CN" : "en"
        return """
            <!doctype html>
            <html lang="\(language)"><head><meta charset="utf-8"></head>
            <body style="font-family:sans-serif;font-size:14px;color:#222">
            <h3>\(Escaping.html(heading(subject, mark)))</h3>
            \(alerts.joined())</body></html>

            """
    }
}

extension String {
    /// With CRLF for every LF: the content's own form in mail.
    fileprivate var replacingLineEnds: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    }
}
