import CEL

/// Reads one rule of a file.
struct RuleReader {
    let vocabulary: Vocabulary
    let channels: Set<String>?

    private static let keys = [
        "rule", "title", "severity", "on", "when", "unless", "evidence", "labels", "message",
        "notify", "enabled", "shadow", "cases",
    ]

    /// `places` remembers where each id was first used.
    func read(_ cursor: Cursor, places: inout [String: String]) -> Rule? {
        guard let fields = cursor.fields(Self.keys) else { return nil }
        let id = readID(fields["rule"], cursor, &places)
        let environment = vocabulary.environment
        let statuses = readStatuses(fields["on"])
        if fields["when"] == nil { cursor.reportMissing("when") }
        let when = fields["when"].flatMap { Condition.read($0, in: environment) }
        let unless = fields["unless"].flatMap { Condition.read($0, in: environment) }
        let evidence = fields["evidence"]?.program(environment, expecting: .list(.dyn))
        for (program, place) in [(when, fields["when"]), (unless, fields["unless"])] {
            if let program, let place { checkStatuses(program.program, statuses, place) }
        }
        let templates = vocabulary.templates(
            evidence: evidence?.resultType ?? when?.evidenceType)
        let message = fields["message"].flatMap { Template.compiled($0, in: templates) }
        let labels = readLabels(fields["labels"], templates)
        let notify = readChannels(fields["notify"])
        let title = fields["title"]?.text()
        let severity = fields["severity"]?.choice(Severity.self)
        let isEnabled = fields["enabled"]?.bool()
        let isShadow = fields["shadow"]?.bool()
        var rule: Rule?
        if let id, let when, isSound(fields["unless"], unless),
            isSound(fields["evidence"], evidence)
        {
            rule = Rule(
                id: id, title: String((title ?? id).prefix(Rule.titleLimit)),
                severity: severity ?? .medium, statuses: statuses, when: when, unless: unless,
                evidence: evidence, labels: labels, message: message, templates: templates,
                tellsEvidence: Self.tellEvidence(message, labels), notify: notify,
                isEnabled: isEnabled ?? true, isShadow: isShadow ?? false)
        }
        if let cases = fields["cases"] {
            RuleCases(rule: rule, statuses: statuses, vocabulary: vocabulary).check(cases)
        }
        return rule
    }

    /// Not there, or there and understood.
    private func isSound(_ field: Cursor?, _ read: (some Any)?) -> Bool {
        field == nil || read != nil
    }

    private static func tellEvidence(
        _ message: Template?, _ labels: [(name: String, template: Template)]
    ) -> Bool {
        (labels.map(\.template) + [message].compactMap(\.self)).contains { $0.reads("evidence") }
    }

    private func readID(
        _ field: Cursor?, _ cursor: Cursor, _ places: inout [String: String]
    ) -> String? {
        guard let field else {
            cursor.reportMissing("rule", Bilingual("每条规则要有编号", "every rule has an id"))
            return nil
        }
        guard let id = field.text() else { return nil }
        guard id.wholeMatch(of: /[a-z0-9][a-z0-9_.\-]*/) != nil, id.utf8.count <= Rule.idLimit
        else {
            field.report(
                "bad-rule-id",
                Bilingual(
                    "规则编号用小写字母、数字、- _ . ，不超过 \(Rule.idLimit) 个字符",
                    "a rule's id has lower-case letters, digits and - _ . only, \(Rule.idLimit) at most"
                ))
            return nil
        }
        if let first = places[id] {
            field.report(
                "duplicate-rule",
                Bilingual("规则 `\(id)` 已在 \(first) 定义", "the rule `\(id)` is defined in \(first)"))
            return nil
        }
        places[id] = field.placeText
        return id
    }

    private func readStatuses(_ field: Cursor?) -> Set<TaskStatus> {
        guard let field else { return Rule.defaultStatuses }
        guard let items = field.itemsOrOne() else { return Rule.defaultStatuses }
        if items.isEmpty {
            field.report(
                "never-asked",
                Bilingual("没有状态，规则永远不会判定", "without a status the rule is never asked"),
                hint: Bilingual(
                    "去掉 on 就在 FINISH 时判定；停用规则写 enabled: false",
                    "without `on` it is asked at FINISH; to switch a rule off write enabled: false")
            )
        }
        let statuses = items.compactMap { $0.choice(TaskStatus.self) }
        return statuses.isEmpty ? Rule.defaultStatuses : Set(statuses)
    }

    /// A status that `on` never gives makes the condition false for ever, or true for ever.
    private func checkStatuses(_ program: Program, _ statuses: Set<TaskStatus>, _ place: Cursor) {
        for comparison in program.usage.comparisons
        where comparison.path == "task.status" && !comparison.isNegated {
            var possible = false
            for (constant, range) in zip(comparison.constants, comparison.constantRanges) {
                guard case .string(let name) = constant else { continue }
                guard let status = TaskStatus(rawValue: name) else {
                    let nearest = Nearest.name(
                        to: name, among: TaskStatus.allCases.map(\.rawValue))
                    let all = TaskStatus.allCases.map(\.rawValue).joined(separator: " ")
                    place.report(
                        "unknown-status", at: range,
                        Bilingual("没有 `\(name)` 这个状态", "there is no status `\(name)`"),
                        hint: nearest.map { Bilingual("是想写 `\($0)` 吗？", "did you mean `\($0)`?") }
                            ?? Bilingual("可用的状态：\(all)", "the statuses are: \(all)"))
                    possible = true
                    continue
                }
                possible = possible || statuses.contains(status)
            }
            guard !possible, !comparison.constants.isEmpty else { continue }
            let names = comparison.constants.compactMap { value -> String? in
                if case .string(let name) = value { name } else { nil }
            }
            let on = statuses.map(\.rawValue).sorted().joined(separator: ", ")
            place.report(
                "status-never-given", at: comparison.range,
                Bilingual(
                    "规则只在 [\(on)] 时判定，这个条件永远不成立",
                    "the rule is asked at [\(on)] only, so this never holds"),
                hint: Bilingual(
                    "给规则加上 on: [\(names.joined(separator: ", "))]",
                    "give the rule on: [\(names.joined(separator: ", "))]"))
        }
    }

    private func readLabels(
        _ field: Cursor?, _ environment: Environment
    ) -> [(name: String, template: Template)] {
        guard let field, let entries = field.entries() else { return [] }
        _ = entries.map(\.key).bounded(
            Intake.labelLimit, "too-many-labels",
            Bilingual("标签超过 \(Intake.labelLimit) 个", "more than \(Intake.labelLimit) labels"))
        return entries.prefix(Intake.labelLimit).compactMap { key, name, value in
            guard !name.isEmpty, name.utf8.count <= Intake.labelLengthLimit else {
                key.report(
                    "bad-name", Bilingual("标签名太长或为空", "the label's name is empty or too long"))
                return nil
            }
            if ["rule", "severity", "source"].contains(name) {
                key.report(
                    "reserved-label",
                    Bilingual(
                        "`\(name)` 标签由程序填写", "the label `\(name)` is set by the program"))
            }
            return Template.compiled(value, in: environment).map { (name, $0) }
        }
    }

    private func readChannels(_ field: Cursor?) -> [String]? {
        guard let field, let items = field.itemsOrOne() else { return nil }
        return items.compactMap { item in
            guard let name = item.text() else { return nil }
            if let channels, !channels.contains(name) {
                item.reportChoice(name, among: channels.sorted())
            }
            return name
        }
    }
}
