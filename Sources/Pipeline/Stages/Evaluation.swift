import CEL

/// Which rules a conversation meets.
///
/// One evaluator for live, `test` and `replay`; pure.
package enum Evaluation {
    /// What the rules say of one conversation.
    package struct Verdict: Sendable {
        package var alerts: [Alert] = []
        package var faults: [RuleFault] = []

        package init() {}
    }

    /// The most quotes of an alert, and the most characters of one.
    static let quoteLimit = 20
    static let wordsLimit = 500
    /// The most characters of a sentence beside a quote.
    static let contextLimit = 120
    /// The most characters of a label that a rule makes.
    static let labelLimit = 256

    /// Asks every enabled rule whose `on` has the conversation's status.
    ///
    /// A rule that cannot be judged is a fault beside the alerts; it never stops another. The reply
    /// is nil for EXPIRED and REFUSED.
    package static func judge(
        _ conversation: Conversation, of reply: TaskReply?, task: TaskRecord, rules: RuleSet,
        at now: Timestamp
    ) -> Verdict {
        var verdict = Verdict()
        guard rules.asksAnything(at: conversation.status) else { return verdict }
        let facts: Facts
        do {
            facts = try Facts(
                conversation, task: task, reply: reply?.tape, at: now,
                in: rules.vocabulary.environment)
        } catch {
            let id = Alert.ID(rule: OwnAlert.prefix + "facts", task: task.id, tid: conversation.tid)
            verdict.faults.append(
                RuleFault(id: id, reason: "the reply does not fit: \(error)", raisedAt: now))
            return verdict
        }
        for (rule, judgement) in rules.judgements(at: conversation.status, facts) {
            let id = Alert.ID(rule: rule.id, task: task.id, tid: conversation.tid)
            switch judgement {
            case .silent: break
            case .fires(let evidence, let unfound):
                let draft = Draft(rule: rule, id: id, conversation: conversation, task: task)
                let (alert, fault) = draft.alert(evidence, facts, rules.version, at: now)
                verdict.alerts.append(alert)
                let reasons = [unfound.map { "the evidence: \($0)" }, fault].compactMap(\.self)
                if !reasons.isEmpty {
                    let fault = reasons.joined(separator: "; ")
                    verdict.faults.append(RuleFault(id: id, reason: fault, raisedAt: now))
                }
            case .fault(let error):
                verdict.faults.append(
                    RuleFault(id: id, reason: error.description, raisedAt: now))
            }
        }
        return verdict
    }
}

/// An alert in the making: a rule that fired, and its texts.
private struct Draft {
    let rule: Rule
    let id: Alert.ID
    let conversation: Conversation
    let task: TaskRecord

    /// A text that cannot be made never costs the alert: it is told plainly, with a fault beside.
    func alert(
        _ evidence: Evidence, _ facts: Facts, _ version: String, at now: Timestamp
    ) -> (Alert, fault: String?) {
        var faults: [String] = []
        var labels = task.labels
        var message = rule.title
        if rule.message != nil || !rule.labels.isEmpty {
            let activation = facts.activation(rule.templates, evidence: evidence.value)
            for (name, template) in rule.labels {
                do {
                    let text = try template.rendered(activation)
                    labels[name] = String(text.prefix(Evaluation.labelLimit))
                } catch {
                    faults.append("the label `\(name)`: \(error)")
                }
            }
            do {
                if let template = rule.message {
                    message = try template.rendered(activation).trimmed
                }
            } catch {
                message = "\(rule.title)（消息无法生成 / its message could not be made）"
                faults.append("the message: \(error)")
            }
        }
        labels["rule"] = rule.id
        labels["severity"] = rule.severity.rawValue
        labels["source"] = task.id.source
        let alert = Alert(
            id: id, title: rule.title, severity: rule.severity, labels: labels, message: message,
            evidence: Evaluation.quotes(evidence, of: conversation), raisedAt: now,
            ruleSetVersion: version, notify: rule.notify, isShadow: rule.isShadow)
        return (alert, faults.isEmpty ? nil : faults.joined(separator: "; "))
    }
}

extension Evaluation {
    /// Evidence as it is quoted: sentences with their places and neighbours, anything else in
    /// words.
    static func quotes(_ evidence: Evidence, of conversation: Conversation) -> [Quote] {
        let indices = evidence.pieces.compactMap { piece -> Int? in
            if case .sentence(let index, _) = piece { return index }
            return nil
        }
        // No sentence is told twice: neither one that is quoted itself, nor a common neighbour.
        var told = Array(repeating: false, count: conversation.sentences.count)
        for index in indices where told.indices.contains(index) { told[index] = true }
        return evidence.pieces.compactMap { piece in
            switch piece {
            case .words(let text): return Quote(words: text)
            case .sentence(let index, let late):
                guard conversation.sentences.indices.contains(index) else { return nil }
                var quote = quote(conversation.sentences[index], late: late)
                quote.before = context(index - 1, of: conversation, &told)
                quote.after = context(index + 1, of: conversation, &told)
                return quote
            }
        }
    }

    private static func context(
        _ index: Int, of conversation: Conversation, _ told: inout [Bool]
    ) -> Quote.Context? {
        guard conversation.sentences.indices.contains(index),
            !conversation.sentences[index].words.isEmpty, !told[index]
        else { return nil }
        told[index] = true
        let sentence = conversation.sentences[index]
        return Quote.Context(
            words: sentence.words.shortened(to: contextLimit),
            at: DerivedSentence.place(sentence.begin), speaker: sentence.speaker,
            roleName: sentence.roleName)
    }

    private static func quote(_ sentence: Sentence, late: Int64?) -> Quote {
        Quote(
            words: sentence.words.shortened(to: wordsLimit),
            at: DerivedSentence.place(sentence.begin), begin: sentence.begin, end: sentence.end,
            speaker: sentence.speaker,
            roleName: sentence.roleName.isEmpty ? nil : sentence.roleName,
            emotionValue: sentence.emotionValue, speechRate: sentence.speechRate, late: late)
    }
}

extension String {
    /// The first characters.
    ///
    /// To count characters takes long, but a text has no more of them than code points, which begin
    /// with a byte of their own.
    fileprivate func shortened(to limit: Int) -> String {
        if utf8.count <= limit { return self }
        let codePoints = utf8.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return codePoints <= limit ? self : String(prefix(limit))
    }

    /// Without the line ends and blanks around it, which a block scalar always has.
    fileprivate var trimmed: String { unicodeScalars.trimmingWhitespace }
}
