package import CEL

/// A word or a function as a manual lists it.
package struct WordDescription: Hashable, Encodable, Sendable {
    package let name: String
    /// The section of the manual; `language` for what every CEL has.
    package let group: String
    /// `X.followedBy(Y[, span]) -> sentences`.
    package let signatures: [String]
    package let english: String
    package let chinese: String
    /// A condition or a part of one; empty for the language's own.
    package let example: String
}

/// The manual of the rules' language, made from the tables behind it.
package enum WordManual {
    /// The words of conversations, by section.
    package static let words: [WordDescription] = ConversationWord.Group.allCases.flatMap {
        group in
        ConversationWords.all.filter { $0.group == group }.map { word in
            WordDescription(
                name: word.name, group: group.rawValue, signatures: [word.signature],
                english: word.documentation.english, chinese: word.documentation.chinese,
                example: word.example)
        }
    }

    /// What rules can use of the language itself, by name.
    package static let language: [WordDescription] = {
        Vocabulary(lists: [:], variables: []).environment.functions
            // What words are made of is no word.
            .filter { !$0.name.hasPrefix("cel.") && $0.name != "indexesOfAlike" }
            .map { function in
                WordDescription(
                    name: function.name, group: "language", signatures: function.signatures,
                    english: function.documentation.english,
                    chinese: function.documentation.chinese, example: "")
            }
    }()

    /// The name of a section.
    package static func title(of group: String, in language: Language) -> String {
        let titles =
            ConversationWord.Group(rawValue: group)?.title
            ?? Bilingual("语言本身", "The language itself")
        return titles.text(in: language)
    }

    /// The words as tables of a manual, in both languages.
    package static var markdown: String {
        var text = ""
        for group in ConversationWord.Group.allCases {
            let (chinese, english) = (group.title.chinese, group.title.english)
            text += "### \(chinese) · \(english)\n\n| | | |\n|---|---|---|\n"
            for word in words where word.group == group.rawValue {
                let signature = word.signatures.joined(separator: "<br>")
                text +=
                    "| `\(cell(signature))` | \(cell(word.chinese))<br>\(cell(word.english)) "
                    + "| `\(cell(word.example))` |\n"
            }
            text += "\n"
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}

extension ConversationWord.Group {
    var title: Bilingual {
        switch self {
        case .text: Bilingual("说了什么", "What is said")
        case .missing: Bilingual("没说什么", "What is missing")
        case .number: Bilingual("有多少", "How many")
        case .place: Bilingual("在哪里", "Where")
        case .order: Bilingual("先后", "Before and after")
        case .series: Bilingual("连续与变化", "Streaks and changes")
        case .time: Bilingual("静音、抢话、时长", "Silence, interruptions, length")
        case .value: Bilingual("文本里的值", "Values inside texts")
        }
    }
}
