package import Networking
package import Pipeline

/// A Telegram bot that writes to one chat.
package struct TelegramChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: TelegramFormat
    private let call: HTTPCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = TelegramFormat(mentions: settings.mentions, context: context)
        let token = settings.token.value
        let key = token.split(separator: ":").last.map(String.init) ?? token
        call = HTTPCall(transport: transport, redaction: Redaction([token, key]))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    /// Sends it, and once more after a refusal that has a remedy: a group that moved, or tags that
    /// were not taken.
    ///
    /// The service has no key against doubles.
    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        let message = delivery.message
        let (outcome, reply) = await send(request(for: message.body, to: settings.chat), at: now)
        if let chat = reply?.migratedTo {
            let (second, _) = await send(request(for: message.body, to: .number(chat)), at: now)
            return second.noting("the group is now \(chat): set `chat` to it")
        }
        guard case .refusedMessage(let reason) = outcome, let plain = message.plain else {
            return outcome
        }
        let (second, _) = await send(request(for: plain, to: settings.chat), at: now)
        return second.noting("sent as plain text, since \(reason)")
    }

    private func send(
        _ request: HTTPRequest, at now: Timestamp
    ) async -> (Outcome, TelegramReply?) {
        var reply: TelegramReply?
        let outcome = await call.outcome(of: request) { response, answer in
            reply = TelegramReply(response.body)
            return TelegramVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, reply: reply,
                answer: answer, at: now)
        }
        return (outcome, reply)
    }

    func request(for body: String, to chat: Settings.Chat) -> HTTPRequest {
        var members = [("chat_id", chat.json)]
        if let thread = settings.thread { members.append(("message_thread_id", String(thread))) }
        var request = HTTPRequest(
            .post, url: settings.endpoint.joined("/bot\(settings.token.value)/sendMessage"),
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: Array(JSONText.adding(members, to: body).utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}

extension Outcome {
    /// The same success with a word on how it came about.
    fileprivate func noting(_ note: String) -> Outcome {
        guard case .delivered(let answer) = self else { return self }
        return .delivered(answer: "\(answer) (\(note))")
    }
}
