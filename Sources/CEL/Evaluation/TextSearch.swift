// Searching in UTF-8 text.

func hasPrefix(_ text: UnsafeBufferPointer<UInt8>, _ prefix: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count >= prefix.count
        && equalBytes(UnsafeBufferPointer(rebasing: text[..<prefix.count]), prefix)
}

func hasSuffix(_ text: UnsafeBufferPointer<UInt8>, _ suffix: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count >= suffix.count
        && equalBytes(UnsafeBufferPointer(rebasing: text[(text.count - suffix.count)...]), suffix)
}

func containsBytes(
    _ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>
) -> Bool {
    find(part, in: text, from: 0) != nil
}

/// The first place of a part at or after an offset.
///
/// The part's rarest-looking byte, its last (in Chinese text the first bytes repeat), is looked for
/// 16 bytes at a time; only then the part is compared. When that succeeds too often for nothing, the
/// rest is searched in a way whose work grows with the text alone.
func find(
    _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
) -> Int? {
    let length = part.count
    guard start >= 0, text.count >= length, start <= text.count - length else { return nil }
    guard length > 0, let base = text.baseAddress, let wanted = part.baseAddress else {
        return start
    }
    let last = wanted[length - 1], first = wanted[0]
    let lasts = SIMD16<UInt8>(repeating: last), firsts = SIMD16<UInt8>(repeating: first)
    var offset = start
    let end = text.count - length
    // The bytes compared for nothing, counted from where the search starts.
    var waste = 4 * start
    while offset + 15 <= end {
        let heads = UnsafeRawPointer(base + offset).loadUnaligned(as: SIMD16<UInt8>.self)
        let tails = UnsafeRawPointer(base + offset + length - 1)
            .loadUnaligned(as: SIMD16<UInt8>.self)
        let hits = (heads .== firsts) .& (tails .== lasts)
        if any(hits) {
            for lane in 0..<16 where hits[lane] {
                if isSame(base + offset + lane, wanted, length) { return offset + lane }
                waste += length
            }
            if waste > searchPatience + 4 * offset {
                return findInLinearTime(part, in: text, from: offset + 16)
            }
        }
        offset += 16
    }
    while offset <= end {
        if base[offset] == first, base[offset + length - 1] == last,
            isSame(base + offset, wanted, length)
        {
            return offset
        }
        offset += 1
    }
    return nil
}

/// The bytes that may be compared for nothing, besides four times those that have been searched.
private let searchPatience = 4_096

@inline(__always)
private func isSame(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int
) -> Bool {
    equalBytes(
        UnsafeBufferPointer(start: left, count: count),
        UnsafeBufferPointer(start: right, count: count))
}

/// The first place of a part at or after an offset, by the two-way algorithm (Crochemore and Perrin
/// 1991): at most about twice as many comparisons as there are bytes, and no memory.
func findInLinearTime(
    _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
) -> Int? {
    let length = part.count
    let less = greatestSuffix(part) { $0 < $1 }, greater = greatestSuffix(part) { $0 > $1 }
    let (cut, suffixPeriod) = less.start > greater.start ? less : greater
    // Whether the part as a whole repeats with the period of its right half.
    let repeats = (0..<cut).allSatisfy { part[$0] == part[$0 + suffixPeriod] }
    let period = repeats ? suffixPeriod : max(cut, length - cut) + 1
    /// How many of the part's first bytes are known to match.
    var known = 0
    var offset = start
    while offset <= text.count - length {
        var index = max(cut, known)
        while index < length, part[index] == text[offset + index] { index += 1 }
        guard index == length else {
            offset += index - cut + 1
            known = 0
            continue
        }
        index = cut
        while index > known, part[index - 1] == text[offset + index - 1] { index -= 1 }
        if index <= known { return offset }
        offset += period
        known = repeats ? length - period : 0
    }
    return nil
}

/// Where the greatest suffix of a part starts in an order of bytes, and the suffix's period.
private func greatestSuffix(
    _ part: UnsafeBufferPointer<UInt8>, by isLess: (UInt8, UInt8) -> Bool
) -> (start: Int, period: Int) {
    var start = 0, candidate = 1, matched = 0, period = 1
    while candidate + matched < part.count {
        let byte = part[candidate + matched], best = part[start + matched]
        if byte == best {
            matched += 1
            if matched == period {
                candidate += period
                matched = 0
            }
        } else if isLess(byte, best) {
            candidate += matched + 1
            matched = 0
            period = candidate - start
        } else {
            start = candidate
            candidate = start + 1
            matched = 0
            period = 1
        }
    }
    return (start, period)
}

/// The number of code points of valid UTF-8: the bytes that do not continue one.
func countCodePoints(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in text where byte & 0xC0 != 0x80 { count += 1 }
    return count
}

/// The byte offset of a code point by its index; the number of code points gives the end; nil
/// behind that.
func byteOffset(ofCodePoint index: Int, in text: UnsafeBufferPointer<UInt8>) -> Int? {
    var seen = -1
    for offset in 0..<text.count where text[offset] & 0xC0 != 0x80 {
        seen += 1
        if seen == index { return offset }
    }
    return seen + 1 == index ? text.count : nil
}
