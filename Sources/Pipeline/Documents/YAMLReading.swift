import Yams

/// From a file's text to its tree: syntax, bounds, and what YAML would read differently from the
/// person who wrote it.
enum YAMLReading {
    static func root(of document: Document, _ findings: Findings) -> Node? {
        findings.open(document.name)
        guard document.text.utf8.count <= Document.sizeLimit else {
            findings.add(
                document.finding(
                    "file-too-large", at: 0..<0,
                    Bilingual("文件超过 1 MiB", "the file is larger than 1 MiB")))
            return nil
        }
        if let deep = firstTooDeep(document) {
            findings.add(
                document.finding(
                    "nested-too-deeply", at: deep..<deep,
                    Bilingual("嵌套太深", "nested too deeply")))
            return nil
        }
        if let alias = Aliases.firstOfTooMany(in: document) {
            findings.add(tooMuch(at: alias, in: document))
            return nil
        }
        do {
            // Keys are texts, whatever they look like: `on` is no truth value.
            guard let node = try compose(yaml: document.text, .basic) else {
                return .mapping(Node.Mapping([]))
            }
            return isWithinBounds(node, document, findings) ? node : nil
        } catch let error as YamlError {
            report(error, document, findings)
        } catch {
            findings.add(
                document.finding(
                    "bad-yaml", at: 0..<0, Bilingual("读不懂：\(error)", "cannot be read: \(error)")))
        }
        return nil
    }

    /// Flow brackets are counted before parsing, since the parser itself is recursive.
    private static func firstTooDeep(_ document: Document) -> Int? {
        var depth = 0
        for (offset, byte) in document.text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "\n"): depth = min(depth, Document.depthLimit)
            default: break
            }
            if depth > 4 * Document.depthLimit { return offset }
        }
        return nil
    }

    /// Counts the nodes, those behind aliases each time: a few lines must not become a billion.
    private static func isWithinBounds(
        _ root: Node, _ document: Document, _ findings: Findings
    ) -> Bool {
        var open: [(node: Node, depth: Int)] = [(root, 0)]
        var count = 0
        while let (node, depth) = open.popLast() {
            count += 1
            guard count <= Document.nodeLimit, depth <= Document.depthLimit else {
                let mark = node.mark
                let at = document.offset(line: mark?.line ?? 1, column: mark?.column ?? 1)
                findings.add(tooMuch(at: at, in: document))
                return false
            }
            switch node {
            case .mapping(let mapping):
                open += mapping.flatMap { [($0.key, depth + 1), ($0.value, depth + 1)] }
            case .sequence(let sequence): open += sequence.map { ($0, depth + 1) }
            case .scalar, .alias: break
            }
        }
        return true
    }

    private static func tooMuch(at: Int, in document: Document) -> Finding {
        document.finding(
            "nested-too-deeply", at: at..<at,
            Bilingual("内容太多或嵌套太深", "too many entries, or nested too deeply"))
    }

    private static func report(
        _ error: YamlError, _ document: Document, _ findings: Findings
    ) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // A key without its colon is noticed lines later; it is meant where it begins.
            let mark = SyntaxProblem.isLate(problem) ? context?.mark ?? mark : mark
            let at = document.offset(line: mark.line, column: mark.column)
            if SyntaxProblem.isNesting(problem) {
                findings.add(
                    document.finding(
                        "nested-too-deeply", at: at..<at,
                        Bilingual("嵌套太深", "nested too deeply")))
                return
            }
            let message = Bilingual(
                "YAML 语法错误：\(SyntaxProblem.chinese(problem))", "YAML syntax: \(problem)")
            let hint = SyntaxHint.hint(line: mark.line, in: document)
            findings.add(document.finding("bad-yaml", at: at..<at, message, hint: hint))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let at = document.offset(line: context.mark.line, column: context.mark.column)
            let names = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            findings.add(
                document.finding(
                    "duplicate-key", at: at..<at,
                    Bilingual("\(names) 写了两次", "\(names) stands twice in this mapping")))
        case .reader(let problem, let offset, _, _):
            let at = min(offset ?? 0, document.text.utf8.count)
            findings.add(
                document.finding(
                    "bad-yaml", at: at..<at,
                    Bilingual("有不允许的字符：\(problem)", "a character is not allowed: \(problem)")))
        default:
            findings.add(
                document.finding(
                    "bad-yaml", at: 0..<0, Bilingual("读不懂这个文件", "the file cannot be read")))
        }
    }
}

/// How to write a condition so that YAML leaves it alone.
package enum ConditionHint {
    package static func block(_ key: String, _ value: String) -> Bilingual {
        let shown = "\(key): |\n  \(value)"
        return Bilingual(
            "YAML 把这里的符号当成了自己的；写成块就原样保留：\n\(shown)",
            "YAML takes these signs for its own; in a block they stay as they are:\n\(shown)")
    }
}
