import ArgumentParser
import Foundation
import Pipeline

/// Reads what is handed over: plain ids, or JSON objects, one a line.
///
/// Every mistake names its line, and nothing is accepted then.
struct SubmissionLines {
    private let sources: [String]
    private let defaultSource: String?
    private let labels: [String: String]

    /// The most bytes of one line.
    static let lineLimit = 64 << 10

    private struct Line: Decodable {
        var source: String?
        var taskId: String
        var tid: String?
        var submittedAt: String?
        var labels: [String: String]?
    }

    /// `labels` are `name=value` texts for every task.
    init(sources: [String], defaultSource: String?, labels: [String]) throws {
        self.sources = sources
        self.defaultSource = defaultSource ?? (sources.count == 1 ? sources.first : nil)
        var pairs: [String: String] = [:]
        for label in labels {
            guard let sign = label.firstIndex(of: "="), sign != label.startIndex else {
                throw Self.mistake("标签写成 名称=值：\(label)", "a label is name=value: \(label)")
            }
            pairs[String(label[..<sign])] = String(label[label.index(after: sign)...])
        }
        self.labels = pairs
        if let defaultSource { try check(defaultSource, at: "--source") }
    }

    func submission(fromID text: String, at place: String) throws -> Submission {
        try submission(Line(taskId: text), at: place)
    }

    func submissions(inFile path: String) throws -> [Submission] {
        let file = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        let data: Data
        do {
            data = try file?.readToEnd() ?? Data()
        } catch {
            throw Self.mistake("读不了 \(path)", "\(path) cannot be read")
        }
        guard file != nil else { throw Self.mistake("读不了 \(path)", "\(path) cannot be read") }
        let decoder = JSONDecoder()
        var submissions: [Submission] = []
        for (index, bytes) in data.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            let place = "\(path):\(index + 1)"
            guard bytes.count <= Self.lineLimit else {
                throw Self.mistake(
                    "\(place)：这行超过 64 KiB", "\(place): the line is longer than 64 KiB")
            }
            guard let text = String(data: bytes, encoding: .utf8) else {
                throw Self.mistake("\(place)：不是 UTF-8", "\(place): not UTF-8")
            }
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if trimmed.isEmpty { continue }
            guard trimmed.hasPrefix("{") else {
                submissions.append(try submission(fromID: trimmed, at: place))
                continue
            }
            guard let line = try? decoder.decode(Line.self, from: Data(trimmed.utf8)) else {
                let form = #"{"source":"…","taskId":"…","labels":{…}}"#
                throw Self.mistake("\(place)：不是 \(form)", "\(place): not \(form)")
            }
            submissions.append(try submission(line, at: place))
        }
        return submissions
    }

    private func submission(_ line: Line, at place: String) throws -> Submission {
        guard let source = line.source ?? defaultSource else {
            let known = sources.joined(separator: ", ")
            throw Self.mistake(
                "\(place)：用 --source 说明来源：\(known)",
                "\(place): name the source with --source: \(known)")
        }
        try check(source, at: place)
        guard let id = TaskID.trimmedID(line.taskId) else {
            let limit = TaskID.maximumLength
            throw Self.mistake(
                "\(place)：任务编号有 1 到 \(limit) 字节，不含空白和控制字符",
                "\(place): a task id has 1 to \(limit) bytes, no blanks, no control characters")
        }
        var tid = ""
        if let text = line.tid, !text.isEmpty {
            guard let trimmed = TaskID.trimmedID(text) else {
                throw Self.mistake(
                    "\(place)：tid 含有空白或控制字符",
                    "\(place): the tid has blanks or control characters")
            }
            tid = trimmed
        }
        let labels = labels.merging(line.labels ?? [:]) { _, own in own }
        guard labels.count <= Intake.labelLimit,
            labels.allSatisfy({
                max($0.key.utf8.count, $0.value.utf8.count) <= Intake.labelLengthLimit
            })
        else {
            throw Self.mistake(
                "\(place)：标签太多，或有一个太长",
                "\(place): too many labels, or one is too long")
        }
        var submission = Submission(id: TaskID(source: source, id: id), tid: tid, labels: labels)
        if let text = line.submittedAt {
            guard let moment = Timestamp(rfc3339: text) else {
                let form = "RFC 3339: 2026-11-21T12:00:00Z"
                throw Self.mistake(
                    "\(place)：submittedAt 不是 \(form)", "\(place): submittedAt is not \(form)")
            }
            submission.submittedAt = moment
        }
        return submission
    }

    private func check(_ source: String, at place: String) throws {
        guard sources.contains(source) else {
            let known = sources.joined(separator: ", ")
            throw Self.mistake(
                "\(place)：来源 `\(source)` 不在设置里：\(known)",
                "\(place): the source `\(source)` is not in the settings: \(known)")
        }
    }

    private static func mistake(_ chinese: String, _ english: String) -> ValidationError {
        ValidationError(Output.words(chinese, english))
    }
}
