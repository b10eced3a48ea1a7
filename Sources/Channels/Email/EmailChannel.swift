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
        redaction = Redaction(Self.secrets(of: settings))
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

    /// The password, also as the login protocols spell it.
    private static func secrets(of settings: Settings) -> [String] {
        guard let login = settings.login else { return [] }
        let user = Array(login.username.value.utf8)
        let password = Array(login.password.value.utf8)
        return [
            login.password.value, Base64.text(password), Base64.text([0] + user + [0] + password),
        ]
    }
}
