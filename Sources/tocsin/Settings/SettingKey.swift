import Pipeline

/// One key of the settings, as the manual lists it and as the reader knows it.
struct SettingKey: Hashable, Sendable {
    let name: String
    /// A value as the file has it, on one line.
    let example: String
    /// Other keys that the example needs, as the file has them.
    let beside: String
    let meaning: Bilingual
    /// What holds without it; nil for nothing.
    let usual: Bilingual?
    let bound: Bilingual?
    let isRequired: Bool

    init(
        _ name: String, _ example: String, _ chinese: String, _ english: String,
        usual: Bilingual? = nil, bound: Bilingual? = nil, isRequired: Bool = false,
        beside: String = ""
    ) {
        self.name = name
        self.example = example
        self.beside = beside
        meaning = Bilingual(chinese, english)
        self.usual = usual
        self.bound = bound
        self.isRequired = isRequired
    }

    /// `key: value`, as the file has it.
    var line: String { "\(name): \(example)" }

    /// What holds without it, and what it may be.
    var terms: Bilingual {
        let first =
            isRequired
            ? Bilingual("必填", "required")
            : usual.map { Bilingual("默认 \($0.chinese)", "default \($0.english)") }
        let parts = [first, bound].compactMap(\.self)
        return Bilingual(
            parts.map(\.chinese).joined(separator: "；"),
            parts.map(\.english).joined(separator: "; "))
    }
}

extension Bilingual {
    /// The same in both languages.
    static func both(_ text: String) -> Bilingual { Bilingual(text, text) }
}
