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
        do throws(TapeError) {
            facts = try Facts(
                conversation, task: task, reply: reply?.tape, at: now,
                in: rules.vocabulary.environment)
        } catch {
            let id = Alert.ID(rule: OwnAlert.prefix + "facts", task: task.id, tid: conversation.tid)
            verdict.faults.append(
                RuleFault(id: id, reason: FaultReason.reply(error), raisedAt: now))
            return verdict
        }
        let judgements = rules.judgements(at: conversation.status, facts)
        if judgements.isEmpty { return verdict }
        let drafts = Drafts(conversation, task)
        verdict.alerts.reserveCapacity(judgements.count)
        for (rule, judgement) in judgements {
            let id = Alert.ID(rule: rule.id, task: task.id, tid: conversation.tid)
            switch judgement {
            case .silent: break
            case .fires(let evidence, let unfound):
                let (alert, fault) = drafts.alert(
                    of: rule, id, evidence, facts, rules.version, at: now)
                verdict.alerts.append(alert)
                let reasons = [unfound.map(FaultReason.evidence), fault].compactMap(\.self)
                if !reasons.isEmpty {
                    let fault = reasons.joined(separator: "; ")
                    verdict.faults.append(RuleFault(id: id, reason: fault, raisedAt: now))
                }
            case .fault(let error):
                verdict.faults.append(
                    RuleFault(id: id, reason: FaultReason.condition(error), raisedAt: now))
            }
        }
        return verdict
    }
}

/// The alerts of one conversation in the making, with their texts.
private struct Drafts {
    private let conversation: Conversation
    private let source: String
    /// The task's labels, with room for those that each alert has.
    private let labels: [String: String]

    init(_ conversation: Conversation, _ task: TaskRecord) {
        self.conversation = conversation
        source = task.id.source
        var labels = task.labels
        labels.reserveCapacity(labels.count + 3)
        self.labels = labels
    }

    /// A text that cannot be made never costs the alert: it is told plainly, with a fault beside.
    func alert(
        of rule: Rule, _ id: Alert.ID, _ evidence: Evidence, _ facts: Facts, _ version: String,
        at now: Timestamp
    ) -> (Alert, fault: String?) {
        var faults: [String] = []
        var labels = labels
        var message = rule.title
        if rule.message != nil || !rule.labels.isEmpty {
            let activation = facts.activation(rule.templates, evidence: evidence.value)
            for (name, template) in rule.labels {
                do throws(EvaluationError) {
                    let text = try template.rendered(activation)
                    labels[name] = String(text.prefix(Evaluation.labelLimit))
                } catch {
                    faults.append(FaultReason.label(name, error))
                }
            }
            do throws(EvaluationError) {
                if let template = rule.message {
                    message = try template.rendered(activation).trimmed
                }
            } catch {
                message = FaultReason.insteadOfMessage(of: rule.title)
                faults.append(FaultReason.message(error))
            }
        }
        labels["rule"] = rule.id
        labels["severity"] = rule.severity.rawValue
        labels["source"] = source
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
        let sentences = conversation.sentences
        // No sentence is told twice: neither one that is quoted itself, nor a common neighbour.
        var told = Array(repeating: false, count: sentences.count)
        for case .sentence(let index, _) in evidence.pieces where told.indices.contains(index) {
            told[index] = true
        }
        var quotes: [Quote] = []
        quotes.reserveCapacity(evidence.pieces.count)
        for piece in evidence.pieces {
            switch piece {
            case .words(let text): quotes.append(Quote(words: text))
            case .sentence(let index, let late):
                guard sentences.indices.contains(index) else { continue }
                let before = context(index - 1, of: sentences, &told)
                let after = context(index + 1, of: sentences, &told)
                quotes.append(quote(sentences[index], late: late, before, after))
            }
        }
        return quotes
    }

    private static func context(
        _ index: Int, of sentences: [Sentence], _ told: inout [Bool]
    ) -> Quote.Context? {
        guard sentences.indices.contains(index), !told[index], !sentences[index].words.isEmpty
        else { return nil }
        told[index] = true
        return Quote.Context(
            words: sentences[index].words.shortened(to: contextLimit),
            at: DerivedSentence.place(sentences[index].begin), speaker: sentences[index].speaker,
            roleName: sentences[index].roleName)
    }

    private static func quote(
        _ sentence: Sentence, late: Int64?, _ before: Quote.Context?, _ after: Quote.Context?
    ) -> Quote {
        Quote(
            words: sentence.words.shortened(to: wordsLimit),
            at: DerivedSentence.place(sentence.begin), begin: sentence.begin, end: sentence.end,
            speaker: sentence.speaker,
            roleName: sentence.roleName.isEmpty ? nil : sentence.roleName,
            emotionValue: sentence.emotionValue, speechRate: sentence.speechRate, late: late,
            before: before, after: after)
    }
}

extension String {
    /// The first characters.
    ///
    /// To count characters takes long, but a text has no more of them than code points, which begin
    /// with a byte of their own.
    fileprivate func shortened(to limit: Int) -> String {
        if utf8.count <= limit { return self }
        let codePoints = utf8.withContiguousStorageIfAvailable { bytes in
            var count = 0
            for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
            return count
        }
        if let codePoints, codePoints <= limit { return self }
        return String(prefix(limit))
    }

    /// Without the line ends and blanks around it, which a block scalar always has.
    fileprivate var trimmed: String { unicodeScalars.trimmingWhitespace }
}
