/// What every match of a regular expression holds.
enum RequiredText: Hashable {
    /// One of some words, none empty; each of them is a match.
    case alternatives([String])
    /// At least one of some words, none empty.
    case words([String])
    /// So many ASCII digits in a row, at least 1.
    case digits(Int)
}

/// Finds what every match of a regular expression holds.
///
/// The analysis knows the common part of RE2's syntax and gives up on the rest: a pattern with flags,
/// say, requires nothing that it can name. What it names is certain, so a text without it has no
/// match.
struct RequiredWords {
    /// The most words of one pattern, and the most characters of one.
    static let wordLimit = 64
    static let lengthLimit = 64
    /// The most digits in a row that are told.
    static let digitLimit = 10_000
    /// The deepest nesting of groups that is looked into.
    static let depthLimit = 32

    /// What is known of a part of a pattern.
    private struct Part {
        /// All texts that the part matches, when they are few.
        var exact: [String]?
        /// Words of which each match holds at least one.
        var required: [String]?
        /// Sets of words: each match holds a word of each of them.
        var sets: [[String]] = []
        /// The digits that each match holds in a row.
        var digits = 0
        /// The least length when each match is digits alone, or nothing.
        var onlyDigits: Int?

        static let anything = Part()
        static let nothing = Part(exact: [""], onlyDigits: 0)

        /// Any of some characters.
        static func any(of characters: [String]?) -> Part {
            let areDigits = characters?.allSatisfy { ("0"..."9").contains($0) } ?? false
            return Part(
                exact: characters, digits: areDigits ? 1 : 0, onlyDigits: areDigits ? 1 : nil)
        }

        /// The words that a match needs: its own text, or what is known beside.
        var words: [String]? {
            if let exact, !exact.contains("") { return exact }
            return required
        }

        /// As ``words``, with all sets.
        var allSets: [[String]] {
            if let exact { return exact.contains("") ? [] : [exact] }
            return sets.isEmpty ? required.map { [$0] } ?? [] : sets
        }
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    /// Whether a part says where a match is, as `^` does, and not only what it holds.
    private var hasPlaces = false

    private init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    /// What a match holds; nil when nothing is certain.
    static func of(_ pattern: String) -> RequiredText? {
        var parser = RequiredWords(pattern)
        guard let part = parser.alternation(), parser.position == parser.scalars.count else {
            return nil
        }
        if let exact = part.exact, !exact.contains(""), !parser.hasPlaces {
            return .alternatives(exact)
        }
        // Single characters are everywhere, numbers are not.
        if let words = part.words, part.digits < 2 || !words.contains(where: \.isSingle) {
            return .words(words)
        }
        return part.digits > 0 ? .digits(part.digits) : nil
    }

    /// Sets of words of which each match holds one of each, the longest words last; empty when
    /// nothing is certain.
    static func sets(of pattern: String) -> [[String]] {
        var parser = RequiredWords(pattern)
        guard let part = parser.alternation(), parser.position == parser.scalars.count else {
            return []
        }
        let sets = part.allSets
        guard let best = sets.indices.max(by: { shortest(sets[$0]) < shortest(sets[$1]) }) else {
            return []
        }
        // What finds the texts to ask about are the longest words; they would be found again.
        return sets[..<best] + sets[(best + 1)...] + [sets[best]]
    }

    private static func shortest(_ words: [String]) -> Int {
        words.map(\.unicodeScalars.count).min() ?? 0
    }

    private var next: Unicode.Scalar? {
        position < scalars.count ? scalars[position] : nil
    }

    /// `a|b|c`; nil when the analysis gives up.
    private mutating func alternation() -> Part? {
        guard var whole = sequence() else { return nil }
        while next == "|" {
            position += 1
            guard let branch = sequence() else { return nil }
            let areDigits = whole.onlyDigits != nil && branch.onlyDigits != nil
            whole = Part(
                exact: joined(whole.exact, branch.exact),
                required: joined(whole.words, branch.words),
                digits: min(whole.digits, branch.digits),
                onlyDigits: areDigits ? min(whole.digits, branch.digits) : nil)
        }
        return whole
    }

    private func joined(_ left: [String]?, _ right: [String]?) -> [String]? {
        guard let left, let right, left.count + right.count <= RequiredWords.wordLimit else {
            return nil
        }
        return left + right
    }

    /// Parts one after the other.
    private mutating func sequence() -> Part? {
        var run: [String]? = [""]
        var best: [String]?
        var isExact = true
        var digits = 0, digitsHere = 0, areDigits = true
        var sets: [[String]] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let part = repeated() else { return nil }
            if let count = part.onlyDigits {
                digitsHere = min(digitsHere + count, RequiredWords.digitLimit)
                digits = max(digits, digitsHere)
            } else {
                digits = max(digits, part.digits)
                (digitsHere, areDigits) = (0, false)
            }
            if let exact = part.exact, let longer = product(run, exact) {
                run = longer
                continue
            }
            isExact = false
            best = better(best, Part(exact: run).words)
            best = better(best, part.words)
            sets += Part(exact: run).allSets
            if part.exact == nil { sets += part.allSets }
            run = part.exact ?? [""]
        }
        return Part(
            exact: isExact ? run : nil, required: better(best, Part(exact: run).words),
            sets: isExact ? [] : sets + Part(exact: run).allSets, digits: digits,
            onlyDigits: areDigits ? digits : nil)
    }

    private func product(_ left: [String]?, _ right: [String]) -> [String]? {
        guard let left, left.count * right.count <= RequiredWords.wordLimit else { return nil }
        var made: [String] = []
        for start in left {
            for end in right {
                guard
                    start.unicodeScalars.count + end.unicodeScalars.count
                        <= RequiredWords.lengthLimit
                else { return nil }
                made.append(start + end)
            }
        }
        return made
    }

    /// The choice whose shortest word is longer, then the one with fewer words.
    private func better(_ left: [String]?, _ right: [String]?) -> [String]? {
        guard let left else { return right }
        guard let right else { return left }
        let one = left.map(\.unicodeScalars.count).min() ?? 0
        let other = right.map(\.unicodeScalars.count).min() ?? 0
        return one > other || (one == other && left.count <= right.count) ? left : right
    }

    /// An atom with its quantifiers.
    private mutating func repeated() -> Part? {
        guard var part = atom() else { return nil }
        while let scalar = next {
            switch scalar {
            case "*":
                part = many(part, atLeast: 0)
            case "+":
                part = many(part, atLeast: 1)
            case "?":
                part = Part(
                    exact: part.exact.flatMap { joined($0, [""]) },
                    onlyDigits: part.onlyDigits.map { _ in 0 })
            case "{":
                guard let least = leastCount() else { return nil }
                part = many(part, atLeast: least)
                continue
            default: return part
            }
            position += 1
        }
        return part
    }

    private func many(_ part: Part, atLeast count: Int) -> Part {
        let onlyDigits = part.onlyDigits.map { min($0 * count, RequiredWords.digitLimit) }
        if count == 0 { return Part(onlyDigits: onlyDigits) }
        return Part(
            required: part.words, sets: part.allSets, digits: onlyDigits ?? part.digits,
            onlyDigits: onlyDigits)
    }

    /// The least count of `{n}`, `{n,}` or `{n,m}`; nil for a brace that is something else.
    private mutating func leastCount() -> Int? {
        guard let end = scalars[position...].firstIndex(of: "}") else { return nil }
        let inner = scalars[position + 1..<end]
        let digits = inner.prefix { ("0"..."9").contains($0) }
        let rest = inner.dropFirst(digits.count)
        guard !digits.isEmpty, digits.count <= 4,
            rest.isEmpty
                || rest.first == "," && rest.dropFirst().allSatisfy({ ("0"..."9").contains($0) })
        else { return nil }
        position = end + 1
        return digits.reduce(0) { $0 * 10 + Int($1.value - 48) }
    }

    private mutating func atom() -> Part? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "(": return group()
        case "[": return characterClass()
        case "\\": return escape()
        case ".": return .anything
        case "^", "$": return place()
        case "*", "+", "?", "{", "}", "]": return nil
        default: return .any(of: [String(scalar)])
        }
    }

    /// A part that takes no text.
    private mutating func place() -> Part {
        hasPlaces = true
        return .nothing
    }

    private mutating func group() -> Part? {
        if next == "?" {
            guard position + 1 < scalars.count, scalars[position + 1] == ":" else { return nil }
            position += 2
        }
        guard depth < RequiredWords.depthLimit else { return nil }
        depth += 1
        defer { depth -= 1 }
        guard let inner = alternation(), next == ")" else { return nil }
        position += 1
        return inner
    }

    private mutating func escape() -> Part? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "d": return .any(of: (0...9).map { String($0) })
        case "D", "w", "W", "s", "S": return .anything
        case "b", "B", "A", "z": return place()
        case "n": return Part(exact: ["\n"])
        case "r": return Part(exact: ["\r"])
        case "t": return Part(exact: ["\t"])
        default:
            guard scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar)
            else { return nil }
            return Part(exact: [String(scalar)])
        }
    }

    /// `[…]`: its members when they are few and plainly written.
    private mutating func characterClass() -> Part? {
        var members: [String]? = []
        var previous: Unicode.Scalar?
        if next == "^" {
            members = nil
            position += 1
        }
        var isFirst = true
        while let scalar = next {
            position += 1
            if scalar == "]", !isFirst { return .any(of: members) }
            isFirst = false
            if scalar == "[" || scalar == "\\" { return nil }
            if scalar == "-", let start = previous, let end = next, end != "]" {
                guard end != "[", end != "\\", start.value <= end.value else { return nil }
                position += 1
                if end.value - start.value < UInt32(RequiredWords.wordLimit) {
                    for value in (start.value..<end.value) {
                        guard let scalar = Unicode.Scalar(value + 1) else { return nil }
                        members?.append(String(scalar))
                    }
                } else {
                    members = nil
                }
                previous = nil
                continue
            }
            members?.append(String(scalar))
            previous = scalar
            if let count = members?.count, count > RequiredWords.wordLimit { members = nil }
        }
        return nil
    }
}

extension String {
    fileprivate var isSingle: Bool { unicodeScalars.dropFirst().isEmpty }
}
