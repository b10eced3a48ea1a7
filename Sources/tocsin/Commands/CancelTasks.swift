import ArgumentParser
import Pipeline
import Storage

extension TasksCommand {
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back tasks that are still to be read.",
            discussion: """
                They end as REFUSED with the reason, raise no alert, and are not read again. It is
                meant for a source that is not in the settings any more.
                """)

        @OptionGroup var options: CommonOptions
        @Option(help: "The source.") var source: String
        @Option(help: "Why; it is kept with each of them.") var reason: String
        @Flag(help: "Only count them; change nothing.") var dryRun = false
        @Argument(help: "Their ids; all of the source without.") var ids: [String] = []

        func validate() throws { try CancelReason.check(reason) }

        func run() async throws {
            let store = try Workspace.load(options, for: .store).openStore()
            let change = TaskCancelling(
                store: store, source: source, ids: ids, reason: reason, dryRun: dryRun)
            let count = try await change.run()
            if options.format == .json {
                try Output.json(Report(matched: count, dryRun: dryRun))
            } else {
                Output.line(
                    dryRun
                        ? Output.words(
                            "会取消 \(count) 个任务（未改动）", "\(count) tasks would be cancelled")
                        : Output.words("已取消 \(count) 个任务", "\(count) tasks are cancelled"))
            }
            guard count >= Set(ids).count else {
                Output.error(
                    Output.words(
                        "其余的编号不存在，或已结束", "the other ids do not exist, or have ended"))
                throw Exit.findings
            }
        }

        private struct Report: Encodable {
            var matched: Int
            var dryRun: Bool
        }
    }
}

/// The reason of whoever cancels.
enum CancelReason {
    static let limit = 200

    static func check(_ reason: String) throws {
        guard !reason.isEmpty, reason.count <= limit else {
            throw ValidationError(
                Output.words(
                    "--reason 有 1 到 \(limit) 个字", "--reason has 1 to \(limit) characters"))
        }
    }
}

/// Ends tasks of a source that wait for a read, in steps of bounded size.
struct TaskCancelling: Sendable {
    let store: any Store
    let source: String
    /// Empty for all.
    let ids: [String]
    let reason: String
    let dryRun: Bool

    static let batch = 500
    /// The most that one command looks at.
    static let limit = 1_000_000

    /// How many it were, or would be.
    func run() async throws(StoreError) -> Int {
        let (reason, dryRun) = (reason, dryRun)
        let chosen = try await found()
        var count = 0
        for start in stride(from: 0, to: chosen.count, by: Self.batch) {
            let some = Array(chosen[start..<min(start + Self.batch, chosen.count)])
            count += try await store.transaction { transaction throws(StoreError) in
                var count = 0
                for id in some {
                    guard var task = try transaction.task(id), task.dueAt != nil else { continue }
                    count += 1
                    guard !dryRun else { continue }
                    task.status = .refused
                    task.errorMessage = Retrying.cancelledMark + reason
                    task.dueAt = nil
                    try transaction.save(task)
                }
                return count
            }
        }
        return count
    }

    private func found() async throws(StoreError) -> [TaskID] {
        let query = TaskQuery(source: source, hasEnded: false, limit: Self.limit)
        guard ids.isEmpty else {
            return Set(ids).sorted().map { TaskID(source: source, id: $0) }
        }
        return try await store.read { reader throws(StoreError) in
            try reader.tasks(query).map(\.id)
        }
    }
}
