// Regular expressions beyond `matches`: what was found, and other text in its place.
extension Library {
    static let regexFunctions: [Function] = [
        Function(
            "regex.extract",
            "the first text that a regular expression (RE2) finds, or its one group",
            "正则表达式（RE2）首次匹配的文本或其分组",
            [
                Overload(
                    "regex_extract_string_string", [.string, .string], .optional(.string),
                    searching: { evaluation, arguments, matcher throws(Fault) in
                        let found = try evaluation.extract(arguments, matcher, limit: 1)
                        return try found.first.map(evaluation.make(optional:)) ?? Cell(.optional)
                    })
            ]),
        Function(
            "regex.extractAll",
            "all texts that a regular expression (RE2) finds, or its one group",
            "正则表达式（RE2）匹配的所有文本或其分组",
            [
                Overload(
                    "regex_extractAll_string_string", [.string, .string], .list(.string),
                    searching: { evaluation, arguments, matcher throws(Fault) in
                        try evaluation.make(
                            list: evaluation.extract(arguments, matcher, limit: nil))
                    })
            ]),
        Function(
            "regex.replace", #"a text with all, or so many, matches replaced; \1 is a group"#,
            #"替换正则表达式匹配的文本，可限次数；\1 表示分组"#,
            [
                Overload(
                    "regex_replace_string_string_string", [.string, .string, .string], .string,
                    searching: { evaluation, arguments, matcher throws(Fault) in
                        try evaluation.replace(arguments, matcher, limit: -1)
                    }),
                Overload(
                    "regex_replace_string_string_string_int", [.string, .string, .string, .int],
                    .string, count: 3,
                    searching: { evaluation, arguments, matcher throws(Fault) in
                        try evaluation.replace(arguments, matcher, limit: arguments[3].int)
                    }),
            ]),
    ]
}

/// The matches of a pattern in a text, one after the other; they do not overlap.
///
/// An empty match right behind another match is none.
private struct MatchSequence {
    let matcher: any RegexMatcher
    let text: Cell
    private var offset = 0
    private var lastEnd = -1

    init(_ matcher: any RegexMatcher, _ text: Cell) {
        self.matcher = matcher
        self.text = text
    }

    /// The ranges of the whole and of each group, nil for one that took no part.
    mutating func next(_ evaluation: Evaluation) throws(Fault) -> [Range<Int>?]? {
        let bytes = text.text
        while offset <= bytes.count {
            // A search may look at all the rest of the text, even when it finds something near.
            try evaluation.spend(bytes: bytes.count - offset)
            try evaluation.spend(1 + matcher.groupCount)
            guard let ranges = matcher.firstMatch(in: bytes, from: offset), let whole = ranges[0]
            else { break }
            // The pattern \C matches a single byte, which need not be a character.
            for range in ranges {
                guard let range else { continue }
                guard isBoundary(range.lowerBound), isBoundary(range.upperBound) else {
                    throw Fault(.notText)
                }
            }
            let isRepeated = whole.isEmpty && whole.lowerBound == lastEnd
            lastEnd = whole.upperBound
            offset = whole.isEmpty ? nextCharacter(after: whole.upperBound) : whole.upperBound
            if !isRepeated { return ranges }
        }
        offset = bytes.count + 1
        return nil
    }

    private func isBoundary(_ place: Int) -> Bool {
        place >= text.count || text.text[place] & 0xC0 != 0x80
    }

    private func nextCharacter(after place: Int) -> Int {
        var next = place + 1
        while !isBoundary(next) { next += 1 }
        return next
    }
}

/// A part of a replacement.
private enum ReplacementPart {
    case text(Cell)
    case group(Int)
}

extension UnsafeMutablePointer<Frame> {
    /// The texts that a pattern finds: the whole, or what its one group took, when that is not empty.
    fileprivate func extract(
        _ arguments: UnsafePointer<Cell>, _ matcher: any RegexMatcher, limit: Int?
    ) throws(Fault) -> [Cell] {
        let text = arguments[0], group = matcher.groupCount
        // Of more groups nobody could say which one is meant.
        guard group <= 1 else { throw Fault(.badArgument, arguments[1]) }
        var sequence = MatchSequence(matcher, text)
        var found: [Cell] = []
        var count = 0
        while count < limit ?? .max, let ranges = try sequence.next(self) {
            count += 1
            guard let range = ranges[group], group == 0 || !range.isEmpty else { continue }
            try charge(bytes: MemoryLayout<Cell>.stride)
            found.append(text.slice(range.lowerBound, range.upperBound))
        }
        return found
    }

    /// The text with as many matches as the limit says replaced; all when it is negative.
    fileprivate func replace(
        _ arguments: UnsafePointer<Cell>, _ matcher: any RegexMatcher, limit: Int64
    ) throws(Fault) -> Cell {
        let text = arguments[0], replacement = arguments[2]
        if limit == 0 { return text }
        var sequence = MatchSequence(matcher, text)
        var parts: [ReplacementPart] = []
        var pieces: [Cell] = []
        var end = 0
        var count: Int64 = 0
        while limit < 0 || count < limit, let ranges = try sequence.next(self) {
            guard let whole = ranges[0] else { break }
            // A replacement is looked at when there is something to replace.
            if count == 0 {
                parts = try self.parts(of: replacement, groups: matcher.groupCount)
            }
            try charge(bytes: (parts.count + 1) * MemoryLayout<Cell>.stride)
            pieces.append(text.slice(end, whole.lowerBound))
            for part in parts {
                switch part {
                case .text(let cell): pieces.append(cell)
                case .group(let number):
                    guard let range = ranges[number] else { continue }
                    pieces.append(text.slice(range.lowerBound, range.upperBound))
                }
            }
            end = whole.upperBound
            count += 1
        }
        if count == 0 { return text }
        pieces.append(text.slice(end, text.count))
        return try joined(pieces)
    }

    /// The texts and groups of a replacement: `\1` is a group, `\0` the whole, `\\` a backslash.
    private func parts(
        of replacement: Cell, groups: Int
    ) throws(Fault) -> [ReplacementPart] {
        let bytes = replacement.text, backslash = UInt8(ascii: "\\")
        var parts: [ReplacementPart] = []
        var start = 0, offset = 0
        try spend(bytes: bytes.count)
        while offset < bytes.count {
            guard bytes[offset] == backslash else {
                offset += 1
                continue
            }
            guard offset + 1 < bytes.count else { throw Fault(.badFormat, replacement) }
            try charge(bytes: 2 * MemoryLayout<ReplacementPart>.stride)
            let next = bytes[offset + 1]
            if next == backslash {
                // The first of the two stays.
                parts.append(.text(replacement.slice(start, offset + 1)))
            } else {
                let group = Int(next) - 0x30
                guard (0...9).contains(group), group <= groups else {
                    throw Fault(.badFormat, replacement)
                }
                parts.append(.text(replacement.slice(start, offset)))
                parts.append(.group(group))
            }
            offset += 2
            start = offset
        }
        parts.append(.text(replacement.slice(start, bytes.count)))
        return parts
    }

    /// The pieces of a text one after the other.
    private func joined(_ pieces: [Cell]) throws(Fault) -> Cell {
        let count = pieces.reduce(0) { $0 + $1.count }
        guard count <= Int(UInt32.max) else { throw Fault(.tooLarge) }
        let memory = try allocate(bytes: count)
        var offset = 0
        for piece in pieces {
            if let base = piece.text.baseAddress, piece.count > 0 {
                (memory + offset).update(from: base, count: piece.count)
            }
            offset += piece.count
        }
        return Cell(.string, at: memory, length: count)
    }
}
