import Foundation
import Pipeline

/// A file of tasks, for replies that are known to the letter.
///
/// ```json
/// {"ccai": [{"taskId": "…", "queuePolls": 1, "runPolls": 1, "data": {"taskStatus": "FINISH"}}],
///  "qc": [{"taskId": "…", "appKey": "app-1",
///          "items": [{"tid": "…", "steps": [1, 1, 1], "final": {"statusCode": 3}}]}]}
/// ```
///
/// `data` is that of GetTaskResult's reply, `final` one record of GetAudioDataStatus' in the
/// document's spelling of names. The numbers of polls default to 1, and `appKey` to any.
package enum TaskFile {
    /// The most bytes of a file.
    static let sizeLimit = 256 << 20
    /// The most polls that a state may last.
    static let pollLimit = 1_000_000

    /// The tasks of the file at `path`; an error names the file and the place in it.
    package static func read(path: String) throws(StandInError) -> CloudTasks {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw StandInError("cannot read the task file \(path): \(reason(error))")
        }
        do {
            return try parse(Array(data))
        } catch {
            throw StandInError("task file \(path): \(error.message)")
        }
    }

    /// The tasks that the text of a file gives.
    package static func parse(_ bytes: [UInt8]) throws(StandInError) -> CloudTasks {
        guard bytes.count <= sizeLimit else {
            throw StandInError("\(bytes.count) bytes: at most \(sizeLimit) are read")
        }
        let file = try JSONReader.read(bytes)
        guard file.members != nil else {
            throw StandInError("expected an object with the lists \"ccai\" and \"qc\"")
        }
        guard file["ccai"] != nil || file["qc"] != nil else {
            throw StandInError("has neither a list \"ccai\" nor a list \"qc\"")
        }
        var tasks = CloudTasks()
        for (index, entry) in try list(file, "ccai", of: "").enumerated() {
            let place = "ccai[\(index)]"
            guard tasks.add(try call(entry, place)) else { throw repeated(place, entry) }
        }
        for (index, entry) in try list(file, "qc", of: "").enumerated() {
            let place = "qc[\(index)]"
            guard tasks.add(try record(entry, place)) else { throw repeated(place, entry) }
        }
        return tasks
    }

    private static func call(
        _ entry: JSONValue, _ place: String
    ) throws(StandInError) -> CallTask {
        let data = try object(entry, "data", place)
        guard let status = data["taskStatus"]?.text, !status.isEmpty else {
            throw StandInError("\(place).data.taskStatus: expected a text such as \"FINISH\"")
        }
        return CallTask(
            taskID: try identifier(entry, "taskId", place),
            queuePolls: try polls(entry["queuePolls"], "\(place).queuePolls"),
            runPolls: try polls(entry["runPolls"], "\(place).runPolls"), content: .given(data))
    }

    private static func record(
        _ entry: JSONValue, _ place: String
    ) throws(StandInError) -> RecordTask {
        let id = try identifier(entry, "taskId", place)
        var appKey: String?
        if let value = entry["appKey"], value != .null {
            guard let text = value.text else {
                throw StandInError("\(place).appKey: expected a text")
            }
            appKey = text
        }
        var items: [RecordTask.Item] = []
        for (index, element) in try list(entry, "items", of: place).enumerated() {
            let item = try item(element, "\(place).items[\(index)]")
            guard !items.contains(where: { $0.tid == item.tid }) else {
                throw StandInError(
                    "\(place).items[\(index)].tid: \(item.tid) is in this task already")
            }
            items.append(item)
        }
        return RecordTask(taskID: id, appKey: appKey, items: items)
    }

    private static func item(
        _ entry: JSONValue, _ place: String
    ) throws(StandInError) -> RecordTask.Item {
        let form = try object(entry, "final", place)
        guard form["statusCode"]?.looseInteger != nil else {
            throw StandInError("\(place).final.statusCode: expected 3 or -1")
        }
        var steps = [1, 1, 1]
        if let value = entry["steps"] {
            guard let numbers = value.list, numbers.count == 3 else {
                throw StandInError(
                    "\(place).steps: expected three numbers: how many polls see 0, 1 and 2")
            }
            for (index, number) in numbers.enumerated() {
                steps[index] = try polls(number, "\(place).steps[\(index)]")
            }
        }
        return RecordTask.Item(
            tid: try identifier(entry, "tid", place), steps: steps, content: .given(form))
    }

    private static func list(
        _ value: JSONValue, _ name: String, of place: String
    ) throws(StandInError) -> [JSONValue] {
        guard let member = value[name] else { return [] }
        guard let list = member.list else {
            throw StandInError("\(place.isEmpty ? "" : place + ".")\(name): expected a list")
        }
        return list
    }

    private static func object(
        _ value: JSONValue, _ name: String, _ place: String
    ) throws(StandInError) -> JSONValue {
        guard value.members != nil else { throw StandInError("\(place): expected an object") }
        guard let member = value[name], member.members != nil else {
            throw StandInError("\(place).\(name): expected an object")
        }
        return member
    }

    private static func identifier(
        _ value: JSONValue, _ name: String, _ place: String
    ) throws(StandInError) -> String {
        guard value.members != nil else { throw StandInError("\(place): expected an object") }
        guard let text = value[name]?.text, let id = TaskID.trimmedID(text) else {
            throw StandInError(
                "\(place).\(name): expected a text of 1 to \(TaskID.maximumLength) bytes"
                    + " without blanks or control characters")
        }
        return id
    }

    private static func polls(_ value: JSONValue?, _ place: String) throws(StandInError) -> Int {
        guard let value else { return 1 }
        guard let number = value.integer, (0...pollLimit).contains(number) else {
            throw StandInError("\(place): expected a whole number of polls, 0 or more")
        }
        return number
    }

    private static func repeated(_ place: String, _ entry: JSONValue) -> StandInError {
        StandInError("\(place).taskId: \(entry["taskId"]?.text ?? "") is in the file already")
    }

    private static func reason(_ error: any Error) -> String {
        let text = (error as NSError).localizedDescription
        return text.isEmpty ? "unknown error" : text
    }
}
