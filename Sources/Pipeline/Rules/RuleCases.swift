import CEL

/// The examples that a rule carries: run when it is loaded, reported where they stand.
struct RuleCases {
    let rule: Rule
    let vocabulary: Vocabulary

    /// The most cases of a rule.
    static let limit = 200

    func check(_ cursor: Cursor) {
        for item in (cursor.items() ?? []).prefix(Self.limit) {
            guard let fields = item.fields(["name", "given", "expect"]) else { continue }
            guard let place = fields["expect"] else {
                item.reportMissing("expect", Bilingual("写 true 或 false", "true or false"))
                continue
            }
            let given = GivenReader(defaultStatus: defaultStatus).read(fields["given"])
            guard let expected = place.bool(), let given else { continue }
            run(given, expected: expected, name: fields["name"]?.text() ?? "", at: place)
        }
    }

    /// FINISH, or for a rule that is never asked then, a status at which it is.
    private var defaultStatus: TaskStatus {
        rule.statuses.contains(.finish) ? .finish : rule.statuses.min() ?? .finish
    }

    private func run(_ given: Given, expected: Bool, name: String, at place: Cursor) {
        let judged: Evaluation.Judgement
        do {
            let facts = try Facts(
                given.conversation, task: given.task, reply: given.raw, at: given.now,
                in: vocabulary.environment)
            judged =
                rule.statuses.contains(given.conversation.status)
                ? Evaluation.judgement(of: rule, facts) : .silent
        } catch {
            place.report(
                "bad-case", Bilingual("用例的值放不下：\(error)", "the case's values do not fit: \(error)"))
            return
        }
        let fires: Bool
        switch judged {
        case .silent: fires = false
        case .fires: fires = true
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
            ))
    }
}
