import Pipeline

/// What changes of a delivery: its columns.
struct Standing: Hashable {
    let state: Delivery.State
    let attempts: Int
    let answer: String
    let revivedAt: Timestamp?
    let settledAt: Timestamp?

    var dueAt: Timestamp? {
        if case .waiting(let dueAt) = state { dueAt } else { nil }
    }

    var reason: String {
        if case .dead(let reason) = state { reason } else { "" }
    }

    var kind: DeliveryQuery.Kind { state.kind }

    /// The delivery as it stands now.
    func of(_ delivery: Delivery) -> Delivery {
        var delivery = delivery
        delivery.state = state
        delivery.attempts = attempts
        delivery.answer = answer
        delivery.revivedAt = revivedAt
        delivery.settledAt = settledAt
        return delivery
    }
}

extension Standing {
    init(of delivery: Delivery) {
        self.init(
            state: delivery.state, attempts: delivery.attempts, answer: delivery.answer,
            revivedAt: delivery.revivedAt, settledAt: delivery.settledAt)
    }
}

/// What never changes of a delivery, as it is read of its JSON: the rest, which only says how it
/// stood when it was made, is not looked at.
struct CarriedDelivery: Decodable {
    let id: Delivery.ID
    let group: AlertGroup.Key
    let message: Message
    let createdAt: Timestamp
    /// Nil in what an older program wrote, which is not urgent.
    let isUrgent: Bool?

    func delivery(_ standing: Standing) -> Delivery {
        Delivery(
            id: id, group: group, message: message, createdAt: createdAt,
            isUrgent: isUrgent ?? false, revivedAt: standing.revivedAt,
            attempts: standing.attempts, state: standing.state, answer: standing.answer,
            settledAt: standing.settledAt)
    }
}
