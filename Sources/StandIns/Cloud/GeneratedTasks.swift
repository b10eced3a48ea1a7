/// Makes the tasks of a seed: the same on every machine.
package struct GeneratedTasks: Sendable {
    /// The most tasks of each kind.
    package static let limit = 200_000

    package let tasks: CloudTasks

    /// `calls` ContactCenterAI tasks and `records` Qualitycheck tasks, of which some hold two or
    /// three records.
    ///
    /// Throws when there are too many.
    package init(
        calls: Int, records: Int, seed: UInt64, appKey: String = "app-1"
    ) throws(StandInError) {
        for (name, count) in [("calls", calls), ("records", records)]
        where !(0...Self.limit).contains(count) {
            throw StandInError("\(count) \(name) asked for: the number must be 0 to \(Self.limit)")
        }
        var tasks = CloudTasks()
        var deck = Deck.calls(seed: seed)
        for number in 0..<calls {
            _ = tasks.add(Self.call(number, troubles: deck.deal(), seed: seed))
        }
        deck = Deck.records(seed: seed)
        var conversations = 0
        for number in 0..<records {
            var generator = SplitMix64(seed: seed, stream: "record task", number: number)
            let id = generator.identifier()
            let items = (0..<generator.pick([1, 1, 1, 2, 3])).map { _ in
                defer { conversations += 1 }
                return RecordTask.Item(
                    tid: generator.identifier().lowercased(),
                    steps: [
                        generator.number(in: 0...1), generator.number(in: 0...2),
                        generator.number(in: 0...1),
                    ],
                    content: .generated(
                        ConversationPlan(
                            seed: seed, stream: .records, number: conversations,
                            troubles: deck.deal())))
            }
            _ = tasks.add(RecordTask(taskID: id, appKey: appKey, items: items))
        }
        self.tasks = tasks
    }

    private static func call(_ number: Int, troubles: [Trouble], seed: UInt64) -> CallTask {
        var generator = SplitMix64(seed: seed, stream: "call task", number: number)
        let day = 20_261_101 + generator.number(in: 0...19)
        return CallTask(
            taskID: "\(day)-\(generator.identifier())",
            queuePolls: generator.number(in: 0...2), runPolls: generator.number(in: 0...2),
            content: .generated(
                ConversationPlan(seed: seed, stream: .calls, number: number, troubles: troubles)))
    }
}
