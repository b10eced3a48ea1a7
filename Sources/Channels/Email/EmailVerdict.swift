import Networking
import Pipeline

/// What a mail server's last word means for one mail to one recipient.
enum EmailVerdict {
    /// A return of the transport: taken for at least one recipient, and there is only one.
    static func outcome(
        of reply: MailReply, in language: MessageContext.Language
    ) -> Outcome {
        if let refused = reply.recipients.first(where: { !$0.isAccepted && $0.status != 0 }) {
            return outcome(
                status: refused.status, text: refused.text, isAboutSender: false, in: language)
        }
        return .delivered(answer: "\(reply.status) \(reply.text)")
    }

    /// A failed call.
    ///
    /// After a lost answer the mail is tried again with the same Message-ID.
    static func outcome(
        of error: TransportError, in language: MessageContext.Language
    ) -> Outcome {
        let text = error.mailReply?.text ?? ""
        let why = error.explained.text(in: language)
        let said = text.isEmpty ? why : "\(why): \(text)"
        switch error.code {
        case .authenticationNotOffered:
            return .refusedChannel(reason: said)
        case .authenticationRefused(let status):
            return login(status: status, status == 334 ? challenge(error, why) : said)
        case .mail(let status):
            return failure(status: status, error, language)
        case .invalidRequest:
            return .refusedMessage(reason: said)
        case .addressRefused, .protocolRefused:
            return .refusedChannel(reason: said)
        case .tls where error.mailReply.map({ (500..<600).contains($0.status) }) ?? false:
            return .refusedChannel(
                reason: Bilingual(
                    "服务器拒绝 STARTTLS：\(said)", "the server refuses STARTTLS: \(said)"
                ).text(in: language))
        case .tls:
            return .unavailable(retryAfter: nil, answer: said)
        case .cancelled, .stopped, .overloaded, .resolve, .connect, .timeout, .connectionLost,
            .responseTooLarge, .badResponse, .unexpected:
            // The server's last word is not about what failed.
            return .unavailable(retryAfter: nil, answer: why)
        }
    }

    /// A reply by its code.
    ///
    /// 4yz passes: the server's load, or what concerns this mail alone, such as greylisting and a
    /// full mailbox; 454 is the login's own way of saying "later". 530, 534, 535 and 538 speak of
    /// the login, whatever was asked. All other 5yz are final: for this mail, or for all of this
    /// sender's.
    static func outcome(
        status: Int, text: String, isAboutSender: Bool, in language: MessageContext.Language
    ) -> Outcome {
        let said = text.isEmpty ? "\(status)" : "\(status) \(text)"
        switch status {
        case 200..<300: return .delivered(answer: said)
        case 400..<500:
            return later(said, isOfMail: (450...452).contains(status) && !isAboutSender, text)
        case 530, 534, 535, 538: return .refusedChannel(reason: said)
        // Too large, or too much for the recipient's box: never a word on the sender.
        case 552: return .refusedMessage(reason: said)
        case 500..<600 where isTemporary(text): return later(said, isOfMail: !isAboutSender, text)
        case 500..<600 where isAboutSender:
            return .refusedChannel(
                reason: Bilingual(
                    "服务器拒绝 `from`，或拒绝本机：\(said)",
                    "the server refuses `from`, or this host: \(said)"
                ).text(in: language))
        case 500..<600: return .refusedMessage(reason: said)
        default: return .unavailable(retryAfter: nil, answer: said)
        }
    }

    private static func failure(
        status: Int, _ error: TransportError, _ language: MessageContext.Language
    ) -> Outcome {
        guard let reply = error.mailReply else {
            let outcome = outcome(
                status: status, text: error.message, isAboutSender: false, in: language)
            // Nothing says that it was about this mail.
            guard case .postponed(let answer) = outcome else { return outcome }
            return .unavailable(retryAfter: nil, answer: answer)
        }
        if let refused = reply.recipients.first(where: { !$0.isAccepted && $0.status != 0 }) {
            return outcome(
                status: refused.status, text: refused.text, isAboutSender: false, in: language)
        }
        // Refused before any recipient was named: the greeting, or the sender's address.
        let isAboutSender = reply.recipients.allSatisfy { $0.status == 0 }
        return outcome(
            status: status, text: reply.text, isAboutSender: isAboutSender,
            in: language)
    }

    private static func login(status: Int, _ said: String) -> Outcome {
        (400..<500).contains(status)
            ? .unavailable(retryAfter: nil, answer: said) : .refusedChannel(reason: said)
    }

    /// A token's refusal has its reason in Base64: `{"status":"401",…}`.
    private static func challenge(_ error: TransportError, _ why: String) -> String {
        let text = error.mailReply?.text ?? ""
        guard let reason = Base64.decoded(text) else { return "\(why): \(text)" }
        return "\(why): \(reason)"
    }

    /// "Later": of this mail alone, unless the enhanced code (RFC 3463) blames the server (X.3) or
    /// its network (X.4).
    private static func later(_ said: String, isOfMail: Bool, _ text: String) -> Outcome {
        let blamesServer = ["4.3.", "4.4."].contains { text.hasPrefix($0) }
        return isOfMail && !blamesServer
            ? .postponed(answer: said) : .unavailable(retryAfter: nil, answer: said)
    }

    /// The enhanced code is the finer one where the two differ: `550 4.2.1 …`.
    private static func isTemporary(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(2))
        return bytes == Array("4.".utf8)
    }
}
