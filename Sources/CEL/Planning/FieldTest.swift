/// A test of a field of a loop's variable against a constant: what most conditions on the elements of
/// a list are made of.
///
/// A loop asks such tests itself, without a call: see ``FieldTests``.
struct FieldTest: Sendable {
    /// What is asked of the field's value.
    enum Question: Sendable {
        /// An int from the first to the second.
        case ints(Int64, Int64)
        /// A double from the first to the second.
        case doubles(Double, Double)
        case isText(ConstantText)
        case startsWith(ConstantText)
        case contains(ContainsWord)
    }

    /// The slot of the loop's variable.
    let slot: Int
    let name: FieldName
    let question: Question
    /// Whether the condition holds when the answer is no.
    let isNegated: Bool

    /// The kind that the field's value must have; what others mean, the condition's code knows.
    fileprivate var kind: Kind {
        switch question {
        case .ints: .int
        case .doubles: .double
        case .isText, .startsWith, .contains: .string
        }
    }
}

/// The tests that a condition, or a part of a `&&`, is made of.
struct FieldConjunction {
    var tests: [FieldTest]
    /// Whether the condition holds just when all of them do; if not, it is false when one is.
    var isWhole: Bool
}

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
    enum Verdict {
        case unknown, holds, fails
    }

    /// Where the fields of the elements of one list are.
    struct Places {
        /// The kind that an element must have; one that there is not when nothing is known.
        fileprivate var object = UInt32.max
        fileprivate var first = Place()
        fileprivate var second = Place()

        fileprivate struct Place {
            var index = 0
            /// Name and kind.
            var tag: UInt32 = 0
        }
    }

    /// Where the fields are in a list that is not empty, as its first element says.
    func places(_ evaluation: Evaluation, _ list: Cell) -> Places {
        let element = list.child(0)
        // Elements of a list that was built may have a tape each.
        guard list.note != 0, element.is(.object), let one = place(first, evaluation, element)
        else { return Places() }
        guard let second else { return Places(object: UInt32(Kind.object.rawValue), first: one) }
        guard let other = place(second, evaluation, element) else { return Places() }
        return Places(object: UInt32(Kind.object.rawValue), first: one, second: other)
    }

    private func place(
        _ test: FieldTest, _ evaluation: Evaluation, _ object: Cell
    ) -> Places.Place? {
        let id = evaluation.nameID(test.name, in: object.note)
        for index in 0..<object.count where id != 0 && object.children[index].note == id {
            return Places.Place(index: index, tag: id << 8 | UInt32(test.kind.rawValue))
        }
        return nil
    }

    /// What the tests say of an element, as the list has it.
    @inline(__always)
    func verdict(
        _ evaluation: Evaluation, _ element: Cell, _ places: Places
    ) throws(Fault) -> Verdict {
        guard element.tag & 0xFF == places.object else { return .unknown }
        guard let one = try holds(first, evaluation, element, places.first) else {
            return .unknown
        }
        if !one { return .fails }
        if let second {
            guard let other = try holds(second, evaluation, element, places.second) else {
                return .unknown
            }
            if !other { return .fails }
        }
        return isWhole ? .holds : .unknown
    }

    @inline(__always)
    private func holds(
        _ test: FieldTest, _ evaluation: Evaluation, _ object: Cell, _ place: Places.Place
    ) throws(Fault) -> Bool? {
        guard place.index < object.count else { return nil }
        let cell = object.children[place.index]
        guard cell.tag == place.tag else { return nil }
        let answer: Bool
        switch test.question {
        case .ints(let least, let greatest): answer = least <= cell.int && cell.int <= greatest
        case .doubles(let least, let greatest):
            answer = least <= cell.double && cell.double <= greatest
        case .isText(let text): answer = text.equals(cell)
        case .startsWith(let text):
            try evaluation.spend(bytes: cell.count)
            answer = text.isPrefix(of: cell)
        case .contains(let word):
            try evaluation.spend(bytes: cell.count)
            answer = word.holds(for: cell)
        }
        return answer != test.isNegated
    }
}

extension FieldTest.Question {
    /// The relation of an int to another; nil when none has it.
    init?(_ order: Order, _ number: Int64) {
        switch order {
        case .less:
            guard number > .min else { return nil }
            self = .ints(.min, number - 1)
        case .lessOrEqual: self = .ints(.min, number)
        case .greater:
            guard number < .max else { return nil }
            self = .ints(number + 1, .max)
        case .greaterOrEqual: self = .ints(number, .max)
        }
    }

    /// The relation of a double to another, which must be finite.
    init?(_ order: Order, _ number: Double) {
        guard number.isFinite else { return nil }
        switch order {
        case .less: self = .doubles(-.infinity, number.nextDown)
        case .lessOrEqual: self = .doubles(-.infinity, number)
        case .greater: self = .doubles(number.nextUp, .infinity)
        case .greaterOrEqual: self = .doubles(number, .infinity)
        }
    }
}

extension Planner {
    /// Notes that a node is a test of a field, when its operand is a field of a loop's variable.
    mutating func note(
        _ id: NodeID, _ operand: Operand, _ question: FieldTest.Question?, isNegated: Bool = false
    ) {
        guard let question, case .slotField(let field) = operand else { return }
        let slot: Int, name: FieldName
        switch field {
        case .int(let reader): (slot, name) = (reader.object.slot, reader.field.name)
        case .double(let reader): (slot, name) = (reader.object.slot, reader.field.name)
        case .text(let reader): (slot, name) = (reader.object.slot, reader.field.name)
        case .untyped(let reader): (slot, name) = (reader.object.slot, reader.name)
        case .cell: return
        }
        let test = FieldTest(slot: slot, name: name, question: question, isNegated: isNegated)
        fieldTests[id] = FieldConjunction(tests: [test], isWhole: true)
    }

    /// Notes what the parts of a `&&` say of it.
    mutating func noteTests(ofAnd id: NodeID, _ nodes: [NodeID]) {
        let left = fieldTests[nodes[0]], right = fieldTests[nodes[1]]
        guard left != nil || right != nil else { return }
        fieldTests[id] = FieldConjunction(
            tests: (left?.tests ?? []) + (right?.tests ?? []),
            isWhole: (left?.isWhole ?? false) && (right?.isWhole ?? false))
    }
}
