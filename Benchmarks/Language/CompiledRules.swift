import CEL

/// The conditions of a set of rules, evaluated together: the one place that says how.
struct CompiledRules {
    private let programs: [Program]

    /// Parses, checks and plans each.
    init(_ sources: [String], _ environment: Environment) throws(CompilationError) {
        var programs: [Program] = []
        programs.reserveCapacity(sources.count)
        for source in sources {
            programs.append(try environment.compile(source, expecting: .bool))
        }
        self.programs = programs
    }

    var count: Int { programs.count }

    /// Which conditions hold, into an array with a place for each.
    func evaluate(
        _ activation: Activation, into answers: inout [Bool]
    ) throws(EvaluationError) {
        for (index, program) in programs.enumerated() {
            answers[index] = try program.isTrue(activation)
        }
    }
}
