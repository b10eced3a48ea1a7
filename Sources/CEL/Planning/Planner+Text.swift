// Tests of texts against constants: the calls that rules make most.
extension Planner {
    /// Code for `contains`, `startsWith`, `endsWith` and `matches` of a constant; nil for others.
    mutating func planTextTest(
        _ id: NodeID, _ name: String, _ nodes: [NodeID], _ parts: [Code]
    ) -> Code? {
        guard let test = textTest(id, name, nodes, parts), let constant = parts[1].constant else {
            return nil
        }
        let pattern: TextPattern
        if name == "matches", plainAlternatives(of: constant) == nil {
            pattern = TextPattern(expressions: [constant.string])
        } else {
            let words = name == "matches" ? plainAlternatives(of: constant) : nil
            pattern = TextPattern(words: words?.map(\.string) ?? constant.texts ?? [])
        }
        guard case .bool(let code) = test, let need = need(ofText: nodes[0], pattern) else {
            return test
        }
        gates[id] = Gate(need: need, isWhole: name != "startsWith" && name != "endsWith")
        return .bool({ evaluation throws(Fault) in
            evaluation.isRuledOut(need) ? false : try code(evaluation)
        })
    }

    private mutating func textTest(
        _ id: NodeID, _ name: String, _ nodes: [NodeID], _ parts: [Code]
    ) -> Code? {
        guard nodes.count == 2, type(nodes[0]) == .string || type(nodes[0]) == .dyn,
            let constant = parts[1].constant
        else { return nil }
        if name == "containsAny", constant.is(.list) {
            return ConstantWords(list: constant).map { textTest(id, nodes[0], parts[0], for: $0) }
        }
        guard constant.is(.string) else { return nil }
        switch name {
        case "contains", "containsAny":
            return textTest(id, nodes[0], parts[0], for: ConstantWords([constant]))
        case "startsWith":
            return textTest(id, nodes[0], parts[0], StartsWith(text: ConstantText(constant)))
        case "endsWith": return textTest(id, nodes[0], parts[0], EndsWith(text: constant))
        case "matches": return planMatches(id, nodes, parts[0], constant)
        default: return nil
        }
    }

    private mutating func textTest(
        _ id: NodeID, _ node: NodeID, _ part: Code, for words: ConstantWords
    ) -> Code {
        if let word = words.only { return textTest(id, node, part, ContainsWord(word: word)) }
        return textTest(id, node, part, words)
    }

    @inline(__always)
    private mutating func textTest(
        _ id: NodeID, _ node: NodeID, _ part: Code, _ test: some TextTest
    ) -> Code {
        let operand = operand(node, part)
        note(id, operand, test.question)
        switch operand {
        case .slot(let reader): return textTest(id, reader, test)
        case .slotField(.text(let reader)): return textTest(id, reader, test)
        case .slotField(.untyped(let reader)): return textTest(id, reader, test)
        case .variableField(.text(let reader)): return textTest(id, reader, test)
        default: return textTest(id, CellCodeReader(code: part.asCell), test)
        }
    }

    @inline(__always)
    private func textTest(
        _ id: NodeID, _ reader: some Reader<Cell>, _ test: some TextTest
    ) -> Code {
        .bool({ evaluation throws(Fault) in
            let cell = try reader.read(evaluation)
            guard cell.is(.string) else { throw Fault(.noSuchOverload, cell, at: id) }
            try evaluation.spend(bytes: cell.count &* test.weight)
            return test.holds(for: cell)
        })
    }

    /// `words.exists(w, text.contains(w))` for constant words, as one search; nil for other loops.
    mutating func planWordSearch(_ id: NodeID, _ loop: Loop) -> Code? {
        guard checked.isChecked, loop.kind == .exists, loop.second == nil,
            case .call("contains", let text?, let arguments) = checked.tree[loop.body].kind,
            case .function("contains", _, isNamespaced: false)? = checked.references[loop.body],
            arguments.count == 1, checked.references[arguments[0]] == nil,
            case .name(loop.variable, isAbsolute: false) = checked.tree[arguments[0]].kind,
            type(text) == .string || type(text) == .dyn, !mentions(text, loop.variable)
        else { return nil }
        guard let list = plan(loop.range).constant, let words = ConstantWords(list: list) else {
            return nil
        }
        return textTest(id, text, plan(text), for: words)
    }

    /// Whether a name stands anywhere in a node.
    private func mentions(_ id: NodeID, _ name: String) -> Bool {
        if case .name(name, _) = checked.tree[id].kind { return true }
        var isFound = false
        forEachChild(of: checked.tree[id].kind) { isFound = isFound || mentions($0, name) }
        return isFound
    }

    private mutating func planMatches(
        _ id: NodeID, _ nodes: [NodeID], _ part: Code, _ pattern: Cell
    ) -> Code? {
        guard environment.regexEngine != nil, pattern.count <= environment.limits.patternBytes,
            let alternatives = plainAlternatives(of: pattern)
        else {
            return matcher(of: pattern, nodes[1]).map {
                textTest(id, nodes[0], part, MatchesPattern(matcher: $0))
            }
        }
        return textTest(id, nodes[0], part, for: ConstantWords(alternatives))
    }

    /// A constant pattern, compiled; nil when that is refused, which a checked tree's author is told.
    mutating func matcher(of pattern: Cell, _ node: NodeID) -> (any RegexMatcher)? {
        guard let engine = environment.regexEngine else { return nil }
        guard pattern.count <= environment.limits.patternBytes else {
            if checked.isChecked {
                report(.patternTooLong(limit: environment.limits.patternBytes), node)
            }
            return nil
        }
        guard patternInstructions <= environment.limits.patternInstructions else {
            let limit = environment.limits.patternInstructions
            if checked.isChecked, !hasTooLargePatterns {
                report(.patternsTooLarge(limit: limit), node)
            }
            hasTooLargePatterns = true
            return nil
        }
        do {
            let text = pattern.string
            let key = UTF8Key(text)
            if let known = matchers[key] {
                patternInstructions += known.size
                return known
            }
            let matcher = try engine.compile(text)
            patternInstructions += matcher.size
            matchers[key] = matcher
            return matcher
        } catch {
            patternInstructions += Planner.refusedInstructions
            // Without the checker everything shows when evaluated, and `||` may absorb it.
            if checked.isChecked { report(.badPattern(error.reason), node) }
            return nil
        }
    }

    /// What a refused pattern counts for: it may have taken as long as a large one.
    private static var refusedInstructions: Int { 100_000 }

    /// The texts of a pattern that only says "one of these texts": `投诉|退款|曝光`.
    func plainAlternatives(of pattern: Cell) -> [Cell]? {
        var parts: [Cell] = []
        var start = 0
        for (offset, byte) in pattern.text.enumerated() {
            switch byte {
            case UInt8(ascii: "|"):
                parts.append(pattern.slice(start, offset))
                start = offset + 1
            case UInt8(ascii: "\\"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "*"),
                UInt8(ascii: "?"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["),
                UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "^"),
                UInt8(ascii: "$"):
                return nil
            default: break
            }
        }
        parts.append(pattern.slice(start, pattern.count))
        return parts.count <= ConstantWords.limit ? parts : nil
    }
}

extension Cell {
    /// The text, or the texts of a list that holds nothing else.
    fileprivate var texts: [String]? {
        if self.is(.string) { return [string] }
        guard self.is(.list) else { return nil }
        let cells = (0..<count).map { child($0) }
        return cells.allSatisfy { $0.is(.string) } ? cells.map(\.string) : nil
    }
}

/// A test of a text against constants.
protocol TextTest: Sendable {
    /// Whether a text passes.
    func holds(for text: Cell) -> Bool
    /// How often each byte of a text may be looked at.
    var weight: Int { get }
    /// What a loop asks of a field itself; nil when it does not.
    var question: FieldTest.Question? { get }
}

extension TextTest {
    @inline(__always)
    var weight: Int { 1 }

    var question: FieldTest.Question? { nil }
}

final class ContainsWord: TextTest {
    private let word: Word

    init(word: Word) { self.word = word }

    @inline(__always)
    func holds(for text: Cell) -> Bool { word.isFound(in: text) }

    var question: FieldTest.Question? { .contains(self) }
}

private struct StartsWith: TextTest {
    let text: ConstantText

    @inline(__always)
    func holds(for other: Cell) -> Bool { text.isPrefix(of: other) }

    var question: FieldTest.Question? { .startsWith(text) }
}

private struct EndsWith: TextTest {
    let text: Cell

    func holds(for other: Cell) -> Bool { hasSuffix(other.text, text.text) }
}

private struct MatchesPattern: TextTest {
    let matcher: any RegexMatcher
    let weight: Int

    init(matcher: any RegexMatcher) {
        self.matcher = matcher
        weight = matcher.searchWeight
    }

    func holds(for text: Cell) -> Bool { matcher.matches(text.text) }
}

/// Some constant texts that are looked for in other texts.
struct ConstantWords: TextTest {
    /// The most words that are looked for one after the other.
    static let limit = 16

    /// How often each byte of a text may be looked at.
    let weight: Int

    private let words: [Word]
    /// Whether a word is empty, which every text contains.
    private let isTrivial: Bool

    /// The cells' texts must live as long as the program.
    init(_ words: [Cell]) {
        self.words = words.map { Word($0) }
        weight = max(1, words.count)
        isTrivial = self.words.contains { $0.length == 0 }
    }

    /// The texts of a constant list; nil when it is empty or holds something else.
    init?(list: Cell) {
        guard list.is(.list), list.count > 0, list.count <= TextPattern.limit else { return nil }
        let cells = (0..<list.count).map { list.child($0) }
        guard cells.allSatisfy({ $0.is(.string) }) else { return nil }
        self.init(cells)
    }

    /// The word, when it is one and not empty.
    var only: Word? { words.count == 1 && !isTrivial ? words[0] : nil }

    func holds(for text: Cell) -> Bool {
        if isTrivial { return true }
        for word in words where word.isFound(in: text) { return true }
        return false
    }
}
