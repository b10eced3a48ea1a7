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
/// 16 bytes at a time; only then the part is compared. The worst case is text times part, which
/// callers bound by counting work.
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
    while offset + 15 <= end {
        let heads = UnsafeRawPointer(base + offset).loadUnaligned(as: SIMD16<UInt8>.self)
        let tails = UnsafeRawPointer(base + offset + length - 1)
            .loadUnaligned(as: SIMD16<UInt8>.self)
        let hits = (heads .== firsts) .& (tails .== lasts)
        if any(hits) {
            for lane in 0..<16 where hits[lane] && isSame(base + offset + lane, wanted, length) {
                return offset + lane
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

@inline(__always)
private func isSame(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int
) -> Bool {
    equalBytes(
        UnsafeBufferPointer(start: left, count: count),
        UnsafeBufferPointer(start: right, count: count))
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
