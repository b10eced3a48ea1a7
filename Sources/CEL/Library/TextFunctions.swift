// The words library: words in texts, and how alike texts are. Lengths count code points.
extension Library {
    static let textFunctions: [Function] = [
        Function(
            "containsAny", "whether any of some texts is in a text", "文本是否含有其中任何一个",
            [
                method("string_contains_any_string", [.string, .string], .bool) {
                    evaluation, arguments throws(Fault) in
                    Cell(try evaluation.contains(arguments[0], arguments[1]))
                },
                method("string_contains_any_list", [.string, .list(.string)], .bool) {
                    evaluation, arguments throws(Fault) in
                    for index in 0..<arguments[1].count
                    where try evaluation.contains(arguments[0], arguments[1].child(index)) {
                        return Cell(true)
                    }
                    return Cell(false)
                },
            ]),
        Function(
            "containsAll", "whether all of some texts are in a text", "文本是否全部含有",
            [
                method("string_contains_all_list", [.string, .list(.string)], .bool) {
                    evaluation, arguments throws(Fault) in
                    for index in 0..<arguments[1].count
                    where try !evaluation.contains(arguments[0], arguments[1].child(index)) {
                        return Cell(false)
                    }
                    return Cell(true)
                }
            ]),
        Function(
            "countOf", "how often a text, or any of some texts, is in a text", "文本中出现了几次",
            [
                method("string_count_of_string", [.string, .string], .int) {
                    evaluation, arguments throws(Fault) in
                    Cell(Int64(try evaluation.places(of: arguments[1], in: arguments[0]).count))
                },
                method("string_count_of_list", [.string, .list(.string)], .int) {
                    evaluation, arguments throws(Fault) in
                    Cell(Int64(try evaluation.places(of: arguments[1], in: arguments[0]).count))
                },
            ]),
        Function(
            "containsNear", "whether two texts are that near to each other in a text",
            "文本中两个词之间是否不超过若干字",
            [ValueType.string, .list(.string)].flatMap { left in
                [ValueType.string, .list(.string)].map { right in
                    method(
                        "string_contains_near_\(left)_\(right)", [.string, left, right, .int],
                        .bool
                    ) { evaluation, arguments throws(Fault) in
                        Cell(
                            try evaluation.containsNear(
                                arguments[0], arguments[1], arguments[2], arguments[3].int))
                    }
                }
            }
        ).written(
            #"text.containsNear("a", "b", 5)"#, #"text.containsNear(["a", "b"], ["c"], 5)"#),
        Function(
            "similarity", "how alike two texts are, from 0 to 1", "两段文本的相似度，0 到 1",
            [
                method("string_similarity_string", [.string, .string], .double) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.similarity(arguments[0], arguments[1])
                }
            ]),
        Function(
            "indexesOfAlike", "where texts are that are alike in number", "相似文本达到次数的位置",
            [
                method(
                    "list_indexes_of_alike", [.list(.string), .int, .double, .int], .list(.int)
                ) { evaluation, arguments throws(Fault) in
                    try evaluation.indexesOfAlike(
                        arguments[0], times: arguments[1].int, similarity: arguments[2].double,
                        within: arguments[3].int)
                }
            ]),
    ]

    private static func method(
        _ id: String, _ parameters: [ValueType], _ result: ValueType, _ body: @escaping FunctionBody
    ) -> Overload {
        Overload(id, parameters, result, isReceiver: true, body)
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The most places of words that are looked at in one text.
    private static var placeLimit: Int { 10_000 }

    /// Whether a word is in a text; a word of a list may be of any kind.
    @inline(__always)
    fileprivate func contains(_ text: Cell, _ word: Cell) throws(Fault) -> Bool {
        try spend(1 + text.count >> 4)
        guard word.is(.string) else { throw Fault(.noSuchOverload, word) }
        return containsBytes(text.text, word.text)
    }

    /// Where a word, or any word of a list, is in a text; the places of one word do not overlap.
    fileprivate func places(of words: Cell, in text: Cell) throws(Fault) -> [Range<Int>] {
        var places: [Range<Int>] = []
        for index in 0..<(words.is(.list) ? words.count : 1) {
            let word = words.is(.list) ? words.child(index) : words
            guard word.is(.string) else { throw Fault(.noSuchOverload, word) }
            try spend(1 + text.count >> 4)
            // The empty text is everywhere, and so nowhere.
            if word.count == 0 { continue }
            var start = 0
            while let offset = find(word.text, in: text.text, from: start) {
                try spend(1)
                guard places.count < Self.placeLimit else { throw Fault(.tooLarge) }
                places.append(offset..<offset + word.count)
                start = offset + word.count
            }
        }
        return places
    }

    /// Whether a word of each side is in the text with at most so many code points between them.
    ///
    /// Which comes first does not matter; words that overlap are not beside each other.
    fileprivate func containsNear(
        _ text: Cell, _ left: Cell, _ right: Cell, _ distance: Int64
    ) throws(Fault) -> Bool {
        let lefts = try places(of: left, in: text)
        if lefts.isEmpty { return false }
        let rights = try places(of: right, in: text)
        for one in lefts {
            try spend(rights.count)
            for other in rights where !one.overlaps(other) {
                let gap =
                    one.upperBound <= other.lowerBound
                    ? one.upperBound..<other.lowerBound : other.upperBound..<one.lowerBound
                // A code point has at most 4 bytes.
                guard gap.count >> 2 <= distance else { continue }
                try spend(bytes: gap.count)
                if countCodePoints(UnsafeBufferPointer(rebasing: text.text[gap])) <= distance {
                    return true
                }
            }
        }
        return false
    }

    /// 1 for texts that are the same, 0 for texts that have nothing in common.
    fileprivate func similarity(_ left: Cell, _ right: Cell) throws(Fault) -> Cell {
        let one = try codePoints(of: left), other = try codePoints(of: right)
        let length = Swift.max(one.count, other.count)
        if length == 0 { return Cell(1.0) }
        // Within the length of the longer one there always is a distance.
        let row = try distanceRow(other.count)
        let distance = try editDistance(one, other, atMost: length, row: row) ?? length
        return Cell(1 - Double(distance) / Double(length))
    }

    private func codePoints(of cell: Cell) throws(Fault) -> UnsafeBufferPointer<UInt32> {
        let count = countCodePoints(cell.text)
        let memory = try allocate(bytes: count * MemoryLayout<UInt32>.stride)
        let points = UnsafeMutableRawPointer(memory).bindMemory(to: UInt32.self, capacity: count)
        var offset = 0
        for scalar in String(decoding: cell.text, as: UTF8.self).unicodeScalars where offset < count
        {
            points[offset] = scalar.value
            offset += 1
        }
        return UnsafeBufferPointer(start: points, count: offset)
    }
}
