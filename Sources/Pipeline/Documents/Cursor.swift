import Yams

/// A place in a YAML file with what stands there, read with exact findings.
///
/// Reading goes on after a mistake, so that one run shows them all: each reader returns nil once
/// it has reported what is wrong.
///
/// ```swift
/// let findings = Findings()
/// guard let root = Cursor.root(of: document, findings) else { return }
/// let settings = root.fields(["store", "keep"])
/// let store = settings?["store"]?.text()
/// ```
package struct Cursor {
    let document: Document
    let node: Node
    package let findings: Findings
    /// How it is named in messages: `sources.calls.poll`.
    package let path: String

    /// The file's value, or nil with findings; a file without one is an empty mapping.
    package static func root(of document: Document, _ findings: Findings) -> Cursor? {
        YAMLReading.root(of: document, findings).map {
            Cursor(document: document, node: $0, findings: findings, path: "")
        }
    }

    // MARK: What stands here

    package var isNull: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    package var isMapping: Bool { node.mapping != nil }
    package var isSequence: Bool { node.sequence != nil }

    /// A mapping with known keys.
    ///
    /// Unknown ones are findings with the nearest known.
    package func fields(_ known: [String]) -> [String: Cursor]? {
        guard let entries = entries() else { return nil }
        var fields: [String: Cursor] = [:]
        for (key, name, value) in entries {
            guard known.contains(name) else {
                key.reportUnknown(name, among: known)
                continue
            }
            fields[name] = value
        }
        return fields
    }

    /// A mapping with any keys, in the order of the file.
    package func entries() -> [(key: Cursor, name: String, value: Cursor)]? {
        guard let mapping = node.mapping else {
            reportType(Bilingual("映射（键: 值）", "a mapping (key: value)"))
            return nil
        }
        return mapping.compactMap { pair in
            let key = Cursor(document: document, node: pair.key, findings: findings, path: path)
            guard case .scalar(let scalar) = pair.key else {
                key.report(
                    "bad-key", Bilingual("键必须是文本", "a key must be a text"))
                return nil
            }
            let name = scalar.string
            let below = path.isEmpty ? name : "\(path).\(name)"
            return (
                key, name,
                Cursor(document: document, node: pair.value, findings: findings, path: below)
            )
        }
    }

    /// A sequence.
    package func items() -> [Cursor]? {
        guard let sequence = node.sequence else {
            reportType(Bilingual("列表（- 项 或 [项, 项]）", "a list (- item or [item, item])"))
            return nil
        }
        return sequence.enumerated().map { index, item in
            Cursor(
                document: document, node: item, findings: findings, path: "\(path)[\(index)]")
        }
    }

    /// A sequence, or one value that stands for a list of one.
    package func itemsOrOne() -> [Cursor]? {
        if isMapping || isSequence { return items() }
        return [self]
    }

    /// Any scalar but null as its text.
    package func text() -> String? {
        guard case .scalar(let scalar) = node, !isNull else {
            reportType(Bilingual("文本", "a text"))
            return nil
        }
        return scalar.string
    }

    package func bool() -> Bool? {
        if case .scalar(let scalar) = node, scalar.style == .plain {
            if ["true", "True", "TRUE"].contains(scalar.string) { return true }
            if ["false", "False", "FALSE"].contains(scalar.string) { return false }
        }
        reportType(Bilingual(" true 或 false", "true or false"))
        return nil
    }

    package func integer(in range: ClosedRange<Int>) -> Int? {
        guard case .scalar(let scalar) = node, scalar.style == .plain,
            let number = Int(scalar.string)
        else {
            reportType(Bilingual("整数", "a whole number"))
            return nil
        }
        guard range.contains(number) else {
            report(
                "out-of-range",
                Bilingual(
                    "\(name)须在 \(range.lowerBound) 到 \(range.upperBound) 之间",
                    "\(name)must be between \(range.lowerBound) and \(range.upperBound)"))
            return nil
        }
        return number
    }

    /// `500ms 30s 5m 2h 7d`.
    package func duration(in range: ClosedRange<Duration>) -> Duration? {
        guard let text = text() else { return nil }
        guard let duration = Duration(settingsText: text) else {
            report(
                "bad-duration",
                Bilingual("“\(text)”不是时长", "\"\(text)\" is not a duration"),
                hint: Bilingual(
                    "写成 500ms、30s、5m、2h 或 7d", "write 500ms, 30s, 5m, 2h or 7d"))
            return nil
        }
        guard range.contains(duration) else {
            let (low, high) = (range.lowerBound.settingsText, range.upperBound.settingsText)
            report(
                "out-of-range",
                Bilingual(
                    "\(name)须在 \(low) 到 \(high) 之间", "\(name)must be between \(low) and \(high)"))
            return nil
        }
        return duration
    }

    /// One of the cases of a type, by its raw value.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let text = text() else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        reportChoice(text, among: Choice.allCases.map(\.rawValue))
        return nil
    }

    private var name: String { path.isEmpty ? "" : "`\(path)` " }
}
