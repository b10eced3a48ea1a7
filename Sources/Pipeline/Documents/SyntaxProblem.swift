/// The words of the YAML parser, said in Chinese.
enum SyntaxProblem {
    /// The parser's own bound on nesting (1,000 levels), which keeps its readers' stacks safe.
    static func isNesting(_ problem: String) -> Bool {
        problem.hasPrefix("Maximum nesting level")
    }

    /// Whether the parser stands behind the mistake when it says this.
    static func isLate(_ problem: String) -> Bool { problem == "could not find expected ':'" }

    /// As it is when it is not among those that people meet.
    static func chinese(_ problem: String) -> String { known[problem] ?? problem }

    private static let known = [
        "mapping values are not allowed in this context": "这里不能再出现“键: 值”（多了一个冒号？）",
        "found character that cannot start any token": "值不能以这个字符开头",
        "found a tab character where an indentation space is expected": "缩进要用空格，这里是制表符",
        "found a tab character that violates indentation": "缩进要用空格，这里是制表符",
        "found unexpected end of stream": "引号没有闭合",
        "found unexpected document indicator": "引号没有闭合就遇到了 --- 或 ...",
        "found unknown escape character": "双引号里没有这种 \\ 转义",
        "did not find expected key": "这里应是一个键（检查缩进）",
        "did not find expected '-' indicator": "这里应是以“- ”开头的列表项（检查缩进）",
        "did not find expected node content": "这里缺少值",
        "did not find expected ',' or ']'": "列表缺少“,”或“]”",
        "did not find expected ',' or '}'": "花括号里缺少“,”或“}”",
        "did not find expected <document start>": "前一个值已经结束，这里多出了内容",
        "did not find expected whitespace or line break": "这里应是空格或换行",
        "did not find expected comment or line break": "`|` 或 `>` 后面只能是注释或换行",
        "did not find expected alphabetic or numeric character": "`&` 或 `*` 后面要有名字",
        "did not find URI escaped octet": "`!` 后面不是标签",
        "could not find expected ':'": "键后面缺少“:”",
        "found undefined alias": "没有这个别名",
        "but found another document": "一个文件里只能有一份文档（多了一个 ---）",
        "block sequence entries are not allowed in this context": "这里不能有以“- ”开头的列表项",
        "block mapping keys are not allowed in this context": "这里不能有键",
        "control characters are not allowed": "不允许控制字符",
    ]
}
