/// Alerts of one route and channel that share their `by` labels and leave together.
package struct AlertGroup: Hashable, Codable, Sendable {
    package let key: Key
    /// When the waiting alerts leave; nil when none waits.
    package var flushAt: Timestamp?
    /// When the last ones left; two flushes are at least `every` apart.
    package var flushedAt: Timestamp?
    /// The least time between two flushes, by the policy that the last alert came with; nil in
    /// groups of older programs.
    package var every: Duration?
    /// Whether a critical alert waits in it: then it goes before others.
    package var isUrgent: Bool
    /// What its next messages answer, on a channel that shows threads; nil: nothing yet.
    package var thread: Thread?

    /// A message of the group that stands in the room itself, and that later ones answer.
    package struct Thread: Hashable, Codable, Sendable {
        /// The service's own name for it.
        package let message: String
        /// Where that name means something: ``Channel/threadRoom``; nil in old records.
        package let room: String?
        package let openedAt: Timestamp

        /// Then the next message stands in the room again, where people look first.
        package static let life = Duration.seconds(86_400)

        package init(message: String, room: String?, openedAt: Timestamp) {
            self.message = message
            self.room = room
            self.openedAt = openedAt
        }

        /// One that a clock opened in the future is over, and so is one of another room.
        package func isOpen(in room: String, at now: Timestamp) -> Bool {
            room == self.room && openedAt <= now && now - openedAt < Self.life
        }
    }

    /// Route, channel and the values of the route's `by` labels.
    package struct Key: Hashable, Codable, Comparable, Sendable {
        package let channel: String
        /// The route's place in the settings, or `notify` for a rule that names its channels.
        package let route: String
        package let labels: [String: String]

        package init(channel: String, route: String, labels: [String: String]) {
            self.channel = channel
            self.route = route
            self.labels = labels
        }

        /// One text for the key, the same in every process: the parts, each by length and content.
        package var text: String {
            let pairs = labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
            return ([channel, route] + pairs).map { "\($0.utf8.count):\($0)" }.joined()
        }

        /// The group of a channel's digests; alerts keep their own.
        package static func digest(of channel: String) -> Key {
            Key(channel: channel, route: "digest", labels: [:])
        }

        package static func < (left: Key, right: Key) -> Bool { left.text < right.text }
    }

    package init(
        key: Key, flushAt: Timestamp? = nil, flushedAt: Timestamp? = nil, every: Duration? = nil,
        isUrgent: Bool = false, thread: Thread? = nil
    ) {
        self.key = key
        self.flushAt = flushAt
        self.flushedAt = flushedAt
        self.every = every
        self.isUrgent = isUrgent
        self.thread = thread
    }

    /// What an older program wrote is urgent in nothing.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        key = try container.decode(Key.self, forKey: .key)
        flushAt = try container.decodeIfPresent(Timestamp.self, forKey: .flushAt)
        flushedAt = try container.decodeIfPresent(Timestamp.self, forKey: .flushedAt)
        every = try container.decodeIfPresent(Duration.self, forKey: .every)
        isUrgent = try container.decodeIfPresent(Bool.self, forKey: .isUrgent) ?? false
        thread = try container.decodeIfPresent(Thread.self, forKey: .thread)
    }
}

/// A notice is an alert on its way to one channel: what `why` reports on.
package struct Notice: Hashable, Codable, Sendable {
    package let alert: Alert.ID
    package let group: AlertGroup.Key
    /// The deliveries that carry it; empty while it waits in its group.
    package var deliveries: [Delivery.ID]
    /// Why someone took it back before any delivery carried it.
    package var cancelled: String?

    package var channel: String { group.channel }
    /// Whether it waits in its group.
    package var isWaiting: Bool { deliveries.isEmpty && cancelled == nil }

    package init(
        alert: Alert.ID, group: AlertGroup.Key, deliveries: [Delivery.ID] = [],
        cancelled: String? = nil
    ) {
        self.alert = alert
        self.group = group
        self.deliveries = deliveries
        self.cancelled = cancelled
    }
}
