import CEL

/// The conditions of a set of rules, evaluated together: the one place that says how.
struct CompiledRules {
    private let rules: ProgramSet

    /// Parses, checks and plans each.
    init(_ sources: [String], _ environment: Environment) throws(CompilationError) {
        var programs: [Program] = []
        programs.reserveCapacity(sources.count)
        for source in sources {
            programs.append(try environment.compile(source, expecting: .bool))
        }
        rules = ProgramSet(programs, environment)
    }

    var count: Int { rules.programs.count }

    /// Which conditions hold, into an array with a place for each.
    func evaluate(
        _ activation: Activation, into answers: inout [Bool]
    ) throws(EvaluationError) {
        let failure = rules.asking(activation) { questions -> EvaluationError? in
            do throws(EvaluationError) {
                try answers.withUnsafeMutableBufferPointer { answers throws(EvaluationError) in
                    for index in answers.indices { answers[index] = try questions.isTrue(index) }
                }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }
}
