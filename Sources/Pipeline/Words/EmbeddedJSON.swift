import CEL
import JSON

/// The JSON inside a text, as programs and language models write it: alone, in a code fence, or
/// after some words.
enum EmbeddedJSON {
    /// At how many brackets of a text JSON is looked for.
    static let attemptLimit = 16

    /// An object or a list; nil when the text has none.
    ///
    /// The text as a whole counts first. Among the parts that begin with `{`, or with `[` before
    /// something other than a number, the longest counts. A number that is too great for any reader
    /// is null, and costs the rest nothing. Of members with one name the last counts, as in a reply.
    /// `spend` counts the work.
    static func tape<Stop: Error>(
        in bytes: [UInt8], spend: (Int) throws(Stop) -> Void
    ) throws(Stop) -> Tape? {
        guard bytes.contains(where: { $0 == openBrace || $0 == openBracket }) else { return nil }
        try spend(bytes.count >> 2)
        let start = bytes.firstIndex { !isBlank($0) } ?? 0
        if bytes[start] == openBrace || bytes[start] == openBracket || bytes[start] == 0xEF,
            let tape = container(bytes)
        {
            return tape
        }
        var best: (tape: Tape, length: Int)?
        var place = 0
        for _ in 0..<attemptLimit {
            guard let opening = opening(bytes, from: place) else { break }
            try spend((bytes.count - opening) >> 2)
            place = opening + 1
            guard let end = end(of: opening, bytes) else { continue }
            try spend((end - opening) >> 2)
            if best.map({ $0.length >= end - opening }) ?? false {
                place = end
            } else if let tape = container(Array(bytes[opening..<end])) {
                best = (tape, end - opening)
                place = end
            }
        }
        return best?.tape
    }

    private static let openBrace = UInt8(ascii: "{")
    private static let openBracket = UInt8(ascii: "[")
    private static let quote = UInt8(ascii: "\"")

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The whole as JSON.
    private static func container(_ bytes: [UInt8]) -> Tape? {
        let tape =
            (try? JSON.parse(bytes)) ?? withoutHugeNumbers(bytes).flatMap { try? JSON.parse($0) }
        return tape.flatMap { $0.root.kind == .object || $0.root.kind == .list ? $0 : nil }
    }

    /// Where JSON may begin: `[1]` in a sentence is a footnote, but after a code fence it is a list.
    private static func opening(_ bytes: [UInt8], from start: Int) -> Int? {
        for place in start..<bytes.count {
            if bytes[place] == openBrace { return place }
            guard bytes[place] == openBracket else { continue }
            let next = bytes[(place + 1)...].first { !isBlank($0) }
            if next == openBrace || next == openBracket || next == quote { return place }
            if isFenced(bytes, place) { return place }
        }
        return nil
    }

    /// Whether the line before, or what stands before in the line, opens a code fence.
    private static func isFenced(_ bytes: [UInt8], _ place: Int) -> Bool {
        var before = bytes[..<place]
        while let last = before.last, isBlank(last) || isLetter(last) { before.removeLast() }
        return before.suffix(3).elementsEqual("```".utf8)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Behind the bracket that closes the one at a place.
    private static func end(of opening: Int, _ bytes: [UInt8]) -> Int? {
        var depth = 0
        var isText = false
        var place = opening
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\") where isText: place += 1
            case quote: isText.toggle()
            case _ where isText: break
            case openBrace, openBracket: depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
            place += 1
        }
        return nil
    }

    /// With `null` for each number that is no double; nil when there is none.
    private static func withoutHugeNumbers(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var isText = false
        var isChanged = false
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            if !isText, byte == UInt8(ascii: "-") || isDigit(byte) {
                let rest = bytes[place...].prefix { isDigit($0) || "+-.eE".utf8.contains($0) }
                let isHuge = Double(String(decoding: rest, as: UTF8.self))?.isInfinite == true
                result += isHuge ? Array("null".utf8) : Array(rest)
                isChanged = isChanged || isHuge
                place += rest.count
                continue
            }
            if byte == quote { isText.toggle() }
            result.append(byte)
            if isText, byte == UInt8(ascii: "\\"), place + 1 < bytes.count {
                place += 1
                result.append(bytes[place])
            }
            place += 1
        }
        return isChanged ? result : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
