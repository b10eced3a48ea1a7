package import CEL

/// A text in both of the product's languages.
package struct Bilingual: Hashable, Sendable {
    package let chinese: String
    package let english: String

    package init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }

    package func text(in language: Language) -> String {
        language == .chinese ? chinese : english
    }
}

/// One thing that is wrong, or doubtful, in a settings or rule file, and where.
package struct Finding: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable { case error, warning }

    /// A stable name of the mistake, such as `unknown-key`.
    package let code: String
    package let severity: Severity
    package let file: String
    /// From 1; columns in code points.
    package let line: Int
    package let column: Int
    package let message: Bilingual
    /// What to do about it, when that is known.
    package let hint: Bilingual?
    /// The line with the place underlined.
    package let excerpt: String

    /// As compilers show it: `file:line:column: message [code]`, the line, a caret, the hint.
    package func rendered(in language: Language) -> String {
        let word =
            switch (severity, language) {
            case (.error, .chinese): "错误"
            case (.error, .english): "error"
            case (.warning, .chinese): "警告"
            case (.warning, .english): "warning"
            }
        var text = "\(file):\(line):\(column): \(word): \(message.text(in: language)) [\(code)]\n"
        text += excerpt
        if let hint {
            let lines = hint.text(in: language).split(
                separator: "\n", omittingEmptySubsequences: false)
            text += (language == .chinese ? "\n  提示：" : "\n  hint: ")
            text += lines.joined(separator: "\n        ")
        }
        return text
    }
}

/// Collects the findings of all files of one run, within a bound.
package final class Findings {
    /// The most findings that are kept; a broken file must not fill the screen for ever.
    package static let limit = 200

    package private(set) var all: [Finding] = []
    /// How many errors there were, those beyond the limit too.
    package private(set) var errorCount = 0
    private var order: [String: Int] = [:]

    package init() {}

    package func add(_ finding: Finding) {
        open(finding.file)
        if isFull {
            if finding.severity == .error { errorCount += 1 }
            return
        }
        guard !all.contains(finding) else { return }
        if finding.severity == .error { errorCount += 1 }
        all.append(finding)
    }

    package var hasErrors: Bool { errorCount > 0 }

    /// Whether further findings are only counted.
    var isFull: Bool { all.count >= Self.limit }

    /// Counts an error without showing it.
    func addUnshown(_ severity: Finding.Severity) {
        if severity == .error { errorCount += 1 }
    }

    /// A file is looked at: its findings are shown in this order.
    func open(_ file: String) {
        if order[file] == nil { order[file] = order.count }
    }

    /// By file in the order of reading, then by place.
    package func sorted() -> [Finding] {
        let order = order
        return all.sorted { left, right in
            (order[left.file] ?? 0, left.line, left.column)
                < (order[right.file] ?? 0, right.line, right.column)
        }
    }
}

extension Findings {
    /// A file or folder that the settings name is not there.
    package func addMissing(_ path: String) {
        addFile(path, "missing-file", Bilingual("没有这个文件或目录", "there is no such file or folder"))
    }

    /// A file that cannot be read as text within the bound.
    package func addUnreadable(_ path: String) {
        addFile(
            path, "unreadable-file",
            Bilingual(
                "读不了，或不是 UTF-8，或大于 1 MiB", "cannot be read, is not UTF-8, or is larger than 1 MiB"))
    }

    private func addFile(_ path: String, _ code: String, _ message: Bilingual) {
        add(Document(name: path, text: "").finding(code, at: 0..<0, message))
    }
}
