import Pipeline

/// Every word of our own in messages to people, in both languages.
struct Words {
    let language: MessageContext.Language

    private func choose(_ chinese: String, _ english: String) -> String {
        language == .chinese ? chinese : english
    }

    func severity(_ severity: Severity) -> String {
        switch severity {
        case .info: choose("提示", "info")
        case .low: choose("低", "low")
        case .medium: choose("中", "medium")
        case .high: choose("高", "high")
        case .critical: choose("紧急", "critical")
        }
    }

    func speaker(_ speaker: Speaker) -> String {
        switch speaker {
        case .customer: choose("客户", "customer")
        case .agent: choose("坐席", "agent")
        case .other: choose("其他", "other")
        }
    }

    /// `3 条告警`.
    func alerts(_ count: Int) -> String {
        choose("\(count) 条告警", count == 1 ? "1 alert" : "\(count) alerts")
    }

    /// `…等 3 条`, after the first one's title.
    func andOthers(of count: Int) -> String {
        choose(" 等 \(count) 条", " and \(count - 1) more")
    }

    /// Empty for the only part.
    func part(_ part: Int, of parts: Int) -> String {
        guard parts > 1 else { return "" }
        return choose("（\(part)/\(parts)）", " (\(part)/\(parts))")
    }

    func loudness(_ value: Int64) -> String { choose("响度 \(value)", "loudness \(value)") }

    /// `晚 4 秒`: how far something was said from where it had to be; negative is too early.
    func late(_ milliseconds: Int64) -> String {
        let tenths = (milliseconds.magnitude + 50) / 100
        let seconds = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return milliseconds < 0
            ? choose("早 \(seconds) 秒", "\(seconds) s early")
            : choose("晚 \(seconds) 秒", "\(seconds) s late")
    }

    var colon: String { choose("：", ": ") }
    var task: String { choose("任务", "Task") }
    var rule: String { choose("规则", "Rule") }
    var raised: String { choose("时间", "Raised") }
    var labels: String { choose("标签", "Labels") }
    var evidence: String { choose("证据", "Evidence") }

    var recording: String { choose("听录音", "Recording") }

    func moreAlerts(_ count: Int) -> String {
        choose("另有 \(count) 条告警", count == 1 ? "and 1 more alert" : "and \(count) more alerts")
    }

    func moreQuotes(_ count: Int) -> String {
        choose("另有 \(count) 句证据", "and \(count) more quotes")
    }

    func moreLabels(_ count: Int) -> String {
        choose("另有 \(count) 个标签", "and \(count) more labels")
    }

    /// Ends an alert that was too long for the channel.
    var cutNote: String {
        choose(
            "（内容过长，已截断，完整内容见 Tocsin）",
            "(too long for this channel, cut; the whole of it is in Tocsin)")
    }
}
