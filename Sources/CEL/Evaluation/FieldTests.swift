/// Up to two tests that a loop asks of each element before anything else.
final class FieldTests: Sendable {
    private let first: FieldTest
    private let second: FieldTest?
    private let isWhole: Bool

    /// Nil when none of the tests is about the loop's variable.
    init?(_ conjunction: FieldConjunction?, slot: Int) {
        guard let conjunction else { return nil }
        let own = conjunction.tests.filter { $0.slot == slot }
        guard let first = own.first else { return nil }
        self.first = first
        second = own.dropFirst().first
        isWhole = conjunction.isWhole && own.count == conjunction.tests.count && own.count <= 2
    }

    /// What is known of an element.
    enum Verdict: UInt8 {
        case unknown, holds, fails
    }

    /// The tests over a list that is not empty, with the places of the fields, as its first element
    /// says; nil when that says nothing.
    func probe(_ evaluation: Evaluation, _ list: Cell) -> FieldProbe? {
        let element = list.child(0)
        // Elements of a list that was built may have a tape each.
        guard list.note != 0, element.is(.object),
            let one = step(first, evaluation, element)
        else { return nil }
        guard let second else { return FieldProbe(first: one, second: nil, isWhole: isWhole) }
        guard let other = step(second, evaluation, element) else { return nil }
        return FieldProbe(first: one, second: other, isWhole: isWhole)
    }

    private func step(
        _ test: FieldTest, _ evaluation: Evaluation, _ object: Cell
    ) -> FieldProbe.Step? {
        let id = evaluation.nameID(test.name, in: object.note)
        for index in 0..<object.count where id != 0 && object.children[index].note == id {
            return FieldProbe.Step(test, index: index, tag: id << 8 | UInt32(test.kind.rawValue))
        }
        return nil
    }
}

/// Tests of the elements of one list, in a form that takes no counted references.
struct FieldProbe {
    fileprivate let first: Step
    fileprivate let second: Step?
    fileprivate let isWhole: Bool

    /// One test of one field.
    fileprivate struct Step {
        enum Question: UInt8 {
            case ints, doubles, isText, startsWith, contains
        }

        let index: Int
        /// Name and kind.
        let tag: UInt32
        let question: Question
        let isNegated: Bool
        /// The length of a text.
        var length: UInt32 = 0
        /// Of numbers the least and the greatest, of a text its first bytes and their mask.
        var low: UInt64 = 0
        var high: UInt64 = 0
        /// Where a text is, or the word that is looked for.
        var text: UnsafeRawPointer?

        init(_ test: FieldTest, index: Int, tag: UInt32) {
            self.index = index
            self.tag = tag
            isNegated = test.isNegated
            switch test.question {
            case .ints(let least, let greatest):
                question = .ints
                (low, high) = (UInt64(bitPattern: least), UInt64(bitPattern: greatest))
            case .doubles(let least, let greatest):
                question = .doubles
                (low, high) = (least.bitPattern, greatest.bitPattern)
            case .isText(let text):
                question = .isText
                set(text)
            case .startsWith(let text):
                question = .startsWith
                set(text)
            case .contains(let word):
                question = .contains
                // The tests keep their words, and the program its tests.
                text = UnsafeRawPointer(Unmanaged.passUnretained(word).toOpaque())
            }
        }

        private mutating func set(_ constant: ConstantText) {
            length = constant.cell.length
            (low, high) = (constant.head, constant.mask)
            text = UnsafeRawPointer(bitPattern: UInt(constant.cell.bits))
        }

        /// The answer for an object; nil when the condition's code has to tell.
        @inline(__always)
        func answer(_ evaluation: Evaluation, _ object: Cell) throws(Fault) -> Bool? {
            guard index < object.count else { return nil }
            let cell = object.children[index]
            guard cell.tag == tag else { return nil }
            switch question {
            case .ints:
                let least = Int64(bitPattern: low), greatest = Int64(bitPattern: high)
                return (least <= cell.int && cell.int <= greatest) != isNegated
            case .doubles:
                let least = Double(bitPattern: low), greatest = Double(bitPattern: high)
                return (least <= cell.double && cell.double <= greatest) != isNegated
            case .isText:
                return (cell.length == length && startsSame(cell)) != isNegated
            case .startsWith:
                try evaluation.spend(bytes: cell.count)
                return cell.length >= length && startsSame(cell)
            case .contains:
                try evaluation.spend(bytes: cell.count)
                guard let text else { return nil }
                return Unmanaged<ContainsWord>.fromOpaque(text)._withUnsafeGuaranteedRef {
                    $0.holds(for: cell)
                }
            }
        }

        /// Whether a text, which is not shorter, begins with the constant one.
        @inline(__always)
        private func startsSame(_ cell: Cell) -> Bool {
            if length == 0 { return true }
            // 8 bytes can be read because texts are padded. The address is there because it is not
            // empty.
            let start = UnsafeRawPointer(bitPattern: UInt(cell.bits)).unsafelyUnwrapped
            guard UInt64(littleEndian: start.loadUnaligned(as: UInt64.self)) & high == low else {
                return false
            }
            return length <= 8 || hasSameRest(start)
        }

        @inline(never)
        private func hasSameRest(_ start: UnsafeRawPointer) -> Bool {
            equalBytes(
                UnsafeBufferPointer(
                    start: start.assumingMemoryBound(to: UInt8.self), count: Int(length)),
                UnsafeBufferPointer(
                    start: text?.assumingMemoryBound(to: UInt8.self), count: Int(length)))
        }
    }

    /// The first element from an index on of which something else is known than `skipped`; the
    /// list's count when there is none.
    ///
    /// `work`: What each element that is passed over counts for.
    @inline(never)
    func next(
        _ evaluation: Evaluation, _ list: Cell, from start: Int,
        skipping skipped: FieldTests.Verdict,
        _ work: Int
    ) throws(Fault) -> (index: Int, verdict: FieldTests.Verdict) {
        let elements = list.children, count = list.count
        var index = start
        while index < count {
            let verdict = try verdict(evaluation, elements[index])
            if verdict != skipped { return (index, verdict) }
            try evaluation.spend(work)
            index &+= 1
        }
        return (index, .unknown)
    }

    @inline(__always)
    private func verdict(
        _ evaluation: Evaluation, _ element: Cell
    ) throws(Fault) -> FieldTests.Verdict {
        guard element.is(.object), let one = try first.answer(evaluation, element) else {
            return .unknown
        }
        if !one { return .fails }
        if let second {
            guard let other = try second.answer(evaluation, element) else { return .unknown }
            if !other { return .fails }
        }
        return isWhole ? .holds : .unknown
    }
}
