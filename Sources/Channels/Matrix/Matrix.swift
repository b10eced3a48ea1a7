package import Networking
package import Pipeline

/// A Matrix account that writes to one room.
///
/// Encrypted rooms show its messages as they are: the API for them has no way to encrypt.
package struct Matrix: Service {
    /// Of the homeserver.
    package let endpoint: Endpoint
    let token: Secret
    /// `!id:server`.
    let room: String
    /// The event that starts a thread; nil: the room itself.
    let thread: String?
    let mentions: Mentions

    /// The specification's bound for ids.
    static let idLimit = 255

    /// Checks them all; `ranges` is `network.allow-private`, for a homeserver of one's own.
    package init(
        url: String, token: Secret?, room: String, thread: String? = nil,
        mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try SettingsCheck.base(url, allowing: ranges)
        self.token = try SettingsCheck.key(token, "token")
        guard !room.isEmpty else { throw SettingsError("room", .missing) }
        guard room.hasPrefix("!"), Self.isID(room) else {
            throw SettingsError(
                "room", wrong: Bilingual("不是房间编号", "it is not the id of a room"),
                hint: Bilingual(
                    "写 !abc:example.com 这样的编号，不是 #别名：见房间设置 → 高级",
                    "use the id (!abc:example.com) and not the #alias: room settings, Advanced")
            )
        }
        self.room = room
        guard thread.map(Self.isEvent) ?? true else {
            throw SettingsError(
                "thread", wrong: Bilingual("不是事件编号", "it is not the id of an event"),
                hint: Bilingual("以 $ 开头", "it starts with $"))
        }
        self.thread = thread
        try mentions.check(
            most: Mentions.most, form: Bilingual("写 @名字:服务器", "write @name:server")
        ) { people in
            people.areUsers(everyone: true, isName: MatrixFormat.isName) && !people.here
        }
        self.mentions = mentions
    }

    static func isEvent(_ text: String) -> Bool { text.hasPrefix("$") && isID(text) }

    private static func isID(_ text: String) -> Bool {
        (2...idLimit).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

extension Matrix {
    /// What Synapse grants an account by default: 0.2 a second.
    package var messagesPerMinute: Int? { 12 }
    package var secrets: [String] { [token.value] }
    package var verdict: any ServiceVerdict.Type { MatrixVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        MatrixFormat(mentions: mentions, thread: thread, context: context)
    }

    package var threadPlace: String? { thread == nil ? room : nil }

    /// What is critical stands in the room itself: clients show a thread's messages beside it.
    package func answering(
        _ message: String, _ body: String, of delivery: Delivery
    ) -> String? {
        guard !delivery.isUrgent, Self.isEvent(message) else { return nil }
        let relation = MatrixFormat.relation(to: message)
        return JSONText.adding([("m.relates_to", relation)], to: body)
    }

    /// The delivery's id is the transaction's: the server keeps one event of all attempts.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        let path =
            "/_matrix/client/v3/rooms/\(Escaping.query(room))/send/m.room.message/"
            + Escaping.query(delivery.text)
        return post(
            body, to: endpoint.joined(path), by: .put,
            headers: [HTTPHeader("Authorization", "Bearer \(token.value)")])
    }
}
