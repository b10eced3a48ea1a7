/// The identity of an analysis task: the source that was told of it, and the cloud's id, trimmed.
package struct TaskID: Hashable, Codable, Comparable, Sendable, CustomStringConvertible {
    /// The name of a source in the settings.
    package let source: String
    /// The cloud's task id, without blanks or line ends around it.
    package let id: String

    /// The most bytes that an id, or a record's `tid`, may have.
    package static let maximumLength = 256

    /// An identity whose parts are known to be sound (from the store, or in a test).
    package init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    /// `text` trimmed, or nil when it is empty, too long, or holds blanks or control characters.
    package static func trimmedID(_ text: String) -> String? {
        let trimmed = text.unicodeScalars.trimmingWhitespace
        guard !trimmed.isEmpty, trimmed.utf8.count <= maximumLength else { return nil }
        let isSound = trimmed.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
                && scalar.properties.generalCategory != .format
        }
        return isSound ? trimmed : nil
    }

    package static func < (left: TaskID, right: TaskID) -> Bool {
        (left.source, left.id) < (right.source, right.id)
    }

    package var description: String { "\(source)/\(id)" }
}

extension String.UnicodeScalarView {
    /// The text without the white space before and after it.
    package var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.properties.isWhitespace }),
            let last = lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}

/// What rules see as `task.status`.
package enum TaskStatus: String, Codable, CaseIterable, Sendable, Comparable {
    case queue = "QUEUE"
    case running = "RUNNING"
    case finish = "FINISH"
    case error = "ERROR"
    /// The deadline passed without a result.
    case expired = "EXPIRED"
    /// The cloud refused the id for good.
    case refused = "REFUSED"

    /// Whether the task, or the record of a task, can change no more.
    package var isTerminal: Bool { self != .queue && self != .running }

    package static func < (left: TaskStatus, right: TaskStatus) -> Bool {
        left.rawValue < right.rawValue
    }
}
