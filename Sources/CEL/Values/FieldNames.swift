import Synchronization

/// The names of fields that the programs of an environment read, numbered from 0.
///
/// An environment, its copies, its programs and their activations share one object, so that a name
/// is looked up once for each tape of an activation and not in each evaluation. Names are only
/// added; they live as long as the object.
final class FieldNames: Sendable {
    /// The most names that get a number; further ones are looked up by their text each time.
    static let limit = 4_096

    private struct State {
        /// An open hash table with twice as many places as there can be names: a name's number and
        /// one, 0 for a free place.
        var places: [UInt16] = []
        var texts: [[UInt8]] = []
        var hashes: [Int] = []

        mutating func number(of name: UnsafeBufferPointer<UInt8>) -> Int {
            if places.isEmpty { places = Array(repeating: 0, count: FieldNames.limit * 2) }
            let hash = NameIndex.hash(name)
            var place = hash & (places.count - 1)
            while places[place] != 0 {
                let known = Int(places[place]) - 1
                if hashes[known] == hash, texts[known].elementsEqual(name) { return known }
                place = (place + 1) & (places.count - 1)
            }
            guard texts.count < FieldNames.limit else { return .max }
            texts.append(Array(name))
            hashes.append(hash)
            places[place] = UInt16(texts.count)
            return texts.count - 1
        }
    }

    private let state = Mutex(State())

    /// How many names have a number.
    var count: Int { state.withLock { $0.texts.count } }

    /// The number of a name; ``Int/max`` when there are too many.
    func number(of name: String) -> Int {
        var name = name
        return name.withUTF8 { name in state.withLock { $0.number(of: name) } }
    }

    /// Appends, for the first `count` names, their numbers in a tape.
    func appendIDs(in tape: Tape, count: Int, to ids: inout [UInt32]) {
        guard tape.hasNames else {
            ids.append(contentsOf: repeatElement(0, count: count))
            return
        }
        state.withLock { state in
            for index in 0..<count {
                ids.append(
                    state.texts[index].withUnsafeBufferPointer {
                        tape.nameID($0, hash: state.hashes[index])
                    })
            }
        }
    }
}

/// The name of a field as a program reads it.
final class FieldName: Sendable {
    /// Its text, in the program's memory.
    let cell: Cell
    /// Its number in ``FieldNames``.
    let number: Int

    init(cell: Cell, number: Int) {
        self.cell = cell
        self.number = number
    }
}
