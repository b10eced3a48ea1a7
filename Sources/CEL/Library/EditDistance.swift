// How alike texts are: the least number of code points to change, add or leave out.
extension UnsafeMutablePointer<Frame> {
    /// The edit distance of two texts, nil when it is greater than the limit.
    ///
    /// Only the cells near the diagonal are looked at: (2 · limit + 1) · length.
    ///
    /// `row`: Room for one number more than the second text has code points.
    func editDistance(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        atMost limit: Int, row: UnsafeMutablePointer<Int32>
    ) throws(Fault) -> Int? {
        var left = left, right = right
        var common = 0
        while common < left.count, common < right.count, left[common] == right[common] {
            common += 1
        }
        left = UnsafeBufferPointer(rebasing: left[common...])
        right = UnsafeBufferPointer(rebasing: right[common...])
        while let one = left.last, let other = right.last, one == other {
            left = UnsafeBufferPointer(rebasing: left.dropLast())
            right = UnsafeBufferPointer(rebasing: right.dropLast())
            common += 1
        }
        try spend(1 + common >> 4)
        if abs(left.count - right.count) > limit { return nil }
        if left.isEmpty || right.isEmpty { return Swift.max(left.count, right.count) }
        return try bandedDistance(left, right, atMost: limit, row)
    }

    private func bandedDistance(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        atMost limit: Int, _ row: UnsafeMutablePointer<Int32>
    ) throws(Fault) -> Int? {
        let width = right.count
        let beyond = Int32.max / 2
        for column in 0...width { row[column] = column <= limit ? Int32(column) : beyond }
        for line in 1...left.count {
            let first = Swift.max(1, line - limit), last = Swift.min(width, line + limit)
            guard first <= last else { return nil }
            try spend(1 + (last - first) >> 3)
            var diagonal = row[first - 1]
            row[first - 1] = first == 1 && line <= limit ? Int32(line) : beyond
            var least = row[first - 1]
            let wanted = left[line - 1]
            for column in first...last {
                let above = column == line + limit ? beyond : row[column]
                var value = diagonal + (wanted == right[column - 1] ? 0 : 1)
                value = Swift.min(value, above + 1, row[column - 1] + 1)
                diagonal = row[column]
                row[column] = value
                least = Swift.min(least, value)
            }
            if least > Int32(limit) { return nil }
        }
        return row[width] <= Int32(limit) ? Int(row[width]) : nil
    }

    /// Room for the row of an edit distance to a text of so many code points.
    func distanceRow(_ count: Int) throws(Fault) -> UnsafeMutablePointer<Int32> {
        let memory = try allocate(bytes: (count + 1) * MemoryLayout<Int32>.stride)
        return UnsafeMutableRawPointer(memory).bindMemory(to: Int32.self, capacity: count + 1)
    }

    // MARK: Texts that are alike

    /// How many texts before one it is compared with, at most.
    private static var alikeWindow: Int { 64 }
    /// Texts with fewer letters and digits say too little to be alike.
    private static var leastLetters: Int { 4 }
    /// Of longer texts the first letters are compared.
    private static var lettersLimit: Int { 200 }

    /// The indexes of the texts that are alike with at least `times - 1` others, and of those others.
    ///
    /// Letters and digits alone are compared, and each text with the 64 before it at most, so the
    /// work is linear in the number of texts.
    func indexesOfAlike(
        _ texts: Cell, times: Int64, similarity: Double, within: Int64
    ) throws(Fault) -> Cell {
        let count = texts.count
        guard count > 0, times >= 2, times <= Int64(count) else { return Cell(.list) }
        let least = similarity.isNaN ? 1 : Swift.min(Swift.max(similarity, 0), 1)
        let window = Int(Swift.min(Swift.max(within, 1), Int64(Self.alikeWindow)))
        var letters: [Letters] = []
        letters.reserveCapacity(count)
        for index in 0..<count { letters.append(try self.letters(of: texts.child(index))) }
        let row = try distanceRow(Self.lettersLimit)
        // For each text, one bit for each text before it that is alike; and how many on both sides.
        var alike = [UInt64](repeating: 0, count: count)
        var partners = [Int64](repeating: 0, count: count)
        for index in 0..<count where letters[index].count >= Self.leastLetters {
            try spend(1 + window >> 2)
            for back in 1...window where back <= index {
                guard try areAlike(letters[index - back], letters[index], least, row) else {
                    continue
                }
                alike[index] |= 1 << UInt64(back - 1)
                partners[index] += 1
                partners[index - back] += 1
            }
        }
        var isWanted = [Bool](repeating: false, count: count)
        for index in 0..<count {
            let isHub = partners[index] >= times - 1
            var bits = alike[index]
            while bits != 0 {
                let other = index - bits.trailingZeroBitCount - 1
                bits &= bits - 1
                if isHub { isWanted[other] = true }
                if partners[other] >= times - 1 { isWanted[index] = true }
            }
            if isHub { isWanted[index] = true }
        }
        return try make(list: (0..<count).filter { isWanted[$0] }.map { Cell(Int64($0)) })
    }

    private func areAlike(
        _ left: Letters, _ right: Letters, _ similarity: Double,
        _ row: UnsafeMutablePointer<Int32>
    ) throws(Fault) -> Bool {
        guard left.count >= Self.leastLetters else { return false }
        let length = Swift.max(left.count, right.count)
        // A little more than the product, which rounding may have made a little less.
        let limit = Int((1 - similarity) * Double(length) + 1e-9)
        // Each letter that the other text does not have at all costs a change.
        guard length - Swift.min(left.count, right.count) <= limit,
            (left.mask & ~right.mask).nonzeroBitCount <= limit,
            (right.mask & ~left.mask).nonzeroBitCount <= limit
        else { return false }
        return try editDistance(left.points, right.points, atMost: limit, row: row) != nil
    }

    private func letters(of text: Cell) throws(Fault) -> Letters {
        guard text.is(.string) else { throw Fault(.noSuchOverload, text) }
        let room = Swift.min(text.count, Self.lettersLimit)
        let memory = try allocate(bytes: room * MemoryLayout<UInt32>.stride)
        let points = UnsafeMutableRawPointer(memory).bindMemory(to: UInt32.self, capacity: room)
        var found = Letters(points: UnsafeBufferPointer(start: points, count: 0), mask: 0)
        var count = 0
        for scalar in String(decoding: text.text, as: UTF8.self).unicodeScalars
        where Letters.hasMeaning(scalar.value) {
            if count == room { break }
            points[count] = scalar.value
            count += 1
            found.mask |= 1 << UInt64((scalar.value &* 0x9E37_79B1) >> 26)
        }
        found.points = UnsafeBufferPointer(start: points, count: count)
        return found
    }
}

/// The letters and digits of a text, and one bit of 64 for each that occurs.
private struct Letters {
    var points: UnsafeBufferPointer<UInt32>
    var mask: UInt64

    var count: Int { points.count }

    /// Whether a code point is anything but a space, a control character or punctuation.
    static func hasMeaning(_ point: UInt32) -> Bool {
        switch point {
        case 0...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0xBF, 0x2000...0x206F, 0x3000...0x303F,
            0xFE10...0xFE6F, 0xFF00...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65:
            false
        default: true
        }
    }
}
