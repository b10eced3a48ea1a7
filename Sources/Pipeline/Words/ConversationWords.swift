import CEL

/// The vocabulary of quality rules: one table behind the checker, the evaluator, `tocsin functions`
/// and the manual.
enum ConversationWords {
    static let all: [ConversationWord] =
        TextWords.all + MissingWords.all + NumberWords.all + PlaceWords.all + OrderWords.all
        + SeriesWords.all + TimeWords.all + ValueWords.all

    /// The most arguments of a call that is answered with the forms of the word.
    private static let argumentLimit = 12

    /// Adds the words to an environment that has `sentences`, `customer` and `agent`.
    static func declare(in environment: inout Environment) {
        for side in ["customer", "agent"] {
            environment.declare(methodsOf: side, on: "sentences")
        }
        let names = Dictionary(grouping: all, by: \.name)
        for (_, words) in names.sorted(by: { $0.key < $1.key }) {
            if let macro = misuse(words) { environment.declare(macro) }
        }
        for word in all {
            if let macro = word.macro { environment.declare(macro) }
            guard !word.functions.isEmpty else { continue }
            environment.declare(
                HostFunction(
                    word.name, word.documentation, forms: names[word.name]?.map(\.form) ?? [],
                    overloads: word.functions))
        }
    }

    /// Says how a word is written when it is called with another number of arguments.
    private static func misuse(_ words: [ConversationWord]) -> Macro? {
        guard let word = words.first, word.expand != nil else { return nil }
        let forms = words.map(\.form)
        // The language has `list.first()` and `list.last()`.
        let least = ["first", "last"].contains(word.name) ? 1 : 0
        return Macro(
            word.name, isReceiver: true, arguments: least...argumentLimit, word.documentation
        ) { expansion in
            expansion.report(
                "write \(forms.joined(separator: " or "))", "写成 \(forms.joined(separator: " 或 "))")
            return expansion.literal(false)
        }
    }
}
