import CEL

/// From rule files to a rule set: compiles everything, runs every rule's own cases, and shows
/// every mistake of every file in one run.
package enum RuleLoader {
    /// The rule set, or nil when there is an error among the findings.
    ///
    /// `channels` are the names that `notify` may use; nil when they are not known.
    package static func load(
        _ documents: [Document], channels: Set<String>? = nil, findings: Findings
    ) -> RuleSet? {
        let hadErrors = findings.hasErrors
        var files: [RuleFile] = []
        for document in documents.prefix(RuleSet.fileLimit) {
            if let file = RuleFile(document, findings) { files.append(file) }
        }
        let lists = ListReader.lists(of: files)
        let vocabulary = Vocabulary(lists: lists)
        var rules: [Rule] = []
        var places: [String: String] = [:]
        for cursor in files.flatMap(\.rules) {
            guard rules.count < RuleSet.ruleLimit else {
                cursor.report(
                    "too-many-rules",
                    Bilingual(
                        "规则超过 \(RuleSet.ruleLimit) 条", "more than \(RuleSet.ruleLimit) rules"))
                break
            }
            let reader = RuleReader(vocabulary: vocabulary, channels: channels)
            guard let rule = reader.read(cursor, places: &places) else { continue }
            rules.append(rule)
        }
        guard !findings.hasErrors || hadErrors else { return nil }
        return RuleSet(
            rules: rules, version: version(of: documents), vocabulary: vocabulary)
    }

    /// The texts alone count: not their names, nor their order.
    private static func version(of documents: [Document]) -> String {
        let texts = documents.map { StableHash.text(of: $0.text.utf8) }.sorted()
        return String(StableHash.text(of: texts.joined(separator: " ").utf8).prefix(12))
    }
}

/// One file's two parts.
private struct RuleFile {
    let lists: Cursor?
    let rules: [Cursor]

    init?(_ document: Document, _ findings: Findings) {
        guard let root = Cursor.root(of: document, findings) else { return nil }
        if root.isNull {
            (lists, rules) = (nil, [])
            return
        }
        guard let fields = root.fields(["lists", "rules"]) else { return nil }
        lists = fields["lists"]
        rules = fields["rules"]?.items() ?? []
    }
}

/// The word lists of all files together.
private enum ListReader {
    /// The most words of a list.
    static let wordLimit = 50_000

    static func lists(of files: [RuleFile]) -> [String: [String]] {
        var lists: [String: [String]] = [:]
        for cursor in files.compactMap(\.lists) where !cursor.isNull {
            for (key, name, value) in cursor.entries() ?? [] {
                if name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,63}/) == nil {
                    key.report(
                        "bad-name",
                        Bilingual(
                            "词表名只用字母、数字和下划线", "a list's name has letters, digits and _ only"))
                }
                guard lists[name] == nil else {
                    key.report(
                        "duplicate-list",
                        Bilingual("词表 `\(name)` 定义了两次", "the list `\(name)` is defined twice"))
                    continue
                }
                lists[name] = (value.items() ?? []).prefix(wordLimit).compactMap { $0.text() }
            }
        }
        return lists
    }
}

extension Cursor {
    /// Everything that the language says of an expression in the scalar that stands here.
    func report(_ error: CompilationError, at offset: Int = 0) {
        for diagnostic in error.diagnostics {
            let range = diagnostic.range
            let hint: Bilingual? =
                if let chinese = diagnostic.hint(in: .chinese),
                    let english = diagnostic.hint(in: .english)
                {
                    Bilingual(chinese, english)
                } else { nil }
            report(
                diagnostic.code, at: range.lowerBound + offset..<range.upperBound + offset,
                Bilingual(diagnostic.message(in: .chinese), diagnostic.message(in: .english)),
                hint: hint,
                severity: diagnostic.severity == .warning ? .warning : .error)
        }
    }

    /// A condition or evidence: the text of an expression, after what YAML may have made of it.
    func expression() -> String? {
        let key = path.split(separator: ".").last.map(String.init) ?? "when"
        if let tagged = explicitTag {
            report(
                "yaml-tag",
                Bilingual("YAML 把开头的 `!` 当成了标签", "YAML takes the leading `!` for a tag"),
                hint: ConditionHint.block(key, tagged))
            return nil
        }
        if isMapping || isSequence {
            report(
                "yaml-structure",
                Bilingual(
                    "YAML 把这里读成了\(isMapping ? "映射" : "列表")，不是表达式",
                    "YAML reads \(isMapping ? "a mapping" : "a list") here, not an expression"),
                hint: ConditionHint.block(key, "…"))
            return nil
        }
        guard let text = text() else { return nil }
        if let comment = commentBehind {
            report(
                "yaml-comment",
                Bilingual(
                    "从 `\(comment.prefix(20))` 起被 YAML 当成注释",
                    "YAML takes all from `\(comment.prefix(20))` for a comment"),
                hint: ConditionHint.block(key, "\(text) \(comment)"), severity: .warning)
        }
        return text
    }

    func program(_ environment: Environment, expecting type: ValueType?) -> Program? {
        guard let text = expression() else { return nil }
        do {
            return try environment.compile(text, expecting: type)
        } catch {
            report(error)
            return nil
        }
    }
}
