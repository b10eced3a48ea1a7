import CEL

/// Values inside texts.
enum ValueWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "json", .value, [.init("text", .expression)], returns: "dyn",
            "the JSON object or list inside a text, alone, in a code fence or after words; an empty map when there is none",
            "文本里的 JSON 对象或列表，可在代码块里、在文字之后；没有时为空 map",
            example: #"json(result.text).exists(i, i.title == "是否违规" && i.value == "是")"#,
            functions: [
                .reading("json_string", [.string], returns: .dyn) { call in
                    let bytes = call[0].withUTF8 { Array($0) } ?? []
                    let found = try EmbeddedJSON.tape(in: bytes) {
                        (work: Int) throws(EvaluationStop) in try call.spend(work)
                    }
                    guard let tape = found else { return try call.keep(empty, size: 0) }
                    return try call.keep(tape, size: bytes.count * bytesPerByte)
                }
            ], expand: nil)
    ]

    /// What a byte of JSON takes when it is read, roughly.
    private static let bytesPerByte = 8

    private static let empty: Tape = {
        var builder = TapeBuilder()
        builder.beginObject()
        builder.end()
        return try! builder.finish()  // because an empty object is always a sound tape
    }()
}
