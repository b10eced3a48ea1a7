import Foundation

/// The conditions that differ from one in one token: in a number, a span, the speaker, an operator,
/// or by an argument, a call or a word that is left out.
struct ConditionMutants {
    private typealias Token = Range<String.Index>

    private let source: String
    private let tokens: [Token]

    init(_ source: String) {
        self.source = source
        let token =
            /r?"(?:\\.|[^"\\])*"|[0-9]+(?:\.[0-9]+)?|[A-Za-z_][A-Za-z_0-9]*|&&|\|\||[<>=!]=|[^ ]/
        tokens = source.matches(of: token).map(\.range)
    }

    /// Each once.
    var sources: [String] {
        var seen: Set = [source]
        return tokens.indices.flatMap(mutants).filter { seen.insert($0).inserted }
    }

    private func text(_ index: Int) -> Substring {
        tokens.indices.contains(index) ? source[tokens[index]] : ""
    }

    private func mutants(at index: Int) -> [String] {
        let token = text(index)
        switch token {
        case "agent", "customer", "sentences":
            guard text(index - 1) != "." else { return [] }
            return ["agent", "customer", "sentences"].map { replacing(tokens[index], by: $0) }
        case "(": return withoutLastArgument(index)
        case "[": return withoutItems(index)
        case ".": return withoutCall(index)
        default: break
        }
        if let others = Self.operators[String(token)] {
            return others.map { replacing(tokens[index], by: $0) }
        }
        if token.first?.isNumber == true {
            return Self.neighbours(token).map { replacing(tokens[index], by: $0) }
        }
        return token.last == "\"" ? textMutants(tokens[index]) : []
    }

    private static let operators = [
        "&&": ["||"], "||": ["&&"], "!": [""], "==": ["!="], "!=": ["=="],
        "<": ["<=", ">"], "<=": ["<", ">="], ">": [">=", "<"], ">=": [">", "<="],
    ]

    /// One less, one more and none; of a number with decimals, a little less and more.
    private static func neighbours(_ number: Substring) -> [String] {
        if let whole = Int(number) { return [whole - 1, whole + 1, 0].map(String.init) }
        guard let value = Double(number) else { return [] }
        return [value - 0.02, value + 0.02].map { String(format: "%.2f", $0) }
    }

    private func replacing(_ range: Token, by text: String) -> String {
        source.replacingCharacters(in: range, with: text)
    }

    // MARK: What is left out

    /// The tokens of each item inside brackets; a comma or the closing bracket comes after each.
    private func items(_ opening: Int) -> [Range<Int>] {
        var (depth, start) = (0, opening + 1)
        var items: [Range<Int>] = []
        for index in opening..<tokens.count {
            if "([{".contains(text(index)) { depth += 1 }
            if ")]}".contains(text(index)) { depth -= 1 }
            if depth == 0 || depth == 1 && text(index) == "," {
                if start < index { items.append(start..<index) }
                start = index + 1
            }
            if depth == 0 { break }
        }
        return items
    }

    private func isName(_ index: Int) -> Bool {
        text(index).first.map { $0.isLetter || $0 == "_" } == true && text(index).last != "\""
    }

    private func withoutLastArgument(_ opening: Int) -> [String] {
        let items = items(opening)
        guard items.count > 1, isName(opening - 1), let last = items.last else { return [] }
        let comma = tokens[last.lowerBound - 1].lowerBound
        return [replacing(comma..<tokens[last.upperBound - 1].upperBound, by: "")]
    }

    private func withoutItems(_ opening: Int) -> [String] {
        let items = items(opening)
        let isIndex =
            isName(opening - 1) && text(opening - 1) != "in"
            || [")", "]"].contains(text(opening - 1))
        guard items.count > 1, !isIndex else { return [] }
        return items.indices.map { index in
            let isFirst = index == 0
            let start = tokens[items[index].lowerBound - (isFirst ? 0 : 1)].lowerBound
            let end = tokens[items[index].upperBound - (isFirst ? 0 : 1)].upperBound
            return replacing(start..<end, by: "")
        }
    }

    /// `X.word(…)` becomes X.
    private func withoutCall(_ dot: Int) -> [String] {
        guard isName(dot + 1), text(dot + 2) == "(" else { return [] }
        let closing = items(dot + 2).last?.upperBound ?? dot + 3
        return [replacing(tokens[dot].lowerBound..<tokens[closing].upperBound, by: "")]
    }

    // MARK: Texts

    /// A span or a share with another number; a pattern with another count, or an alternative less.
    private func textMutants(_ token: Token) -> [String] {
        let text = source[token]
        if let match = text.wholeMatch(of: /"([0-9]+)(%| ?[a-z]+)"/)?.output,
            let number = Int(match.1)
        {
            // Loudness is a whole number from 1 to 10: shares that differ by less are the same to it.
            let step = match.2 == "%" ? 5 : 1
            return [number - step, number + step].map {
                replacing(match.1.startIndex..<match.1.endIndex, by: String($0))
            }
        }
        let counts = text.matches(of: /[0-9]+(?=[0-9,]*\})/).flatMap { match in
            Self.neighbours(match.output).dropLast().map { replacing(match.range, by: $0) }
        }
        return counts + alternatives(token).map { replacing($0, by: "") }
    }

    /// Each alternative of a pattern with the `|` at one side of it.
    private func alternatives(_ token: Token) -> [Token] {
        var found: [Token] = []
        // Where each group began, and where its last `|` was.
        var groups: [(start: String.Index, bar: String.Index?)] = []
        var (isClass, isEscaped) = (false, false)
        for index in source[token].indices {
            let character = source[index]
            if isEscaped {
                isEscaped = false
                continue
            }
            switch character {
            case "\\": isEscaped = true
            case "[": isClass = true
            case "]": isClass = false
            case _ where isClass: break
            case "(": groups.append((source.index(after: index), nil))
            case "\"" where groups.isEmpty: groups.append((source.index(after: index), nil))
            case "|", ")", "\"":
                guard let group = groups.last else { break }
                if let bar = group.bar {
                    found.append(bar..<index)
                } else if character == "|" {
                    found.append(group.start..<source.index(after: index))
                }
                groups[groups.count - 1].bar = index
                if character != "|" { groups.removeLast() }
            default: break
            }
        }
        return found
    }
}
