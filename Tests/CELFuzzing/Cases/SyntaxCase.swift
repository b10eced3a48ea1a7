@testable import CEL

/// Text, parsed and printed and parsed again; checked, and every mistake told in every language.
enum SyntaxCase {
    static func complaint(about source: String) -> String? {
        var complaints: [String] = []
        do {
            let parsed = try FuzzEnvironment.tight.parse(source)
            complaints += [
                roundTrip(parsed) { text throws(CompilationError) in
                    try FuzzEnvironment.tight.parse(text)
                }
            ].compactMap(\.self)
            let checked = try FuzzEnvironment.tight.check(parsed)
            _ = try FuzzEnvironment.tight.plan(checked)
        } catch {
            if let complaint = rendered(error, source) { complaints.append(complaint) }
        }
        do {
            let parsed = try FuzzEnvironment.tight.parseWithoutMacros(source)
            complaints += [
                roundTrip(parsed) { text throws(CompilationError) in
                    try FuzzEnvironment.tight.parseWithoutMacros(text)
                }
            ].compactMap(\.self)
        } catch {
            if let complaint = rendered(error, source) { complaints.append(complaint) }
        }
        return complaints.first
    }

    /// Whether the printed text gives the same tree.
    static func roundTrip(
        _ parsed: ParsedExpression,
        _ parse: (String) throws(CompilationError) -> ParsedExpression
    ) -> String? {
        let text = parsed.text
        // Blanks and brackets make a text longer than its source was: that may go too far.
        let refusals: Set<String> = ["source-too-large", "too-deep"]
        do {
            let again = try parse(text)
            return parsed.tree.hasSameShape(as: again.tree)
                ? nil : "`\(text)` reads as another tree: `\(again.text)`"
        } catch {
            let codes = error.diagnostics.map(\.code)
            return codes.allSatisfy { refusals.contains($0) }
                ? nil : "`\(text)` cannot be parsed again: \(codes)"
        }
    }

    private static func rendered(_ error: CompilationError, _ source: String) -> String? {
        if error.diagnostics.isEmpty { return "refused without a reason" }
        let places = error.diagnostics.map(\.range.lowerBound)
        if places != places.sorted() { return "mistakes out of order: \(places)" }
        for (index, diagnostic) in error.diagnostics.enumerated() {
            let range = diagnostic.range
            guard range.lowerBound >= 0, range.upperBound <= source.utf8.count else {
                return "\(diagnostic.code) lies outside the source: \(range)"
            }
            for language in Language.allCases {
                if diagnostic.message(in: language).isEmpty { return "\(diagnostic.code): no text" }
                if diagnostic.hint(in: language) == "" { return "\(diagnostic.code): empty hint" }
            }
            // The picture is the same in each language, and takes most of the time.
            guard index < 2 else { continue }
            let language = Language.allCases[index % Language.allCases.count]
            if diagnostic.rendered(of: source, in: language).isEmpty { return "no picture" }
        }
        return nil
    }
}

extension Tree {
    /// Whether another tree is made of the same nodes, wherever they stand in their sources.
    func hasSameShape(as other: Tree) -> Bool { isSame(root, other, other.root) }

    private func isSame(_ id: NodeID, _ other: Tree, _ otherID: NodeID) -> Bool {
        guard head(id) == other.head(otherID) else { return false }
        var children: [NodeID] = [], others: [NodeID] = []
        forEachChild(of: self[id].kind) { children.append($0) }
        forEachChild(of: other[otherID].kind) { others.append($0) }
        return children.count == others.count
            && zip(children, others).allSatisfy { isSame($0, other, $1) }
    }

    /// What a node is, without its children.
    private func head(_ id: NodeID) -> String {
        switch self[id].kind {
        case .literal(.double(let value)): "double \(value.bitPattern)"
        case .literal(let literal): "\(literal.type) \(literal)"
        case .name(let name, let isAbsolute): "name \(isAbsolute) \(name)"
        case .select(let selection):
            "select \(selection.isTest) \(selection.isOptional) \(selection.field)"
        case .call(let name, let target, _): "call \(target == nil) \(name)"
        case .list(let elements): "list \(elements.map(\.isOptional))"
        case .map(let entries): "map \(entries.map(\.isOptional))"
        case .loop(let loop):
            "\(loop.kind) \(loop.variable) \(loop.second ?? "-") \(loop.filter == nil)"
        case .bind(let name, _, _): "bind \(name)"
        case .block(let values, _): "block \(values.count)"
        case .faulty: "faulty"
        }
    }
}
