import Pipeline

/// Retention over the state in memory: the same rules as in SQL, in the plainest form.
enum MemoryPruning {
    static func prune(_ state: inout MemoryState, _ retention: Retention, limit: Int) -> Int {
        var room = limit
        let before = retention.alertsBefore
        for (task, results) in state.results {
            for result in results where room > 0 && result.readAt < retention.resultsBefore {
                state.results[task]?.removeAll { $0.readAt == result.readAt }
                room -= 1
            }
        }
        for (id, leased) in state.deliveries where room > 0 {
            guard let settledAt = leased.value.settledAt, settledAt < before else { continue }
            state.deliveries[id] = nil
            room -= 1
        }
        for (id, alert) in state.alerts where room > 0 && alert.raisedAt < before {
            let notices = (state.notices[id] ?? [:]).values
            let isSettled = notices.allSatisfy { notice in
                !notice.isWaiting && notice.deliveries.allSatisfy { state.deliveries[$0] == nil }
            }
            guard isSettled else { continue }
            state.alerts[id] = nil
            state.notices[id] = nil
            room -= 1
        }
        for (id, fault) in state.faults where room > 0 && fault.raisedAt < before {
            state.faults[id] = nil
            room -= 1
        }
        for (id, leased) in state.tasks where room > 0 && leased.value.dueAt == nil {
            guard (leased.value.lastReadAt ?? leased.value.acceptedAt) < before else { continue }
            state.tasks[id] = nil
            room -= 1
        }
        for (key, group) in state.groups where room > 0 && group.flushAt == nil {
            guard let flushedAt = group.flushedAt, flushedAt < before else { continue }
            state.groups[key] = nil
            room -= 1
        }
        return limit - room
    }
}
