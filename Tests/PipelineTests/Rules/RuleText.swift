import Foundation
import Pipeline
import Testing

/// One rule of a shipped file, in pieces: what stands before its conditions, they, and the rest.
struct RuleText: Sendable, CustomTestStringConvertible {
    let id: String
    /// The word lists of the file.
    let lists: String
    private let lines: [String]
    /// The source of `when`, of `unless`.
    private(set) var conditions: [(key: String, source: String)] = []

    var testDescription: String { id }

    /// The rules of a file, which is written as all files of `rules/` are.
    static func rules(of document: Document) -> [RuleText] {
        let parts = document.text.components(separatedBy: "\n  - rule: ")
        let head = parts[0].components(separatedBy: "\nrules:")[0]
        return parts.dropFirst().map { part in
            RuleText(lists: head, lines: part.components(separatedBy: "\n"))
        }
    }

    private init(lists: String, lines: [String]) {
        self.lists = lists
        id = lines[0]
        var rest: [String] = []
        for line in lines.dropFirst() {
            if let key = ["when", "unless"].first(where: { line.hasPrefix("    \($0): ") }) {
                let source = line.dropFirst(key.count + 6)
                conditions.append((key, source == "|" ? "" : String(source)))
                rest.append(key)
            } else if let last = rest.last, last == "when" || last == "unless",
                line.hasPrefix("      ")
            {
                let source = conditions[conditions.count - 1].source
                conditions[conditions.count - 1].source =
                    (source.isEmpty ? "" : source + " ") + line.trimmingPrefix(/\ +/)
            } else {
                rest.append(line)
            }
        }
        self.lines = rest
    }

    /// The rule, called `name`, with each condition as `change` leaves it; nil drops the condition.
    private func text(
        _ name: String, _ change: (_ key: String, _ source: String) -> String?
    ) -> String {
        let changed = lines.compactMap { line in
            guard let condition = conditions.first(where: { $0.key == line }) else { return line }
            return change(condition.key, condition.source).map { "    \(line): |\n      \($0)" }
        }
        return "  - rule: \(name)\n" + changed.joined(separator: "\n") + "\n"
    }

    /// The rule as it is, called as it is, and then every mutant, called by what it has become.
    private var variants: [(name: String, text: String)] {
        let mutants = conditions.flatMap { condition in
            let sources = ConditionMutants(condition.source).sources.map(Optional.some)
            return (sources + (condition.key == "unless" ? [nil] : [])).map { source in
                let text = text("mutant") { $0 == condition.key ? source : $1 }
                return (name: "\(id): \(source ?? "no unless")", text: text)
            }
        }
        return [(id, text("mutant") { $1 })] + mutants
    }

    /// What the loader says of the rule and of each mutant: the codes of its errors.
    ///
    /// They stand in one file, because the lists and the words are the same for all; only rules with
    /// anchors, of which a file may have few, stand alone.
    func verdicts() -> [(name: String, codes: Set<String>)] {
        let variants = variants
        let isAlone = variants[0].text.contains("&")
        return stride(from: 0, to: variants.count, by: isAlone ? 1 : variants.count).flatMap {
            Self.verdicts(variants[$0..<(isAlone ? $0 + 1 : variants.count)], lists)
        }
    }

    private static func verdicts(
        _ variants: ArraySlice<(name: String, text: String)>, _ lists: String
    ) -> [(name: String, codes: Set<String>)] {
        var text = "\(lists)\nrules:\n"
        var line = text.count { $0 == "\n" } + 1
        var starts: [Int] = []
        for (number, variant) in variants.enumerated() {
            starts.append(line)
            text += variant.text.replacing(/rule: mutant\n/, with: "rule: mutant-\(number)\n")
            line += variant.text.count { $0 == "\n" }
        }
        let findings = Findings()
        _ = RuleLoader.load([Document(name: "mutants.yaml", text: text)], findings: findings)
        var codes = [Set<String>](repeating: [], count: starts.count)
        for finding in findings.sorted() where finding.severity == .error {
            // One that stands in no rule is held against all.
            let owner = starts.lastIndex { $0 <= finding.line }
            for index in codes.indices where owner ?? index == index {
                codes[index].insert(finding.code)
            }
        }
        return zip(variants, codes).map { ($0.name, $1) }
    }
}
