import ArgumentParser
import Pipeline

/// A task as commands are given it: `SOURCE/ID`, the id alone, or either with `#TID` behind it, as
/// tables and JSON print it.
struct TaskName: Hashable, Sendable {
    /// What stands before the first slash, and behind it; nil without a slash.
    let qualified: TaskID?
    /// All of it as an id, which may have slashes.
    let id: String?
    /// The record; empty when none is named.
    let tid: String

    /// Throws when it can be no task.
    init(_ text: String, tid: String = "") throws {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        let bare = parts.first ?? ""
        self.tid = tid.isEmpty && parts.count == 2 ? parts[1] : tid
        id = TaskID.trimmedID(bare)
        let pieces = bare.split(separator: "/", maxSplits: 1).map(String.init)
        qualified =
            pieces.count == 2
            ? TaskID.trimmedID(pieces[1]).map { TaskID(source: pieces[0], id: $0) } : nil
        guard id != nil || qualified != nil else {
            throw ValidationError(
                Output.words(
                    "任务写成 来源/编号 或编号：\(text)", "a task is SOURCE/ID, or its id: \(text)"))
        }
    }

    /// The tasks that it can mean, what is named in full first.
    func tasks(of sources: [String]) -> [TaskID] {
        let bare = id.map { id in sources.map { TaskID(source: $0, id: id) } } ?? []
        return [qualified].compactMap(\.self) + bare
    }
}

extension Alert.ID {
    /// The task with its record, as commands take it.
    var taskName: String { "\(task)" + (tid.isEmpty ? "" : "#\(tid)") }

    /// The alert that is meant; throws when there is none, or when tasks of several sources have
    /// the id.
    static func found(
        rule: String, task: TaskName, in store: any Store, by settings: Settings
    ) async throws -> Alert.ID {
        let sources = settings.sources.map(\.name)
        let found = try await store.read { reader throws(StoreError) in
            var found: [Alert.ID] = []
            for id in task.tasks(of: sources) {
                let alert = Alert.ID(rule: rule, task: id, tid: task.tid)
                if try reader.alert(alert) != nil { found.append(alert) }
                // What is named in full is meant, whatever else could be.
                if !found.isEmpty, id == task.qualified { break }
            }
            return found
        }
        guard let first = found.first else { throw unknown() }
        guard found.count == 1 else {
            let names = found.map(\.taskName)
            throw ValidationError(
                Output.words(
                    "几个来源都有这个任务：\(names.joined(separator: "、"))",
                    "several sources have the task: \(names.joined(separator: ", "))"))
        }
        return first
    }

    /// Says that there is none.
    static func unknown() -> ExitCode {
        Output.error(Output.words("没有这条告警", "no such alert"))
        return Exit.findings
    }
}
