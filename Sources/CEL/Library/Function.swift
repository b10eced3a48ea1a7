/// The work of an overload over cells: the arguments stand in memory behind the pointer, their
/// kinds checked against the overload's parameters.
typealias FunctionBody =
    @Sendable (Evaluation, UnsafePointer<Cell>) throws(Fault) -> Cell

/// As ``FunctionBody``, with the compiled pattern that the second argument is.
typealias PatternBody =
    @Sendable (Evaluation, UnsafePointer<Cell>, any RegexMatcher) throws(Fault) -> Cell

/// One signature of a function.
struct Overload: Sendable {
    let id: String
    let parameters: [ValueType]
    let result: ValueType
    let isReceiver: Bool
    let body: FunctionBody
    /// The work when the pattern is compiled beforehand; nil where no argument is a pattern.
    let patternBody: PatternBody?
    /// For each parameter the kinds that it takes, one bit a kind.
    let kinds: [UInt32]
    /// Whether the signature has type parameters.
    let isGeneric: Bool

    init(
        _ id: String, _ parameters: [ValueType], _ result: ValueType, isReceiver: Bool = false,
        _ body: @escaping FunctionBody
    ) {
        self.init(id, parameters, result, isReceiver: isReceiver, body, nil)
    }

    /// A signature whose second argument is a pattern; one that is constant is compiled once.
    ///
    /// `count`: The argument that says how often to search; with 0 the first argument is the result,
    ///   whatever the pattern.
    init(
        _ id: String, _ parameters: [ValueType], _ result: ValueType, count: Int? = nil,
        searching body: @escaping PatternBody
    ) {
        self.init(
            id, parameters, result, isReceiver: false,
            { evaluation, arguments throws(Fault) in
                if let count, arguments[count].int == 0 { return arguments[0] }
                return try body(evaluation, arguments, evaluation.matcher(arguments[1]))
            }, body)
    }

    private init(
        _ id: String, _ parameters: [ValueType], _ result: ValueType, isReceiver: Bool,
        _ body: @escaping FunctionBody, _ patternBody: PatternBody?
    ) {
        self.id = id
        self.parameters = parameters
        self.result = result
        self.isReceiver = isReceiver
        self.body = body
        self.patternBody = patternBody
        kinds = parameters.map(\.kinds)
        isGeneric = result.isGeneric || parameters.contains { $0.isGeneric }
    }

    /// The same for one pattern.
    func searching(with matcher: any RegexMatcher) -> Overload {
        guard let patternBody else { return self }
        return Overload(id, parameters, result, isReceiver: isReceiver) {
            evaluation, arguments throws(Fault) in
            try patternBody(evaluation, arguments, matcher)
        }
    }

    /// As people write it: `(string, string) -> bool`, with the receiver in front.
    func signature(_ name: String) -> String {
        let shown = Operator.shown(name)
        let rest = parameters.dropFirst(isReceiver ? 1 : 0).map(\.description)
            .joined(separator: ", ")
        if isReceiver { return "\(parameters[0]).\(shown)(\(rest)) -> \(result)" }
        if Operator.isOperator(name) {
            return parameters.count == 2
                ? "\(parameters[0]) \(shown) \(parameters[1])" : "\(shown) (\(rest))"
        }
        return "\(shown)(\(rest)) -> \(result)"
    }

    /// Whether the arguments' kinds are those of the parameters.
    @inline(__always)
    func takes(_ arguments: UnsafePointer<Cell>) -> Bool {
        for index in 0..<kinds.count
        where kinds[index] & (1 << UInt32(arguments[index].tag & 0xFF)) == 0 {
            return false
        }
        return true
    }
}

/// A function of the language: one row feeds the checker, the evaluator and the listing.
struct Function: Sendable {
    let name: String
    let documentation: Documentation
    /// How people write it, for messages; the signatures where there is none.
    var forms: [String] = []
    var overloads: [Overload]

    init(_ name: String, _ english: String, _ chinese: String, _ overloads: [Overload]) {
        self.name = name
        documentation = Documentation(english, chinese)
        self.overloads = overloads
    }

    /// The same with the forms that messages show.
    func written(_ forms: String...) -> Function {
        var function = self
        function.forms = forms
        return function
    }

    /// Every form as its types say it.
    var signatures: [String] { overloads.map { $0.signature(name) } }
}

extension ValueType {
    /// The kinds of cell that a value of this type may have, one bit a kind.
    var kinds: UInt32 {
        switch self {
        case .dyn, .parameter, .error: ~(1 << UInt32(Kind.absent.rawValue))
        case .null: Kind.null.bit
        case .bool: Kind.bool.bit
        case .int: Kind.int.bit
        case .uint: Kind.uint.bit
        case .double: Kind.double.bit
        case .string: Kind.string.bit
        case .bytes: Kind.bytes.bit
        case .duration: Kind.duration.bit
        case .timestamp: Kind.timestamp.bit
        case .list: Kind.list.bit
        case .map, .object: Kind.map.bit | Kind.object.bit
        case .type: Kind.type.bit
        case .opaque("optional_type", _): Kind.optional.bit
        case .opaque: Kind.opaque.bit
        }
    }
}

extension Kind {
    var bit: UInt32 { 1 << UInt32(rawValue) }
}
