import CEL

/// Why a rule could not be judged, or an alert's text not be made: for people, in both languages.
///
/// All wording of ``RuleFault/reason`` is here; what failed inside an expression has its own, in CEL.
enum FaultReason {
    /// The condition, or what stands beside it: with the place in the expression and the stable
    /// name of the fault.
    static func condition(_ error: EvaluationError) -> String {
        let (chinese, english) = (error.message(in: .chinese), error.message(in: .english))
        // A function of the host has both languages in one text.
        let both = chinese == english ? english : "\(chinese) / \(english)"
        return "\(error.line):\(error.column): \(both) [\(error.code)]"
    }

    static func evidence(_ error: EvaluationError) -> String {
        "证据 / the evidence: " + condition(error)
    }

    static func label(_ name: String, _ error: EvaluationError) -> String {
        "标签 / the label `\(name)`: " + condition(error)
    }

    static func message(_ error: EvaluationError) -> String {
        "消息 / the message: " + condition(error)
    }

    /// The conversation, or the reply that it is of, is not of a form that rules can read.
    static func reply(_ error: TapeError) -> String {
        "回复无法读取 / the reply does not fit: \(error)"
    }

    /// What stands for a message that could not be made.
    static func insteadOfMessage(of title: String) -> String {
        "\(title)（消息无法生成 / its message could not be made）"
    }
}
