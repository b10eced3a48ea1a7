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
        var numbers: [UTF8Key: Int] = [:]
        var texts: [[UInt8]] = []
        var hashes: [Int] = []
    }

    private let state = Mutex(State())

    /// How many names have a number.
    var count: Int { state.withLock { $0.texts.count } }

    /// The number of a name; ``Int/max`` when there are too many.
    func number(of name: String) -> Int {
        let key = UTF8Key(bytes: Array(name.utf8))
        return state.withLock { state in
            if let known = state.numbers[key] { return known }
            guard state.texts.count < FieldNames.limit else { return .max }
            state.numbers[key] = state.texts.count
            state.texts.append(key.bytes)
            state.hashes.append(key.bytes.withUnsafeBufferPointer(NameIndex.hash))
            return state.texts.count - 1
        }
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
