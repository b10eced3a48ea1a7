import Synchronization

/// What the next message of each group answers, on a channel whose service shows threads.
///
/// The groups' records hold it; here is what this process sent, which may not be recorded yet. A
/// message whose thread is not known stands by itself: none waits for a thread.
final class Threads: Sendable {
    private let room: String?
    private let store: any Store
    private let known = Mutex<[AlertGroup.Key: AlertGroup.Thread]>([:])

    /// The most threads that are kept here; beyond it the records are asked again.
    static let limit = 1000

    init(of outlet: Outlet, in store: any Store) {
        room = outlet.channel.threadRoom
        self.store = store
    }

    /// The message that the delivery is to answer; nil for none.
    func message(for delivery: Delivery, at now: Timestamp) async -> String? {
        guard let room else { return nil }
        let group = delivery.group
        var thread = known.withLock { $0[group] }
        if thread == nil {
            let record = try? await store.read { reader throws(StoreError) in
                try reader.group(group)
            }
            thread = record?.thread
            if let thread { keep(thread, of: group) }
        }
        guard let thread, thread.isOpen(in: room, at: now) else { return nil }
        return thread.message
    }

    /// Remembers a message that later ones can answer.
    func note(_ outcome: Outcome, of delivery: Delivery, at now: Timestamp) {
        guard let room, case .delivered(_, let message?) = outcome else { return }
        keep(
            AlertGroup.Thread(message: message, room: room, openedAt: now), of: delivery.group)
    }

    private func keep(_ thread: AlertGroup.Thread, of group: AlertGroup.Key) {
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[group] = thread
        }
    }
}
