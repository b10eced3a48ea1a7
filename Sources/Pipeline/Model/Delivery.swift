/// One message on its way to one channel: a row of the outbox.
///
/// Its message never changes.
package struct Delivery: Hashable, Codable, Sendable {
    package let id: ID
    package let channel: String
    package let group: AlertGroup.Key
    package let message: Message
    package let createdAt: Timestamp
    /// Whether it carries a critical alert: then it goes before others.
    package let isUrgent: Bool
    /// When it was made due again after its end; the end that is reckoned by time begins anew.
    package var revivedAt: Timestamp?
    /// Attempts used up; throttled ones are not counted.
    package var attempts: Int
    package var state: State
    /// The service's last answer, or what went wrong: bounded, and free of secrets.
    package var answer: String
    /// When it was settled.
    package var settledAt: Timestamp?

    package enum State: Hashable, Codable, Sendable {
        /// To be sent at `dueAt`.
        case waiting(dueAt: Timestamp)
        case delivered
        /// A dead letter, with its reason.
        case dead(reason: String)
    }

    /// `[A-Za-z0-9_.-]{1,256}`: made of the flush and the message's place in it, so that every
    /// attempt carries the same.
    package struct ID: Hashable, Codable, Comparable, Sendable, CustomStringConvertible {
        package let text: String

        package init(_ text: String) { self.text = text }

        package init(from decoder: any Decoder) throws {
            text = try decoder.singleValueContainer().decode(String.self)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }

        package static func < (left: ID, right: ID) -> Bool { left.text < right.text }

        package var description: String { text }
    }

    package init(
        id: ID, group: AlertGroup.Key, message: Message, createdAt: Timestamp,
        isUrgent: Bool = false, revivedAt: Timestamp? = nil, attempts: Int = 0, state: State,
        answer: String = "", settledAt: Timestamp? = nil
    ) {
        self.id = id
        self.channel = group.channel
        self.group = group
        self.message = message
        self.createdAt = createdAt
        self.isUrgent = isUrgent
        self.revivedAt = revivedAt
        self.attempts = attempts
        self.state = state
        self.answer = answer
        self.settledAt = settledAt
    }

    /// What an older program wrote is not urgent.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(ID.self, forKey: .id)
        channel = try container.decode(String.self, forKey: .channel)
        group = try container.decode(AlertGroup.Key.self, forKey: .group)
        message = try container.decode(Message.self, forKey: .message)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        isUrgent = try container.decodeIfPresent(Bool.self, forKey: .isUrgent) ?? false
        revivedAt = try container.decodeIfPresent(Timestamp.self, forKey: .revivedAt)
        attempts = try container.decode(Int.self, forKey: .attempts)
        state = try container.decode(State.self, forKey: .state)
        answer = try container.decode(String.self, forKey: .answer)
        settledAt = try container.decodeIfPresent(Timestamp.self, forKey: .settledAt)
    }
}

/// What a channel made of alerts at a flush.
///
/// It is stored, so it holds no secret and no URL of a robot; signatures are added when it is sent.
package struct Message: Hashable, Codable, Sendable {
    /// Its place among the parts of one message, from 1.
    package var part: Int
    package var parts: Int
    /// The one address it is for, where a channel has several (mail); else empty.
    package var recipient: String
    /// The body as it will be sent: JSON, or a whole mail.
    package var body: String
    /// The same in plain text, for a service that refuses the form of `body`; nil when there is no
    /// simpler form.
    package var plain: String?
    /// The alerts in it, or cut by it.
    package var alerts: [Alert.ID]

    package init(
        part: Int = 1, parts: Int = 1, recipient: String = "", body: String,
        plain: String? = nil, alerts: [Alert.ID]
    ) {
        self.part = part
        self.parts = parts
        self.recipient = recipient
        self.body = body
        self.plain = plain
        self.alerts = alerts
    }
}

/// One flush of a group: the ground of its deliveries' ids.
package struct Flush: Hashable, Sendable {
    /// Within `[A-Za-z0-9_.-]`, at most 64 bytes: the same for the same group and moment.
    package let id: String
    package let at: Timestamp
    /// The same for all flushes of a group, for services that show messages in threads; `id` when
    /// it stands alone.
    package let group: String

    package init(id: String, at: Timestamp, group: String? = nil) {
        self.id = id
        self.at = at
        self.group = group ?? id
    }
}

/// What became of one attempt, by what the service *said*.
///
/// `answer` is for people: bounded and free of secrets.
package enum Outcome: Hashable, Sendable {
    /// The service has taken it.
    ///
    /// `opens` is the service's own name for a message that later ones of its group can answer;
    /// nil where it shows no threads, and for what answers another one.
    case delivered(answer: String, opens: String? = nil)
    /// The service limits the whole channel; uses up no attempt.
    case throttled(until: Timestamp, answer: String)
    /// It may work later; `retryAfter` is the service's own wish.
    case unavailable(retryAfter: Duration?, answer: String)
    /// The service works, and may take this message later: greylisting, a full mailbox.
    case postponed(answer: String)
    /// This message will never be taken.
    case refusedMessage(reason: String)
    /// No message will be taken until someone changes the channel's settings: what waits is kept.
    case refusedChannel(reason: String)

    /// The most characters of an answer that are kept.
    package static let answerLimit = 500
}
