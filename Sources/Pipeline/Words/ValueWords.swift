import CEL
import JSON

/// Values inside texts.
enum ValueWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "json", .value, [.init("text", .expression)], returns: "dyn",
            "the JSON inside a text; an empty map when there is none", "文本里的 JSON；不是 JSON 时为空 map",
            example: #"json(result.text).exists(i, i.title == "是否违规" && i.value == "是")"#,
            functions: [
                .reading("json_string", [.string], returns: .dyn) { call in
                    let bytes = call[0].withUTF8 { Array($0) } ?? []
                    try call.spend(bytes.count >> 2)
                    guard let tape = try? JSON.parse(bytes) else {
                        return try call.keep(empty, size: 0)
                    }
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
