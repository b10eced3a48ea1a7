package import Networking
package import Pipeline

/// A Telegram bot that writes to one chat.
package struct Telegram: Service {
    /// Of the Bot API, without the token.
    package let endpoint: Endpoint
    /// `123456789:…`.
    let token: Secret
    let chat: Chat
    /// A topic of a forum; nil: the chat itself.
    let thread: Int?
    let mentions: Mentions

    /// Where the Bot API is, unless a server of one's own is used.
    package static let defaultURL = "https://api.telegram.org"

    /// A chat by its number, or a public one by its name.
    package enum Chat: Hashable, Sendable {
        case number(Int64)
        /// `@name`.
        case name(String)

        var json: String {
            switch self {
            case .number(let number): String(number)
            case .name(let name): JSONText.string(name)
            }
        }

        /// Groups and channels, whose numbers are negative, take fewer messages than a person.
        var isGroup: Bool {
            switch self {
            case .number(let number): number < 0
            case .name: true
            }
        }

        init?(_ text: String) {
            if let number = Int64(text), number != 0 {
                self = .number(number)
            } else if text.wholeMatch(of: /@[A-Za-z][A-Za-z0-9_]{3,31}/) != nil {
                self = .name(text)
            } else {
                return nil
            }
        }
    }

    /// Checks them all; `ranges` is `network.allow-private`, for a Bot API server of one's own.
    package init(
        token: Secret?, chat: String, thread: Int? = nil, mentions: Mentions = Mentions(),
        url: String = Self.defaultURL, allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try SettingsCheck.base(url, allowing: ranges)
        self.token = try SettingsCheck.key(token, "token")
        guard self.token.value.wholeMatch(of: /[0-9]{1,20}:[A-Za-z0-9_\-]{20,}/) != nil else {
            throw SettingsError(
                "token", wrong: Bilingual("不是机器人的令牌", "it is not a bot's token"),
                hint: Bilingual(
                    "形如 123456789:ABC…，由 @BotFather 给出",
                    "it looks like 123456789:ABC…, and @BotFather gives it"))
        }
        guard !chat.isEmpty else { throw SettingsError("chat", .missing) }
        guard let chat = Chat(chat) else {
            throw SettingsError(
                "chat", wrong: Bilingual("既不是数字也不是 @名字", "neither a number nor a @name"),
                hint: Bilingual("例如 -1001234567890", "for example -1001234567890"))
        }
        self.chat = chat
        guard thread.map({ $0 > 0 }) ?? true else {
            throw SettingsError(
                "thread", wrong: Bilingual("应是话题的编号", "it is the number of a topic"))
        }
        self.thread = thread
        try mentions.check(
            most: Mentions.most,
            form: Bilingual(
                "写 @用户名 或数字编号；Telegram 不能一次提醒所有人",
                "write @username or a number; Telegram has no way to call everyone")
        ) { $0.areUsers(everyone: false, isName: TelegramFormat.isName) }
        self.mentions = mentions
    }
}

extension Telegram {
    /// The service's own figures: 20 a minute to a group, about one a second to a person.
    package var messagesPerMinute: Int? { chat.isGroup ? 20 : 60 }
    package var secrets: [String] {
        [token.value] + token.value.split(separator: ":").suffix(1).map(String.init)
    }
    package var verdict: any ServiceVerdict.Type { TelegramVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        TelegramFormat(mentions: mentions, context: context)
    }

    /// The service has no key against doubles.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        request(body, to: chat)
    }

    /// Numbers of messages are a chat's own, and in small groups a bot's own as well.
    package var threadPlace: String? {
        let bot = token.value.prefix { $0 != ":" }
        return "\(bot) \(chat.json) \(thread.map(String.init) ?? "")"
    }

    /// A reply stands in the chat like any other message, and leads to the first one.
    package func answering(
        _ message: String, _ body: String, of delivery: Delivery
    ) -> String? {
        guard let number = Int64(message), number > 0 else { return nil }
        let reply = JSONText.object([
            ("message_id", String(number)), ("allow_sending_without_reply", "true"),
        ])
        return JSONText.adding([("reply_parameters", reply)], to: body)
    }

    /// A group that became another chat tells its new number.
    package func detour(
        _ body: String, of delivery: Delivery.ID, after response: HTTPResponse, at now: Timestamp
    ) -> (request: HTTPRequest, note: Bilingual)? {
        guard let chat = TelegramReply(response.body)?.migratedTo else { return nil }
        return (
            request(body, to: .number(chat)),
            Bilingual(
                "群现在是 \(chat)：请把 `chat` 改成它", "the group is now \(chat): set `chat` to it")
        )
    }

    private func request(_ body: String, to chat: Chat) -> HTTPRequest {
        var members = [("chat_id", chat.json)]
        if let thread { members.append(("message_thread_id", String(thread))) }
        return post(
            JSONText.adding(members, to: body),
            to: endpoint.joined("/bot\(token.value)/sendMessage"))
    }
}
