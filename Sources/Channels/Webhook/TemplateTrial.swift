import CEL
import Pipeline

/// Renders a template with sample alerts when the settings are read, so that what cannot work is
/// known before an alert depends on it.
struct TemplateTrial {
    let cursor: Cursor

    /// Whether the template works with an alert that has everything; findings say why not.
    ///
    /// What fails for an alert that has little is a warning: such an alert goes out as plain JSON.
    func passes(_ template: WebhookTemplate, limit: Int) -> Bool {
        switch Self.outcome(of: template, with: Self.fullAlert) {
        case .success(let text) where text.utf8.count > limit:
            cursor.report(
                "template-too-large",
                Bilingual(
                    "一条告警就有 \(text.utf8.count) 字节，最多 \(limit)",
                    "one alert makes \(text.utf8.count) bytes; the most is \(limit)"))
            return false
        case .success: break
        case .failure(let failure):
            report(failure, with: Bilingual("示例告警", "a sample alert"), .error)
            return false
        }
        if case .failure(let failure) = Self.outcome(of: template, with: Self.bareAlert) {
            report(
                failure,
                with: Bilingual("没有证据和标签的告警", "an alert without evidence and labels"), .warning)
        }
        return true
    }

    static func outcome(
        of template: WebhookTemplate, with alert: Alert
    ) -> Result<String, WebhookTemplate.Failure> {
        let flush = Flush(id: "sample", at: alert.raisedAt)
        let body = WebhookBody(channel: "sample").text([alert], part: 1, parts: 1, at: flush.at)
        guard let activation = TemplateWords.activation(of: body, id: "sample-1") else {
            return .failure(.noAlerts)
        }
        return Result { () throws(WebhookTemplate.Failure) in try template.rendered(activation) }
    }

    private func report(
        _ failure: WebhookTemplate.Failure, with what: Bilingual, _ severity: Finding.Severity
    ) {
        var range: Range<Int>?
        var reason = failure.reason
        if case .evaluation(_, let offset, let error) = failure {
            range = error.range.lowerBound + offset..<error.range.upperBound + offset
            reason = Bilingual(error.message(in: .chinese), error.message(in: .english))
        }
        cursor.report(
            "template-fails", at: range,
            Bilingual(
                "用\(what.chinese)试，失败：\(reason.chinese)",
                "it fails with \(what.english): \(reason.english)"),
            hint: Bilingual(
                "先判断有没有，例如 alert.evidence.size() > 0 ? … : \"\"",
                "ask first whether it is there: alert.evidence.size() > 0 ? … : \"\""),
            severity: severity)
    }

    private static let moment = Pipeline.Timestamp(milliseconds: 1_800_000_000_000)
    private static let id = Alert.ID(
        rule: "sample-rule", task: TaskID(source: "sample", id: "sample-task"), tid: "sample-record"
    )

    /// With all that an alert can have, and with signs that need care.
    private static let fullAlert: Alert = {
        let context = Quote.Context(
            words: "“您好”, \"hi\" <&>", at: "00:01", speaker: .agent, roleName: "坐席")
        let quotes = (0..<3).map { number in
            Quote(
                words: "我要投诉 \\ \(number)\n\t🔥", at: "00:0\(number)", begin: 1000, end: 2000,
                speaker: .customer, roleName: "客户", emotionValue: 9, speechRate: 260, late: 500,
                before: context, after: context)
        }
        return Alert(
            id: id, title: "客户情绪激动 \"!\"", severity: .critical,
            labels: ["team": "一组", "rule": "sample-rule"], message: "line 1\nline 2 \\ \"\"",
            evidence: quotes, raisedAt: moment, ruleSetVersion: "sample")
    }()

    private static let bareAlert = Alert(
        id: Alert.ID(rule: "sample-rule", task: TaskID(source: "sample", id: "sample-task")),
        title: "", severity: .info, labels: [:], message: "", evidence: [], raisedAt: moment,
        ruleSetVersion: "sample")
}

extension WebhookTemplate.Failure {
    /// For people; it repeats nothing of the alerts.
    var reason: Bilingual {
        switch self {
        case .evaluation(let source, _, let error):
            Bilingual(
                "`{{\(source)}}`：\(error.message(in: .chinese))",
                "`{{\(source)}}`: \(error.message(in: .english))")
        case .tooLarge(let limit):
            Bilingual("超过 \(limit) 字节", "it has over \(limit) bytes")
        case .noAlerts: Bilingual("消息里没有告警", "there is no alert in the message")
        }
    }
}
