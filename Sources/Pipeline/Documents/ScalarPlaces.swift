import Yams

/// Where each byte of a scalar's value stands in its file.
///
/// Exact for literal blocks, plain and quoted scalars; folded blocks are followed word by word.
struct ScalarPlaces {
    /// One file offset for each byte of the value, and one for its end.
    private let offsets: [Int]

    init(_ scalar: Node.Scalar, in document: Document) {
        let start = document.offset(line: scalar.mark?.line ?? 1, column: scalar.mark?.column ?? 1)
        let file = Array(document.text.utf8)
        let value = Array(scalar.string.utf8)
        offsets =
            switch scalar.style {
            case .literal:
                Self.literal(value, file, document, line: scalar.mark?.line ?? 1)
            case .doubleQuoted: Self.doubleQuoted(value, file, from: start + 1)
            case .singleQuoted: Self.followed(value, file, from: start + 1, doubledQuote: true)
            case .folded:
                Self.followed(
                    value, file,
                    from: document.offset(line: (scalar.mark?.line ?? 1) + 1, column: 1))
            default: Self.followed(value, file, from: start)
            }
    }

    /// The range of the file for a range of the value; at least one byte where there is one.
    func range(of range: Range<Int>) -> Range<Int> {
        let last = offsets.count - 1
        let lower = offsets[min(max(0, range.lowerBound), last)]
        let upper = offsets[min(max(0, range.upperBound), last)]
        return lower..<max(lower, upper)
    }

    private static let newline = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")

    /// Line by line: a value's line stands in the file behind the block's indentation.
    private static func literal(
        _ value: [UInt8], _ file: [UInt8], _ document: Document, line: Int
    ) -> [Int] {
        let starts = document.lineStarts
        func indentation(_ line: Int) -> Int? {
            guard line < starts.count else { return nil }
            let blanks = file[starts[line]...].prefix { $0 == space }.count
            let next = starts[line] + blanks
            return next < file.count && file[next] != newline && file[next] != 13 ? blanks : nil
        }
        // An explicit indicator, or leading blank lines, make the first text line the measure.
        let first = value.split(separator: newline).first ?? []
        let own = first.prefix { $0 == space }.count
        var measure = line
        while measure < starts.count, indentation(measure) == nil { measure += 1 }
        let indent = max(0, (indentation(measure) ?? 0) - own)
        var offsets: [Int] = []
        var lineIndex = line
        var column = 0
        for byte in value {
            let start = lineIndex < starts.count ? starts[lineIndex] : file.count
            let end = lineIndex + 1 < starts.count ? starts[lineIndex + 1] - 1 : file.count
            offsets.append(min(start + indent + column, max(start, end)))
            if byte == newline {
                lineIndex += 1
                column = 0
            } else {
                column += 1
            }
        }
        offsets.append((offsets.last ?? starts[min(line, starts.count - 1)] - 1) + 1)
        return offsets
    }

    /// Byte by byte; where the file breaks a line, the value has a blank or line ends.
    private static func followed(
        _ value: [UInt8], _ file: [UInt8], from start: Int, doubledQuote: Bool = false
    ) -> [Int] {
        var place = start
        var offsets: [Int] = []
        for byte in value {
            let isBlank = byte == space || byte == newline
            if !isBlank {
                while place < file.count, [space, newline, 9, 13].contains(file[place]) {
                    place += 1
                }
            }
            offsets.append(min(place, file.count))
            guard place < file.count else { continue }
            if isBlank ? [space, newline, 9, 13].contains(file[place]) : true { place += 1 }
            if doubledQuote, byte == UInt8(ascii: "'"), place < file.count, file[place] == byte {
                place += 1
            }
        }
        offsets.append(min(place, file.count))
        return offsets
    }

    /// Escapes take several bytes of the file for one scalar of the value.
    private static func doubleQuoted(
        _ value: [UInt8], _ file: [UInt8], from start: Int
    ) -> [Int] {
        var place = start
        var offsets: [Int] = []
        var index = 0
        while index < value.count {
            let length = sequenceLength(value[index])
            if place < file.count, file[place] == UInt8(ascii: "\\") {
                // An escaped line end stands for nothing.
                if place + 1 < file.count, file[place + 1] == newline {
                    place += 2
                    while place < file.count, file[place] == space { place += 1 }
                    continue
                }
                for _ in 0..<min(length, value.count - index) { offsets.append(place) }
                let letter = place + 1 < file.count ? file[place + 1] : 0
                place +=
                    [UInt8(ascii: "x"): 4, UInt8(ascii: "u"): 6, UInt8(ascii: "U"): 10][letter] ?? 2
                index += length
                continue
            }
            let followed = followed(
                Array(value[index..<min(index + length, value.count)]), file, from: place)
            offsets += followed.dropLast()
            place = followed.last ?? place
            index += length
        }
        offsets.append(min(place, file.count))
        return offsets
    }

    private static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 1
        }
    }
}
