import CEL

/// Writes the sentences of a conversation, and those of its two sides, as the rules read them.
///
/// A conversation has hundreds of sentences with a dozen fields each, so the tape is filled in
/// place, names by their numbers. What a side lists are the conversation's own sentences: both
/// lists hold the same members.
enum SentenceTape {
    /// The members' names, in the order of their numbers, which start at 1.
    private enum Name: UInt32, CaseIterable {
        case index = 1
        case begin, end, at, speaker, silence, overlap, words, emotionValue, speechRate, role
        case roleName, sentences, customer, agent, emotion, talk, share, max, min, avg

        var text: String { "\(self)" }
    }

    /// The most cells of one sentence: its fields, itself, and itself as one of its side's.
    private static let sentenceCells = 14
    /// The cells beside sentences: the root, its members, and what the sides hold.
    private static let otherCells = 32

    private static let names = Name.allCases.map(\.text)
    private static let speakers = Speaker.allCases.map(\.rawValue)
    private static let fixedBytes = (names + speakers).reduce(0) { $0 + $1.utf8.count }

    static func tape(of sentences: [Sentence]) throws(TapeError) -> Tape {
        var bytes = fixedBytes
        for index in sentences.indices {
            bytes += DerivedSentence.placeBytes + sentences[index].role.utf8.count
            bytes += sentences[index].roleName.utf8.count + sentences[index].words.utf8.count
        }
        do {
            return try Tape.filling(
                cells: sentences.count * sentenceCells + otherCells, bytes: bytes,
                names: names.count + 1
            ) { filling in
                var writer = Writer(filling)
                writer.add(names)
                writer.write(sentences)
                filling.cellCount = writer.cellCount
                filling.byteCount = writer.byteCount
                filling.nameCount = names.count + 1
            }
        } catch let error as TapeError {
            throw error
        } catch {
            throw .malformed
        }
    }

    /// Where a text lies among the tape's bytes.
    private struct Place {
        var offset = 0
        var length = 0
    }

    private struct Writer {
        private let cells: UnsafeMutableBufferPointer<Cell>
        private let bytes: UnsafeMutableBufferPointer<UInt8>
        private let names: UnsafeMutableBufferPointer<Cell>
        private(set) var cellCount = 0
        private(set) var byteCount = 0
        /// By speaker, in the order of their declaration.
        private var speakers: [Place] = []

        init(_ filling: Tape.Filling) {
            cells = filling.cells
            bytes = filling.bytes
            names = filling.names
        }

        mutating func add(_ texts: [String]) {
            for (index, text) in texts.enumerated() {
                let place = add(text)
                names[index + 1] = Cell(
                    .string, bits: UInt64(place.offset), length: UInt32(place.length))
            }
            speakers = SentenceTape.speakers.map { add($0) }
        }

        /// The sentences' members, then the lists, then what holds them.
        mutating func write(_ sentences: [Sentence]) {
            let derived = DerivedSentence.all(of: sentences)
            var objects: [Cell] = []
            objects.reserveCapacity(sentences.count)
            for index in sentences.indices {
                objects.append(object(index, sentences, derived[index]))
            }
            let all = list(objects)
            let total = derived.reduce(0) { $0 + $1.talk }
            let sides = [Speaker.customer, .agent].map { speaker in
                let own = derived.indices.filter { derived[$0].speaker == speaker }
                let talk = own.reduce(0) { $0 + derived[$1].talk }
                let list = list(own.map { objects[$0] })
                let emotion = range(own.lazy.compactMap { sentences[$0].emotionValue })
                let speechRate = range(own.lazy.compactMap { sentences[$0].speechRate })
                let first = cellCount
                add(list, .sentences)
                if let emotion { add(emotion, .emotion) }
                if let speechRate { add(speechRate, .speechRate) }
                addNumber(talk, .talk)
                addDouble(total > 0 ? Double(talk) / Double(total) : 0, .share)
                return object(from: first)
            }
            let first = cellCount
            add(all, .sentences)
            add(sides[0], .customer)
            add(sides[1], .agent)
            add(object(from: first))
        }

        /// The greatest, the least and the mean; nil without values.
        private mutating func range(_ values: some Sequence<Int64>) -> Cell? {
            var greatest = Int64.min, least = Int64.max, sum = 0.0, count = 0
            for value in values {
                greatest = Swift.max(greatest, value)
                least = Swift.min(least, value)
                sum += Double(value)
                count += 1
            }
            guard count > 0 else { return nil }
            let first = cellCount
            addDouble(Double(greatest), .max)
            addDouble(Double(least), .min)
            addDouble(sum / Double(count), .avg)
            return object(from: first)
        }

        private mutating func list(_ elements: [Cell]) -> Cell {
            let first = cellCount
            for element in elements { add(element) }
            return Cell(.list, bits: UInt64(first), length: UInt32(elements.count))
        }

        /// A sentence, whose members are written.
        private mutating func object(
            _ index: Int, _ sentences: [Sentence], _ derived: DerivedSentence
        ) -> Cell {
            let first = cellCount
            addNumber(Int64(index), .index)
            addNumber(sentences[index].begin, .begin)
            addNumber(sentences[index].end, .end)
            addText(addPlace(sentences[index].begin), .at)
            addText(speakers[derived.speaker.place], .speaker)
            addNumber(derived.silence, .silence)
            addNumber(derived.overlap, .overlap)
            addText(add(sentences[index].words), .words)
            if let value = sentences[index].emotionValue { addNumber(value, .emotionValue) }
            if let value = sentences[index].speechRate { addNumber(value, .speechRate) }
            addText(add(sentences[index].role), .role)
            addText(add(sentences[index].roleName), .roleName)
            return object(from: first)
        }

        // MARK: Cells and bytes

        private func object(from first: Int) -> Cell {
            Cell(.object, bits: UInt64(first), length: UInt32(cellCount - first))
        }

        private mutating func addNumber(_ value: Int64, _ name: Name) {
            add(Cell(.int, bits: UInt64(bitPattern: value)), name)
        }

        private mutating func addDouble(_ value: Double, _ name: Name) {
            add(Cell(.double, bits: value.bitPattern), name)
        }

        /// A text; an empty one is left out, so that `has()` is false.
        private mutating func addText(_ place: Place, _ name: Name) {
            guard place.length > 0 else { return }
            add(
                Cell(.string, bits: UInt64(place.offset), length: UInt32(place.length)), name)
        }

        private mutating func add(_ cell: Cell, _ name: Name? = nil) {
            var cell = cell
            // The name stands in the upper 24 bits of a member's tag.
            if let name { cell.tag |= name.rawValue << 8 }
            cells[cellCount] = cell
            cellCount += 1
        }

        private mutating func add(_ text: String) -> Place {
            let free = UnsafeMutableBufferPointer(rebasing: bytes[byteCount...])
            let length = text.utf8.withContiguousStorageIfAvailable {
                free.update(fromContentsOf: $0)
            }
            return added(length ?? free.update(fromContentsOf: Array(text.utf8)))
        }

        private mutating func addPlace(_ begin: Int64) -> Place {
            added(
                DerivedSentence.writePlace(
                    begin, UnsafeMutableBufferPointer(rebasing: bytes[byteCount...]).baseAddress))
        }

        private mutating func added(_ length: Int) -> Place {
            defer { byteCount += length }
            return Place(offset: byteCount, length: length)
        }
    }
}

extension Speaker {
    /// The place among all cases.
    fileprivate var place: Int {
        switch self {
        case .customer: 0
        case .agent: 1
        case .other: 2
        }
    }
}
