/// A line of text with a part of it underlined, as compilers show it.
///
/// ```
/// s.speaker == "客户" && s.emotonValue >= 8
///                        ^~~~~~~~~~~
/// ```
///
/// Columns are those of a terminal: East Asian wide characters and emoji take two, combining marks
/// none, a tab goes to the next multiple of ``tabWidth``.
public struct Excerpt: Hashable, Sendable {
    /// Columns from one tab stop to the next; tabs are shown as blanks.
    public static let tabWidth = 4
    /// The most columns of a line that are shown before and after the start of the marked part.
    public static let reach = 100
    /// The most bytes of a line that are looked at before and after the start of the marked part;
    /// more than ``reach`` columns take, but for marks that take none.
    private static let reachBytes = 4 * reach

    /// The number of the line, from 1.
    public let lineNumber: Int
    /// The line as shown: tabs as blanks, other control characters as `·`, long lines cut by `…`.
    public let line: String
    /// The columns before the marked part.
    public let indent: Int
    /// The columns of the marked part that lie in this line, at least 1.
    public let width: Int

    /// The line of `text` in which the UTF-8 range starts; a range outside the text is clamped.
    public init(of text: String, at range: Range<Int>) {
        let bytes = Array(text.utf8)
        let start = min(max(range.lowerBound, 0), bytes.count)
        let newline = UInt8(ascii: "\n")
        let lineStart = bytes[..<start].lastIndex(of: newline).map { $0 + 1 } ?? 0
        let lineEnd = bytes[start...].firstIndex(of: newline) ?? bytes.count
        let end = min(max(range.upperBound, start), lineEnd)
        lineNumber = bytes[..<lineStart].count { $0 == newline } + 1

        let near = Excerpt.boundary(max(lineStart, start - Excerpt.reachBytes), in: bytes)
        let far = Excerpt.boundary(min(lineEnd, start + Excerpt.reachBytes), in: bytes)
        var before = Excerpt.shown(bytes[min(near, start)..<start], column: 0)
        let marked = Excerpt.shown(bytes[start..<min(end, far)], column: before.width)
        let after = Excerpt.shown(
            bytes[min(end, far)..<far], column: before.width + marked.width)
        if near > lineStart || before.width > Excerpt.reach {
            before = before.keepingLast(Excerpt.reach)
        }
        let rest = marked.text + after.text
        line = before.text + Excerpt.keepingFirst(Excerpt.reach, of: rest)
        indent = before.width
        width = max(1, min(marked.width, Excerpt.reach))
    }

    /// The line, and below it a caret with tildes; `prefix` stands before both.
    public func rendered(prefix: String = "  ") -> String {
        let marks = "^" + String(repeating: "~", count: width - 1)
        return "\(prefix)\(line)\n\(prefix)\(String(repeating: " ", count: indent))\(marks)"
    }

    /// The columns that a text takes in a terminal.
    public static func width(of text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }
}

extension Excerpt {
    private struct Shown {
        var text: String
        var width: Int

        func keepingLast(_ limit: Int) -> Shown {
            var kept = Shown(text: "", width: 1)
            var scalars: [Unicode.Scalar] = []
            for scalar in text.unicodeScalars.reversed() {
                let width = Excerpt.width(of: scalar)
                if kept.width + width > limit { break }
                kept.width += width
                scalars.append(scalar)
            }
            kept.text.unicodeScalars.append("…")
            kept.text.unicodeScalars.append(contentsOf: scalars.reversed())
            return kept
        }
    }

    /// The first place at or after an offset at which a code point starts.
    private static func boundary(_ offset: Int, in bytes: [UInt8]) -> Int {
        var offset = offset
        while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        return offset
    }

    private static func keepingFirst(_ limit: Int, of text: String) -> String {
        var width = 0
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            width += Excerpt.width(of: scalar)
            if width > limit { return String(kept) + "…" }
            kept.append(scalar)
        }
        return text
    }

    private static func shown(_ bytes: ArraySlice<UInt8>, column: Int) -> Shown {
        var shown = Shown(text: "", width: 0)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\t" {
                let blanks = tabWidth - (column + shown.width) % tabWidth
                shown.text += String(repeating: " ", count: blanks)
                shown.width += blanks
            } else if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.properties.generalCategory == .format && scalar != "\u{200D}"
            {
                if scalar == "\r" { continue }
                shown.text += "·"
                shown.width += 1
            } else {
                shown.text.unicodeScalars.append(scalar)
                shown.width += width(of: scalar)
            }
        }
        return shown
    }

    /// The quick answer for nearly all Chinese text.
    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        (0x4E00...0x9FFF).contains(scalar.value)
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        if isIdeograph(scalar) { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// The blocks that terminals show in two columns (East Asian Width W and F).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
        0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
        0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
        0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
        0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
        0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
        0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F004...0x1F004,
        0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320,
        0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA,
        0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E,
        0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E,
        0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4,
        0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2,
        0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC,
        0x1F7E0...0x1F7EB, 0x1F7F0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945,
        0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
    ]
}
