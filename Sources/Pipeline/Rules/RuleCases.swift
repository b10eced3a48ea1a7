import CEL

/// The examples that a rule carries: run when it is loaded, reported where they stand.
struct RuleCases {
    /// Nil when it could not be read: its cases are then looked at, but not run.
    let rule: Rule?
    let statuses: Set<TaskStatus>
    let vocabulary: Vocabulary

    /// The most cases of a rule.
    static let limit = 200

    func check(_ cursor: Cursor) {
        let items = (cursor.items() ?? []).bounded(
            Self.limit, "too-many-cases",
            Bilingual("用例超过 \(Self.limit) 个", "more than \(Self.limit) cases"))
        for item in items {
            guard let fields = item.fields(["name", "given", "expect"]) else { continue }
            guard let place = fields["expect"] else {
                item.reportMissing("expect", Bilingual("写 true 或 false", "true or false"))
                continue
            }
            let given = GivenReader(defaultStatus: defaultStatus).read(fields["given"])
            let name = fields["name"]?.text() ?? ""
            guard let expected = place.bool(), let given, let rule else { continue }
            run(rule, given, expected: expected, name: name, at: place)
        }
    }

    /// FINISH, or for a rule that is never asked then, a status at which it is.
    private var defaultStatus: TaskStatus {
        statuses.contains(.finish) ? .finish : statuses.min() ?? .finish
    }

    private func run(
        _ rule: Rule, _ given: Given, expected: Bool, name: String, at place: Cursor
    ) {
        let judged: Judgement
        let facts: Facts
        do {
            facts = try Facts(
                given.conversation, task: given.task, reply: given.raw, at: given.now,
                in: vocabulary.environment)
            let asked = rule.statuses.contains(given.conversation.status) ? [0] : []
            judged =
                RulePrograms([rule], vocabulary.environment).judgements(facts, of: asked)
                .first?.judgement ?? .silent
        } catch {
            place.report(
                "bad-case", Bilingual("用例的值放不下：\(error)", "the case's values do not fit: \(error)"))
            return
        }
        let fires: Bool
        var quotes: [Quote] = []
        switch judged {
        case .silent: fires = false
        case .fires(let evidence, let fault):
            fires = true
            quotes = Evaluation.quotes(evidence, of: given.conversation)
            if let fault = fault ?? textFault(rule, facts, evidence) {
                place.report(
                    "case-message-fault",
                    Bilingual(
                        "用例“\(name)”的证据、消息或标签无法生成：\(fault.message(in: .chinese))",
                        "the case \"\(name)\": its evidence, message or labels cannot be made: \(fault.message(in: .english))"
                    ), severity: .warning)
            }
        case .fault(let fault):
            place.report(
                "case-fault",
                Bilingual(
                    "用例“\(name)”无法判定：\(fault.message(in: .chinese))",
                    "the case \"\(name)\" cannot be judged: \(fault.message(in: .english))"))
            return
        }
        guard fires != expected else { return }
        place.report(
            "case-failed",
            Bilingual(
                "用例“\(name)”期望\(expected ? "告警" : "不告警")，规则 `\(rule.id)` 却\(fires ? "告警了" : "没有告警")",
                "the case \"\(name)\" expects \(expected ? "an alert" : "no alert"), but the rule `\(rule.id)` \(fires ? "fires" : "does not fire")"
            ), hint: evidenceHint(quotes))
    }

    /// What made it fire.
    private func evidenceHint(_ quotes: [Quote]) -> Bilingual? {
        let shown = quotes.prefix(3).map { quote in
            [quote.at, quote.words].compactMap(\.self).joined(separator: " ")
        }.joined(separator: "；")
        return shown.isEmpty ? nil : Bilingual("证据：\(shown)", "the evidence: \(shown)")
    }

    /// Why the alert of this case would lack its message or a label.
    private func textFault(
        _ rule: Rule, _ facts: Facts, _ evidence: Evidence
    ) -> EvaluationError? {
        let activation = facts.activation(rule.templates, evidence: evidence.value)
        for template in rule.labels.map(\.template) + [rule.message].compactMap(\.self) {
            do throws(EvaluationError) {
                _ = try template.rendered(activation)
            } catch {
                return error
            }
        }
        return nil
    }
}
