import CEL

/// A word of the language in which quality rules are written.
///
/// One row feeds the checker, the evaluator, `tocsin functions` and the manual.
struct ConversationWord: Sendable {
    /// The sections of the manual, in their order.
    enum Group: String, CaseIterable, Sendable {
        case text, missing, number, place, order, series, time, value
    }

    /// One argument of a word.
    struct Parameter: Sendable {
        enum Kind: Sendable {
            /// A text, or a list of texts.
            case words
            /// A list of texts.
            case list
            /// A regular expression.
            case pattern
            /// A list of sentences, or a side.
            case sentences
            /// See ``Span``.
            case span(Reach)
            case number
            /// See ``Change``.
            case change
            /// A name for each sentence inside the next argument.
            case variable
            case expression
        }

        /// Which spans make sense.
        enum Reach: Sendable { case time, sentences, any }

        let name: String
        let kind: Kind

        init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// Makes the nodes of a call; the arguments have been looked at.
    typealias Expansion = @Sendable (inout MacroExpansion, NodeID, [NodeID]) -> NodeID

    let name: String
    let group: Group
    let parameters: [Parameter]
    /// How many of the last parameters may be left out.
    let optional: Int
    /// What comes out, as the manual calls it.
    let result: String
    let documentation: Documentation
    /// An expression that compiles.
    let example: String
    let expand: Expansion?
    /// What the nodes call, or the whole word when it is no method.
    let functions: [HostFunction.Overload]

    init(
        _ name: String, _ group: Group, _ parameters: [Parameter] = [], optional: Int = 0,
        returns result: String = "sentences", _ english: String, _ chinese: String,
        example: String, functions: [HostFunction.Overload] = [], expand: Expansion?
    ) {
        self.name = name
        self.group = group
        self.parameters = parameters
        self.optional = optional
        self.result = result
        documentation = Documentation(english, chinese)
        self.example = example
        self.functions = functions
        self.expand = expand
    }

    /// `X.followedBy(Y[, span])`: X is any list of sentences.
    var form: String {
        let required = parameters.dropLast(optional).map(\.name)
        var text = required.joined(separator: ", ")
        for parameter in parameters.suffix(optional) {
            text += (text.isEmpty ? "[" : "[, ") + parameter.name
        }
        text += String(repeating: "]", count: optional)
        return "\(expand == nil ? "" : "X.")\(name)(\(text))"
    }

    var signature: String { "\(form) -> \(result)" }

    /// The counts of arguments that the word takes.
    var counts: ClosedRange<Int> { parameters.count - optional...parameters.count }

    /// The macro behind the word; nil for one that is no method.
    var macro: Macro? {
        guard let expand else { return nil }
        return Macro(
            name, isReceiver: true, arguments: counts, signatures: [signature], documentation
        ) { expansion in
            guard let target = expansion.target else { return nil }
            var arguments: [NodeID] = []
            var isSound = true
            for (node, parameter) in zip(expansion.arguments, parameters) {
                if let mistake = parameter.mistake(expansion, node) {
                    expansion.report(mistake.english, mistake.chinese, at: node)
                    isSound = false
                }
                if case .sentences = parameter.kind {
                    arguments.append(expansion.receiver(node))
                } else {
                    arguments.append(node)
                }
            }
            return isSound ? expand(&expansion, target, arguments) : expansion.literal(false)
        }
    }
}

extension ConversationWord.Parameter {
    /// What is wrong with an argument, as far as its text shows; the checker finds the rest.
    fileprivate func mistake(_ expansion: MacroExpansion, _ node: NodeID) -> Bilingual? {
        switch kind {
        case .words where expansion.isNumber(node):
            return Bilingual("这里要文本或词表", "needs a text or a list of texts here")
        case .list where expansion.isNumber(node) || expansion.literalText(node) != nil:
            return Bilingual("这里要词表", "needs a list of texts here")
        case .span(let reach): return spanMistake(reach, expansion, node)
        case .change:
            guard let text = expansion.literalText(node), Change(percent: text) == nil else {
                return nil
            }
            return Bilingual(
                "`\(text)` 不是百分比，写成 \"50%\"", "`\(text)` is no percentage; write \"50%\"")
        case .variable where expansion.simpleName(node) == nil:
            return Bilingual("这里要一个名字，如 s", "needs a simple name here, such as s")
        default: return nil
        }
    }

    private func spanMistake(
        _ reach: Reach, _ expansion: MacroExpansion, _ node: NodeID
    ) -> Bilingual? {
        if let number = expansion.literalNumber(node) {
            let units = reach.examples(number)
            return Bilingual(
                "\(number) 要带单位：\(units.chinese)", "\(number) of what? write \(units.english)")
        }
        guard let text = expansion.literalText(node) else { return nil }
        let units = reach.examples("30")
        switch (Span(text), reach) {
        case (nil, _):
            return Bilingual(
                "`\(text)` 不是范围，写成 \(units.chinese)",
                "`\(text)` is no span; write \(units.english)")
        case (.time, .time), (.sentences, .sentences), (_, .any): return nil
        default: return Bilingual("这里要写成 \(units.chinese)", "needs \(units.english) here")
        }
    }
}

extension ConversationWord.Parameter.Reach {
    /// How a span of that number is written.
    fileprivate func examples(_ number: String) -> Bilingual {
        switch self {
        case .time: Bilingual("\"\(number)秒\"", "\"\(number)s\"")
        case .sentences: Bilingual("\"\(number)句\"", "\"\(number) sentences\"")
        case .any:
            Bilingual(
                "\"\(number)秒\"、\"\(number)轮\"、\"\(number)句\"",
                "\"\(number)s\", \"\(number) turns\", \"\(number) sentences\"")
        }
    }
}

extension MacroExpansion {
    fileprivate func isNumber(_ node: NodeID) -> Bool { literalNumber(node) != nil }

    /// The number that an argument is, as text.
    fileprivate func literalNumber(_ node: NodeID) -> String? {
        literalInt(node).map(String.init) ?? literalDouble(node).map { "\($0)" }
    }

    /// The whole conversation.
    mutating func conversation() -> NodeID { name("sentences") }

    /// `range.filter(@s, condition)`.
    mutating func filter(
        _ range: NodeID, _ condition: (inout MacroExpansion, NodeID) -> NodeID
    ) -> NodeID {
        let sentence = name("@s")
        let body = condition(&self, select(sentence, "words"))
        return loop(.filter, over: range, "@s", body: body)
    }

    /// `range.exists(@s, condition)`.
    mutating func exists(
        _ range: NodeID, _ condition: (inout MacroExpansion, NodeID) -> NodeID
    ) -> NodeID {
        let sentence = name("@s")
        let body = condition(&self, select(sentence, "words"))
        return loop(.exists, over: range, "@s", body: body)
    }

    mutating func and(_ left: NodeID, _ right: NodeID) -> NodeID { call("_&&_", [left, right]) }

    mutating func not(_ condition: NodeID) -> NodeID { call("!_", [condition]) }
}
