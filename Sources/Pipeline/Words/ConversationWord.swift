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
            /// A whole number.
            case number
            /// From 0 to 1.
            case share
            /// The number of a sentence, from 1, or from -1 backwards.
            case place
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
        /// The least that a number may be.
        let least: Int64?

        init(_ name: String, _ kind: Kind, _ range: PartialRangeFrom<Int64>? = nil) {
            self.name = name
            self.kind = kind
            least = range?.lowerBound
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
                if case .span = parameter.kind, Span(expansion.source(of: node)) != nil {
                    expansion.suggest("\"\(expansion.source(of: node))\"", insteadOf: node)
                }
                if case .sentences = parameter.kind {
                    arguments.append(expansion.receiver(node))
                } else {
                    arguments.append(node)
                }
            }
            if isSound, let mistake = mistake(expansion) {
                expansion.report(mistake.english, mistake.chinese)
                isSound = false
            }
            return isSound ? expand(&expansion, target, arguments) : expansion.literal(false)
        }
    }
}

extension MacroExpansion {
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
