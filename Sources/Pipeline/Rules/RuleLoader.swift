package import CEL

/// From rule files to a rule set: compiles everything, runs every rule's own cases, and shows
/// every mistake of every file in one run.
package enum RuleLoader {
    /// The rule set, or nil when this added an error to the findings.
    ///
    /// `channels` are the names that `notify` may use; nil when they are not known.
    package static func load(
        _ documents: [Document], channels: Set<String>? = nil, findings: Findings
    ) -> RuleSet? {
        let errorsBefore = findings.errorCount
        var files: [RuleFile] = []
        if documents.count > RuleSet.fileLimit {
            findings.add(
                documents[RuleSet.fileLimit].finding(
                    "too-many-files", at: 0..<0,
                    Bilingual(
                        "规则文件超过 \(RuleSet.fileLimit) 个",
                        "more than \(RuleSet.fileLimit) rule files")))
        }
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
        guard findings.errorCount == errorsBefore else { return nil }
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
        var places: [String: String] = [:]
        for cursor in files.compactMap(\.lists) where !cursor.isNull {
            for (key, name, value) in cursor.entries() ?? [] {
                if name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,63}/) == nil {
                    key.report(
                        "bad-name",
                        Bilingual(
                            "词表名只用字母、数字和下划线", "a list's name has letters, digits and _ only"))
                    continue
                }
                if let first = places[name] {
                    key.report(
                        "duplicate-list",
                        Bilingual(
                            "词表 `\(name)` 已在 \(first) 定义",
                            "the list `\(name)` is defined in \(first)"))
                    continue
                }
                places[name] = key.placeText
                let items = (value.items() ?? []).bounded(
                    wordLimit, "list-too-long",
                    Bilingual("词表超过 \(wordLimit) 项", "the list has more than \(wordLimit) items"))
                let isFlow = value.lineFromHere.hasPrefix("[")
                lists[name] = items.compactMap { word($0, inFlow: isFlow) }
            }
        }
        return lists
    }
}

extension ListReader {
    /// An empty word would be found in every sentence; `[投诉，曝光]` is one word, found in none.
    private static func word(_ cursor: Cursor, inFlow: Bool) -> String? {
        guard let word = cursor.text() else { return nil }
        if word.isEmpty {
            cursor.report(
                "empty-word", Bilingual("词表里有空的词", "a word of the list is empty"))
        }
        if inFlow, cursor.isPlainScalar, word.contains(where: { "，、".contains($0) }) {
            cursor.report(
                "one-word",
                Bilingual("“\(word)”是一个词", "\"\(word)\" is one word"),
                hint: Bilingual(
                    "词之间用半角逗号；真是一个词就加引号",
                    "the comma between words is the ASCII one; quote it if it is one word"),
                severity: .warning)
        }
        return word
    }
}

extension [Cursor] {
    /// At most so many; more are an error at the first beyond.
    func bounded(_ limit: Int, _ code: String, _ message: Bilingual) -> ArraySlice<Cursor> {
        if count > limit { self[limit].report(code, message) }
        return prefix(limit)
    }
}

extension Cursor {
    /// Everything that the language says of an expression that starts at `offset` of the scalar
    /// that stands here.
    ///
    /// `hints`: What to do about mistakes of a code, where the language itself does not know.
    func report(
        _ error: CompilationError, in source: String, at offset: Int = 0,
        hints: [String: Bilingual] = [:]
    ) {
        let bytes = Array(source.utf8)
        let end = bytes.count - bytes.reversed().prefix { $0 == 10 || $0 == 32 }.count
        for diagnostic in error.diagnostics {
            var range = diagnostic.range.clamped(to: 0..<bytes.count)
            // A place that the message names is one of the file.
            func place(_ place: Int) -> (line: Int, column: Int) { position(of: place + offset) }
            let message = Bilingual(
                diagnostic.message(in: .chinese, placing: place),
                diagnostic.message(in: .english, placing: place))
            // The end of a block is the end of its last line, not the line after it.
            if range.lowerBound >= end { range = end..<end }
            report(
                diagnostic.code, at: range.lowerBound + offset..<range.upperBound + offset, message,
                hint: diagnostic.hint ?? hints[diagnostic.code],
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
        if reportStructure() { return nil }
        guard let text = text() else { return nil }
        if let comment = commentBehind { reportComment(comment, behind: text) }
        return text
    }

    /// The program of the expression that stands here; nil with findings.
    package func program(
        _ environment: Environment, expecting type: ValueType?
    ) -> Program? {
        guard let text = expression() else { return nil }
        do {
            return try environment.compile(text, expecting: type)
        } catch {
            report(error, in: text)
            return nil
        }
    }
}

extension Diagnostic {
    fileprivate var hint: Bilingual? {
        guard let chinese = hint(in: .chinese), let english = hint(in: .english) else { return nil }
        return Bilingual(chinese, english)
    }
}
