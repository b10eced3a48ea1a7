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

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        self.transport = transport
        format = EmailFormat(
            channel: name, from: settings.from, to: settings.to, context: context)
        redaction = Redaction(settings.secrets)
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        do {
            let reply = try await transport.send(submission(for: delivery))
            return EmailVerdict.outcome(of: reply).redacted(by: redaction)
        } catch {
            return EmailVerdict.outcome(of: error).redacted(by: redaction)
        }
    }

    func submission(for delivery: Delivery) -> MailSubmission {
        let login = settings.login
        return MailSubmission(
            server: settings.server,
            credentials: login.map { login in
                MailCredentials(
                    username: login.username.value, password: login.password.value)
            },
            helloName: settings.from.domain, from: settings.from.address,
            recipients: [delivery.message.recipient],
            message: Array(delivery.message.body.utf8))
    }
}
