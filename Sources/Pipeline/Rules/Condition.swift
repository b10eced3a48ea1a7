import CEL

/// The `when` or `unless` of a rule: a condition, or a list that holds when it is not empty.
struct Condition: Sendable {
    let program: Program

    /// The type of the list that is the rule's evidence when nothing else is; nil for a condition
    /// that only says yes or no.
    var evidenceType: ValueType? {
        switch program.resultType {
        case .list: program.resultType
        // What it is shows when it is evaluated.
        case .dyn: .list(.dyn)
        default: nil
        }
    }

    /// Nil with findings.
    static func read(_ cursor: Cursor, in environment: Environment) -> Condition? {
        guard let text = cursor.expression() else { return nil }
        do throws(CompilationError) {
            let program = try environment.compile(text)
            switch program.resultType {
            case .bool, .list, .dyn: break
            // Says where and why.
            default: _ = try environment.compile(text, expecting: .bool)
            }
            return Condition(program: program)
        } catch {
            cursor.report(error, in: text, hints: ["wrong-type": typeHint])
            return nil
        }
    }

    private static let typeHint = Bilingual(
        "条件要么判断真假，要么选出句子：customer.with(lists.投诉词表)",
        "a condition is true or false, or a list of sentences: customer.with(lists.complaint)")

    /// Whether it holds, as the program at a place of a set.
    func holds(
        _ questions: ProgramSet.Questions, at place: Int
    ) throws(EvaluationError) -> Bool {
        if program.resultType == .bool { return try questions.isTrue(place) }
        return try found(questions, at: place, keepsValue: false) != nil
    }

    /// What it found when it holds, nil when it does not.
    ///
    /// `keepsValue`: Whether messages read the list itself.
    func found(
        _ questions: ProgramSet.Questions, at place: Int, keepsValue: Bool
    ) throws(EvaluationError) -> Evidence? {
        if program.resultType == .bool {
            return try questions.isTrue(place) ? Evidence.none : nil
        }
        // Most lists are empty, which shows before one is built.
        if case .list = program.resultType, try !questions.isTrue(place) { return nil }
        return try questions.withResult(place) { result throws(EvaluationStop) in
            switch result.kind {
            case .list:
                return result.count > 0 ? try Evidence(result, keepsValue: keepsValue) : nil
            case .bool: return result.bool == true ? Evidence.none : nil
            default: throw EvaluationStop.wrongKind(result)
            }
        }
    }
}

/// What a rule found: sentences of the conversation, or other values in words.
struct Evidence: Sendable {
    enum Piece: Hashable, Sendable {
        /// `late`: How late the words of a rule about something not said were said, milliseconds;
        ///   negative when too early.
        case sentence(index: Int, late: Int64?)
        case words(String)

        /// The place of a sentence.
        fileprivate var index: Int? {
            if case .sentence(let index, _) = self { index } else { nil }
        }
    }

    /// The first ones, as many as are quoted.
    private(set) var pieces: [Piece] = []
    /// All of it, for messages and labels; nil when none of them reads it.
    private(set) var value: Tape?

    /// Of a condition that only says yes or no.
    static let none = Evidence(value: try? Tape.of(.list([])))

    private init(value: Tape?) { self.value = value }

    /// What an expression gave: a list of pieces, or one.
    ///
    /// `keepsValue`: Whether messages or labels read it.
    init(_ result: View, keepsValue: Bool) throws(EvaluationStop) {
        var reader = SentenceReader()
        var misses: [Piece] = []
        if result.kind == .list {
            for index in 0..<min(result.count, Evaluation.quoteLimit) {
                guard let element = result[index] else { continue }
                pieces.append(try Self.piece(element, &reader))
                if let nearest = reader.nearest(of: element) {
                    misses.append(try Self.piece(nearest, &reader))
                }
            }
            // What was found comes first; a miss is told once, and not when it was found itself.
            for miss in misses where pieces.count < Evaluation.quoteLimit {
                if !pieces.contains(where: { $0.index == miss.index }) { pieces.append(miss) }
            }
        } else {
            pieces = [try Self.piece(result, &reader)]
        }
        if keepsValue { value = try result.tape() }
    }

    private static func piece(
        _ element: View, _ reader: inout SentenceReader
    ) throws(EvaluationStop) -> Piece {
        if let (index, late) = reader.read(element) { return .sentence(index: index, late: late) }
        let text = ValueText.text(of: try element.value())
        return .words(String(text.prefix(Evaluation.wordsLimit)))
    }
}
