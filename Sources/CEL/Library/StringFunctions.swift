// The strings library. Places and lengths count code points.
extension Library {
    static let stringFunctions: [Function] = [
        Function(
            "charAt", "the code point at an index", "某个位置的字符",
            [
                method("string_char_at_int", [.string, .int], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.substring(
                        arguments[0], arguments[1].int, length: 1, allowsEnd: true)
                }
            ]),
        Function(
            "indexOf", "where a text is found first, -1 when nowhere", "首次出现的位置，没有则为 -1",
            [
                method("string_index_of_string", [.string, .string], .int) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.indexOf(arguments[0], arguments[1], from: 0)
                },
                method("string_index_of_string_int", [.string, .string, .int], .int) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.indexOf(arguments[0], arguments[1], from: arguments[2].int)
                },
            ]),
        Function(
            "lastIndexOf", "where a text is found last, -1 when nowhere", "最后出现的位置，没有则为 -1",
            [
                method("string_last_index_of_string", [.string, .string], .int) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.lastIndexOf(arguments[0], arguments[1], upTo: nil)
                },
                method("string_last_index_of_string_int", [.string, .string, .int], .int) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.lastIndexOf(arguments[0], arguments[1], upTo: arguments[2].int)
                },
            ]),
        Function(
            "join", "the texts of a list as one, with a separator", "用分隔符连接列表中的文本",
            [
                method("list_join", [.list(.string)], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.join(arguments[0], separator: Cell(.string))
                },
                method("list_join_string", [.list(.string), .string], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.join(arguments[0], separator: arguments[1])
                },
            ]),
        Function(
            "lowerAscii", "ASCII letters as small ones", "把 ASCII 字母变为小写",
            [
                method("string_lower_ascii", [.string], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(
                        .string,
                        arguments[0].text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
                }
            ]),
        Function(
            "upperAscii", "ASCII letters as capitals", "把 ASCII 字母变为大写",
            [
                method("string_upper_ascii", [.string], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(
                        .string,
                        arguments[0].text.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 })
                }
            ]),
        Function(
            "replace", "a text with parts replaced", "替换文本中的片段",
            [
                method("string_replace_string_string", [.string, .string, .string], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.replace(arguments[0], arguments[1], arguments[2], limit: -1)
                },
                method(
                    "string_replace_string_string_int", [.string, .string, .string, .int], .string
                ) { evaluation, arguments throws(Fault) in
                    try evaluation.replace(
                        arguments[0], arguments[1], arguments[2], limit: arguments[3].int)
                },
            ]),
        Function(
            "reverse", "the code points from back to front", "把字符倒序排列",
            [
                method("string_reverse", [.string], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.spend(bytes: arguments[0].count * 8)
                    var reversed = String.UnicodeScalarView()
                    reversed.append(contentsOf: arguments[0].string.unicodeScalars.reversed())
                    return try evaluation.make(String(reversed))
                }
            ]),
        Function(
            "split", "the parts of a text between separators", "按分隔符拆分文本",
            [
                method("string_split_string", [.string, .string], .list(.string)) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.split(arguments[0], arguments[1], limit: -1)
                },
                method("string_split_string_int", [.string, .string, .int], .list(.string)) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.split(arguments[0], arguments[1], limit: arguments[2].int)
                },
            ]),
        Function(
            "substring", "a part of a text", "截取文本的一段",
            [
                method("string_substring_int", [.string, .int], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.substring(arguments[0], arguments[1].int, to: nil)
                },
                method("string_substring_int_int", [.string, .int, .int], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.substring(
                        arguments[0], arguments[1].int, to: arguments[2].int)
                },
            ]),
        Function(
            "trim", "a text without white space at its ends", "去掉首尾空白",
            [
                method("string_trim", [.string], .string) { evaluation, arguments throws(Fault) in
                    try evaluation.spend(bytes: arguments[0].count)
                    return trimmed(arguments[0])
                }
            ]),
        Function(
            "strings.quote", "a text in quotes, safe to print", "加引号并转义的文本",
            [
                Overload("strings_quote", [.string], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(quoted(arguments[0].string))
                }
            ]),
        Function(
            "format", "a text with values put in", "按格式填入值",
            [
                method("string_format", [.string, .list(.dyn)], .string) {
                    evaluation, arguments throws(Fault) in
                    var formatter = Formatter(evaluation)
                    return try formatter.format(arguments[0], arguments[1])
                }
            ]),
    ]

    private static func method(
        _ id: String, _ parameters: [ValueType], _ result: ValueType, _ body: @escaping FunctionBody
    ) -> Overload {
        Overload(id, parameters, result, isReceiver: true, body)
    }

    private static func trimmed(_ cell: Cell) -> Cell {
        let text = cell.text
        var start = 0, end = text.count
        // White space is one scalar at a time; a text's scalars are at most 4 bytes.
        while start < end, let width = whiteSpace(text, at: start) { start += width }
        while end > start {
            var last = end - 1
            while last > start, text[last] & 0xC0 == 0x80 { last -= 1 }
            guard whiteSpace(text, at: last) != nil else { break }
            end = last
        }
        return cell.slice(start, end)
    }

    /// The width of the white space at an offset, nil when there is another character.
    private static func whiteSpace(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
        let byte = text[offset]
        if byte < 0x80 { return byte == 0x20 || (0x09...0x0D).contains(byte) ? 1 : nil }
        var width = 1
        while offset + width < text.count, text[offset + width] & 0xC0 == 0x80 { width += 1 }
        let scalars = String(decoding: text[offset..<offset + width], as: UTF8.self).unicodeScalars
        guard let scalar = scalars.first, scalar.properties.isWhitespace else { return nil }
        return width
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{07}": result += "\\a"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0B}": result += "\\v"
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Cell {
    /// A part of a text by byte offsets that are known to be in it; the bytes are shared.
    func slice(_ start: Int, _ end: Int) -> Cell {
        Cell(
            kind, bits: bits + UInt64(start), length: UInt32(truncatingIfNeeded: end - start))
    }
}

extension UnsafeMutablePointer<Frame> {
    fileprivate func offset(_ text: Cell, _ index: Int64) throws(Fault) -> Int {
        try spend(bytes: text.count)
        guard index >= 0, index <= Int64(text.count),
            let offset = byteOffset(ofCodePoint: Int(index), in: text.text)
        else { throw Fault(.indexOutOfRange, Cell(index)) }
        return offset
    }

    fileprivate func substring(
        _ text: Cell, _ start: Int64, length: Int64, allowsEnd: Bool
    ) throws(Fault) -> Cell {
        let first = try offset(text, start)
        if first == text.count { return Cell(.string) }
        var end = first + 1
        while end < text.count, text.text[end] & 0xC0 == 0x80 { end += 1 }
        return text.slice(first, end)
    }

    fileprivate func substring(
        _ text: Cell, _ start: Int64, to end: Int64?
    ) throws(Fault) -> Cell {
        let first = try offset(text, start)
        let last = if let end { try offset(text, end) } else { text.count }
        guard first <= last else { throw Fault(.indexOutOfRange, Cell(start)) }
        return text.slice(first, last)
    }

    fileprivate func indexOf(
        _ text: Cell, _ part: Cell, from start: Int64
    ) throws(Fault) -> Cell {
        let first = try offset(text, start)
        if part.count == 0 { return Cell(start) }
        try spendOnSearch(text, part)
        guard let found = find(part.text, in: text.text, from: first) else {
            return Cell(-1 as Int64)
        }
        return Cell(Int64(countCodePoints(text.slice(0, found).text)))
    }

    fileprivate func lastIndexOf(
        _ text: Cell, _ part: Cell, upTo limit: Int64?
    ) throws(Fault) -> Cell {
        let last = if let limit { try offset(text, limit) } else { text.count }
        if part.count == 0 {
            return Cell(Int64(countCodePoints(text.slice(0, last).text)))
        }
        guard part.count <= text.count else { return Cell(-1 as Int64) }
        try spend(bytes: text.count)
        let bytes = text.text, wanted = part.text
        var place = Swift.min(last, text.count - part.count)
        // What has been compared, and not been counted yet.
        var compared = 0
        while place >= 0 {
            var length = 0
            while length < wanted.count, bytes[place + length] == wanted[length] { length += 1 }
            if length == wanted.count {
                try spend(bytes: compared + length)
                return Cell(Int64(countCodePoints(text.slice(0, place).text)))
            }
            compared += length
            if compared >= Self.countedBytes {
                try spend(bytes: compared)
                compared = 0
            }
            place -= 1
        }
        try spend(bytes: compared)
        return Cell(-1 as Int64)
    }

    /// How much is compared before it is counted.
    private static var countedBytes: Int { 4_096 }

    /// Counts the search for all places of a part, whose worst case is some eight looks at each byte.
    private func spendOnSearch(_ text: Cell, _ part: Cell) throws(Fault) {
        try spend(bytes: text.count * Swift.max(1, Swift.min(part.count >> 4, 8)))
    }

    fileprivate func join(_ list: Cell, separator: Cell) throws(Fault) -> Cell {
        var count = 0
        for index in 0..<list.count {
            let element = list.child(index)
            guard element.is(.string) else { throw Fault(.noSuchOverload, element) }
            try spend(1)
            count += element.count + (index > 0 ? separator.count : 0)
        }
        guard count <= Int(UInt32.max) else { throw Fault(.tooLarge) }
        let memory = try allocate(bytes: count)
        var offset = 0
        for index in 0..<list.count {
            if index > 0 { copy(separator, to: memory, &offset) }
            copy(list.child(index), to: memory, &offset)
        }
        return Cell(.string, at: memory, length: count)
    }

    fileprivate func copy(
        _ text: Cell, to memory: UnsafeMutablePointer<UInt8>, _ offset: inout Int
    ) {
        if let base = text.text.baseAddress, text.count > 0 {
            (memory + offset).update(from: base, count: text.count)
        }
        offset += text.count
    }

    fileprivate func replace(
        _ text: Cell, _ old: Cell, _ new: Cell, limit: Int64
    ) throws(Fault) -> Cell {
        try spendOnSearch(text, old)
        let places = try places(of: old, in: text, limit: limit)
        if places.isEmpty { return text }
        let count = text.count + places.count * (new.count - old.count)
        guard count <= Int(UInt32.max) else { throw Fault(.tooLarge) }
        let memory = try allocate(bytes: count)
        var offset = 0, read = 0
        for place in places {
            copy(text.slice(read, place), to: memory, &offset)
            copy(new, to: memory, &offset)
            read = place + old.count
        }
        copy(text.slice(read, text.count), to: memory, &offset)
        return Cell(.string, at: memory, length: count)
    }

    /// The places of a part, which do not overlap; an empty part is before each code point and last.
    ///
    /// Places are counted as built, 8 bytes each, and as a unit of work.
    private func places(of part: Cell, in text: Cell, limit: Int64) throws(Fault) -> [Int] {
        var places: [Int] = []
        func isFull() -> Bool { limit >= 0 && Int64(places.count) >= limit }
        if part.count == 0 {
            for offset in 0...text.count
            where offset == text.count || text.text[offset] & 0xC0 != 0x80 {
                if isFull() { break }
                try spend(1)
                try charge(bytes: 8)
                places.append(offset)
            }
            return places
        }
        var from = 0
        while !isFull(), let found = find(part.text, in: text.text, from: from) {
            try spend(1)
            try charge(bytes: 8)
            places.append(found)
            from = found + part.count
        }
        return places
    }

    fileprivate func split(
        _ text: Cell, _ separator: Cell, limit: Int64
    ) throws(Fault) -> Cell {
        if limit == 0 { return Cell(.list) }
        try spendOnSearch(text, separator)
        var parts: [Cell] = []
        var start = 0
        if separator.count == 0 {
            // Between all code points.
            while start < text.count, limit < 0 || Int64(parts.count) < limit - 1 {
                var end = start + 1
                while end < text.count, text.text[end] & 0xC0 == 0x80 { end += 1 }
                try charge(bytes: 16)
                parts.append(text.slice(start, end))
                start = end
            }
            if start < text.count { parts.append(text.slice(start, text.count)) }
            return try make(list: parts)
        }
        while limit < 0 || Int64(parts.count) < limit - 1,
            let found = find(separator.text, in: text.text, from: start)
        {
            try charge(bytes: 16)
            parts.append(text.slice(start, found))
            start = found + separator.count
        }
        parts.append(text.slice(start, text.count))
        return try make(list: parts)
    }
}
