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
    var kind: Kind {
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
    /// Whether the condition holds just when all of them do; if not, it is false when one fails.
    var isWhole: Bool

    /// The most tests that are remembered of a condition.
    static let limit = 4
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
        note(id, FieldConjunction(tests: [test], isWhole: true))
    }

    /// Notes what the parts of a `&&` say of it.
    mutating func noteTests(ofAnd id: NodeID, _ nodes: [NodeID]) {
        let left = fieldTests(of: nodes[0]), right = fieldTests(of: nodes[1])
        guard left != nil || right != nil else { return }
        let tests = (left?.tests ?? []) + (right?.tests ?? [])
        let isWhole = (left?.isWhole ?? false) && (right?.isWhole ?? false)
        note(
            id,
            FieldConjunction(
                tests: Array(tests.prefix(FieldConjunction.limit)),
                isWhole: isWhole && tests.count <= FieldConjunction.limit))
    }
}
