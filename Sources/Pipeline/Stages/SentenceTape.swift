import CEL

/// Writes the sentences of a conversation, and those of its two sides, as the rules read them.
///
/// A conversation has hundreds of sentences with a dozen fields each, so the tape is filled in
/// place, names by their numbers. A side's sentences are cells of their own that share the texts:
/// what is found in a text once is known for the side too.
enum SentenceTape {
    /// The members' names, in the order of their numbers, which start at 1.
    private enum Name: UInt32, CaseIterable {
        case index = 1
        case begin, end, at, speaker, silence, overlap, words, emotionValue, speechRate, role
        case roleName, sentences, customer, agent, emotion, talk, share, max, min, avg

        var text: String { "\(self)" }
    }

    /// The most cells of one sentence: its fields and itself.
    private static let sentenceCells = 13
    /// The cells beside sentences: the root, its members, and what the sides hold.
    private static let otherCells = 32

    static func tape(of sentences: [DerivedSentence]) throws(TapeError) -> Tape {
        let names = Name.allCases.map(\.text)
        let sides = [Speaker.customer, .agent].map { speaker in
            sentences.filter { $0.sentence.speaker == speaker }
        }
        let sentenceCount = sentences.count + sides.reduce(0) { $0 + $1.count }
        let bytes = sentences.reduce(names.reduce(0) { $0 + $1.utf8.count }) {
            $0 + textBytes(of: $1)
        }
        do {
            return try Tape.filling(
                cells: sentenceCount * sentenceCells + otherCells, bytes: bytes + speakerBytes,
                names: names.count + 1
            ) { filling in
                var writer = Writer(filling)
                writer.add(names)
                writer.write(sentences, sides)
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

    private static let speakerBytes = Speaker.allCases.reduce(0) { $0 + $1.rawValue.utf8.count }

    private static func textBytes(of derived: DerivedSentence) -> Int {
        let sentence = derived.sentence
        return derived.at.utf8.count + sentence.role.utf8.count + sentence.roleName.utf8.count
            + sentence.words.utf8.count
    }

    /// Where a text lies among the tape's bytes.
    private struct Place {
        var offset = 0
        var length = 0
    }

    /// The places of a sentence's texts.
    private struct Places {
        var at = Place()
        var role = Place()
        var roleName = Place()
        var words = Place()
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
            speakers = Speaker.allCases.map { add($0.rawValue) }
        }

        /// The sentences, then the sides' ones, then what holds them.
        mutating func write(_ sentences: [DerivedSentence], _ sides: [[DerivedSentence]]) {
            var places: [Places] = []
            places.reserveCapacity(sentences.count)
            for derived in sentences {
                let sentence = derived.sentence
                places.append(
                    Places(
                        at: add(derived.at), role: add(sentence.role),
                        roleName: add(sentence.roleName), words: add(sentence.words)))
            }
            let all = list(sentences, places)
            let total = sentences.reduce(0) { $0 + $1.talk }
            let objects = sides.map { side($0, of: total, places) }
            let first = cellCount
            add(all, .sentences)
            add(objects[0], .customer)
            add(objects[1], .agent)
            add(object(from: first))
        }

        /// A side's object, whose members are written.
        private mutating func side(
            _ sentences: [DerivedSentence], of total: Int64, _ places: [Places]
        ) -> Cell {
            let talk = sentences.reduce(0) { $0 + $1.talk }
            let list = list(sentences, places)
            let emotion = range(sentences.compactMap(\.sentence.emotionValue))
            let speechRate = range(sentences.compactMap(\.sentence.speechRate))
            let first = cellCount
            add(list, .sentences)
            if let emotion { add(emotion, .emotion) }
            if let speechRate { add(speechRate, .speechRate) }
            addNumber(talk, .talk)
            addDouble(total > 0 ? Double(talk) / Double(total) : 0, .share)
            return object(from: first)
        }

        /// The greatest, the least and the mean; nil without values.
        private mutating func range(_ values: [Int64]) -> Cell? {
            guard let greatest = values.max(), let least = values.min() else { return nil }
            let sum = values.reduce(0.0) { $0 + Double($1) }
            let first = cellCount
            addDouble(Double(greatest), .max)
            addDouble(Double(least), .min)
            addDouble(sum / Double(values.count), .avg)
            return object(from: first)
        }

        private mutating func list(
            _ sentences: [DerivedSentence], _ places: [Places]
        ) -> Cell {
            let members = cellCount
            var lengths: [UInt32] = []
            lengths.reserveCapacity(sentences.count)
            for derived in sentences {
                let first = cellCount
                add(derived, places[derived.index])
                lengths.append(UInt32(cellCount - first))
            }
            let elements = cellCount
            var start = members
            for length in lengths {
                add(Cell(.object, bits: UInt64(start), length: length))
                start += Int(length)
            }
            return Cell(.list, bits: UInt64(elements), length: UInt32(lengths.count))
        }

        /// A sentence's members.
        private mutating func add(_ derived: DerivedSentence, _ places: Places) {
            let sentence = derived.sentence
            addNumber(Int64(derived.index), .index)
            addNumber(sentence.begin, .begin)
            addNumber(sentence.end, .end)
            addText(places.at, .at)
            addText(speakers[sentence.speaker.place], .speaker)
            addNumber(derived.silence, .silence)
            addNumber(derived.overlap, .overlap)
            addText(places.words, .words)
            if let value = sentence.emotionValue { addNumber(value, .emotionValue) }
            if let value = sentence.speechRate { addNumber(value, .speechRate) }
            addText(places.role, .role)
            addText(places.roleName, .roleName)
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
            let place = Place(offset: byteCount, length: text.utf8.count)
            _ = bytes[byteCount...].update(fromContentsOf: text.utf8)
            byteCount += place.length
            return place
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
