package import Networking
package import Pipeline

/// E-mail over SMTP: one mail and one delivery for each recipient, so that one bad address never
/// costs the others.
package struct EmailChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: EmailFormat
    private let transport: any Transport
    private let redaction: Redaction
    private let language: MessageContext.Language

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        self.transport = transport
        language = context.language
        format = EmailFormat(
            channel: name, from: settings.from, to: settings.to, context: context)
        redaction = Redaction(settings.secrets)
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        let credentials: MailCredentials?
        do throws(EmailLogin.TokenFileError) {
            credentials = try settings.login?.credentials()
        } catch {
            // Whoever keeps the file may be writing it.
            return .unavailable(retryAfter: nil, answer: error.explained.text(in: language))
        }
        let redaction = redaction(for: credentials)
        do {
            let reply = try await transport.send(submission(for: delivery, credentials))
            return EmailVerdict.outcome(of: reply, in: language).redacted(by: redaction)
        } catch {
            return EmailVerdict.outcome(of: error, in: language).redacted(by: redaction)
        }
    }

    func submission(for delivery: Delivery, _ credentials: MailCredentials?) -> MailSubmission {
        var mail = MailSubmission(
            server: settings.server, credentials: credentials, helloName: settings.from.domain,
            from: settings.from.address, recipients: [delivery.message.recipient],
            message: Array(delivery.message.body.utf8))
        mail.caFile = settings.caFile
        return mail
    }

    /// A token of a file is known only now.
    private func redaction(for credentials: MailCredentials?) -> Redaction {
        guard let login = settings.login, case .tokenFile = login.proof, let credentials else {
            return redaction
        }
        return Redaction(EmailLogin.spellings(login.username, Secret(credentials.password)))
    }
}
