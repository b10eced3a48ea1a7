/// The expressions that are timed one by one.
enum ExpressionList {
    static let entries: [(name: String, expression: String)] = floor + scalars + texts + lists

    private static let calls = "result.sentences"

    /// What asking costs when there is nothing to do.
    private static let floor = [(name: "floor", expression: "true")]

    private static let scalars: [(name: String, expression: String)] = [
        ("text_equal", #"status == "ERROR""#),
        ("text_in_3", #"status in ["ERROR", "EXPIRED", "REFUSED"]"#),
        ("present", #"has(result.skillGroup) && result.skillGroup != "其他""#),
        ("absent", #"has(result.missing) && result.missing.startsWith("E")"#),
        (
            "members_4",
            #"result.vip && result.labels.level == "P1" && result.labels.region == "华南" && result.score < 70.0"#
        ),
        ("ints", "(result.endMs - result.beginMs) / 1000 - result.sentenceCount * 2 > 100"),
        ("doubles", "result.emotionAvg * 2.0 - result.silenceRatio / 0.5 < 4.0"),
        (
            "choice",
            #"result.score > 89.5 ? "A" : result.score > 79.5 ? "B" : result.score > 59.5 ? "C" : "D""#
        ),
        ("tags", #""加急" in result.tags && !("已解决" in result.tags)"#),
        (
            "agent_in_30",
            "result.agentId in [" + (2002...2031).map { "\"W\($0)\"" }.joined(separator: ", ") + "]"
        ),
        (
            "elements",
            "\(calls)[2].end - \(calls)[2].begin > 200 && \(calls)[0].role == \"坐席\""
        ),
        ("date", #"timestamp(result.createdAt) > timestamp("2026-09-30T16:00:00Z")"#),
        ("constants", #"2 * 3 + 4 == 10 && "a" + "b" + "c" == "abc" && [1, 2, 3].size() < 4"#),
        (
            "or_20",
            ((0..<10).map { "result.score < \($0).5" }
                + (0..<10).map { "result.sentenceCount == \($0)" }).joined(separator: " || ")
        ),
    ]

    private static let texts: [(name: String, expression: String)] = [
        ("text_matches", #"result.text.matches("主管|媒体|退款")"#),
        ("text_matches_not", #"result.text.matches("消协|法院|工信部")"#),
        ("text_matches_span", #"result.text.matches("投诉.{0,6}主管")"#),
        ("text_contains", #"result.text.contains("找媒体")"#),
        ("text_contains_not", #"result.text.contains("法院")"#),
    ]

    private static let lists: [(name: String, expression: String)] = [
        ("any_loud", "\(calls).exists(s, s.role == \"客户\" && s.emotionValue > 7)"),
        ("any_loud_not", "\(calls).exists(s, s.role == \"客户\" && s.emotionValue > 10)"),
        ("any_over_variable", "\(calls).exists(s, s.role == \"客户\" && s.emotionValue > threshold)"),
        ("any_word", "\(calls).exists(s, s.words.contains(\"投诉\"))"),
        ("any_word_not", "\(calls).exists(s, s.words.contains(\"法院\"))"),
        ("any_start", "\(calls).exists(s, s.words.startsWith(\"投诉\"))"),
        ("all_slow", "\(calls).all(s, s.speechRate < 6.9)"),
        ("count_loud", "\(calls).filter(s, s.emotionValue >= 6).size() >= 4"),
        (
            "count_long",
            "\(calls).filter(s, s.role == \"坐席\" && s.end - s.begin > 4000).size() > 12"
        ),
        ("words_of_all", "\"我等了很久了，真的很失望\" in \(calls).map(s, s.words)"),
        ("exactly_one", "\(calls).exists_one(s, s.emotionValue == 9)"),
        ("any_pattern", "\(calls).exists(s, s.words.matches(\"(投诉|退款).*(经理|媒体)\"))"),
        ("any_pattern_not", "\(calls).exists(s, s.words.matches(\"^(法院|律师).*[0-9]+$\"))"),
        (
            "any_of_words_not",
            "\(calls).exists(s, result.keywords.exists(k, s.words.contains(k) && s.silence > 9000))"
        ),
    ]
}
