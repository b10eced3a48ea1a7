import CEL

/// What one rule says of a conversation.
enum Judgement: Sendable {
    case silent
    /// `fault`: the evidence could not be found, which never costs the alert.
    case fires(evidence: Evidence, fault: EvaluationError?)
    /// It could not be judged.
    case fault(EvaluationError)
}

/// The programs of rules, asked together: conditions, exceptions and evidence share one look at the
/// texts of a conversation.
struct RulePrograms: Sendable {
    /// Where a rule's programs are in the set.
    private struct Places {
        var when: Int
        var unless: Int?
        var evidence: Int?
    }

    private let rules: [Rule]
    private let places: [Places]
    private let set: ProgramSet

    init(_ rules: [Rule], _ environment: Environment) {
        var programs: [Program] = []
        func place(_ program: Program?) -> Int? {
            guard let program else { return nil }
            programs.append(program)
            return programs.count - 1
        }
        self.rules = rules
        places = rules.map { rule in
            programs.append(rule.when.program)
            return Places(
                when: programs.count - 1, unless: place(rule.unless?.program),
                evidence: place(rule.evidence))
        }
        set = ProgramSet(programs, environment)
    }

    /// What rules say, by their places and in that order; those that are silent are left out.
    func judgements(
        _ facts: Facts, of asked: [Int]
    ) -> [(rule: Rule, judgement: Judgement)] {
        set.asking(facts.activation, budget: Budget(cost: Rule.costLimit)) { questions in
            var said: [(rule: Rule, judgement: Judgement)] = []
            for index in asked {
                let judgement = judgement(of: index, questions)
                if case .silent = judgement { continue }
                said.append((rules[index], judgement))
            }
            return said
        }
    }

    private func judgement(of index: Int, _ questions: ProgramSet.Questions) -> Judgement {
        let rule = rules[index]
        let places = places[index]
        let selected: Evidence
        do throws(EvaluationError) {
            let found = try rule.when.found(
                questions, at: places.when,
                keepsValue: rule.tellsEvidence && places.evidence == nil)
            guard let found else { return .silent }
            if let unless = rule.unless, let place = places.unless,
                try unless.holds(questions, at: place)
            {
                return .silent
            }
            selected = found
        } catch {
            return .fault(error)
        }
        guard let place = places.evidence else { return .fires(evidence: selected, fault: nil) }
        do throws(EvaluationError) {
            let evidence = try questions.withResult(place) { result throws(EvaluationStop) in
                try Evidence(result, keepsValue: rule.tellsEvidence)
            }
            return .fires(evidence: evidence, fault: nil)
        } catch {
            return .fires(evidence: .none, fault: error)
        }
    }
}
