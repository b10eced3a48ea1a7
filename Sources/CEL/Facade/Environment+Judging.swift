// What is wrong with declarations is kept, and told by everything that uses the environment.
extension Environment {
    /// All that is wrong with the declarations so far.
    ///
    /// Names that no source can spell, fields and overload ids that are there twice, overloads that
    /// take the same arguments, methods without a receiver, and more than
    /// ``HostFunction/parameterLimit`` parameters. As long as there is any, compiling, checking and
    /// planning throw a ``CompilationError`` with these, whatever the source.
    public var declarationMistakes: [Diagnostic] { declarations.mistakes }

    func requireSoundDeclarations() throws(CompilationError) {
        guard declarations.mistakes.isEmpty else {
            throw CompilationError(diagnostics: declarations.mistakes)
        }
    }

    mutating func judge(variable name: String) {
        // The language's own tests declare a variable `true`: it is never read, and does no harm.
        if !Spelling.isName(name), !["true", "false", "null"].contains(name) {
            report(name, .unspellable)
        }
    }

    mutating func judge(object name: String, _ fields: [Field]) {
        if !Spelling.isName(name) { report(name, .unspellable) }
        if Declarations.standardTypes[name] != nil { report(name, .standardType) }
        var known: Set<String> = []
        for field in fields {
            if !Spelling.isField(field.name) { report(name, .unspellableField(field.name)) }
            if !known.insert(field.name).inserted { report(name, .repeatedField(field.name)) }
        }
    }

    mutating func judge(_ function: HostFunction) {
        let isMethod = function.overloads.allSatisfy(\.isReceiver)
        if !Spelling.isFunction(function.name, isMethod: isMethod) {
            report(function.name, .unspellable)
        }
        if function.overloads.isEmpty { report(function.name, .noOverloads) }
        var others = declarations.functions[function.name]?.overloads.map(Form.init) ?? []
        for overload in function.overloads {
            if overload.isReceiver, overload.parameters.isEmpty {
                report(function.name, .noReceiver(overload.id))
                continue
            }
            if overload.parameters.count > HostFunction.parameterLimit {
                report(
                    function.name,
                    .tooManyParameters(overload.id, limit: HostFunction.parameterLimit))
            }
            if !declarations.overloadIDs.insert(overload.id).inserted {
                report(function.name, .repeatedID(overload.id))
            }
            let form = Form(overload)
            if others.contains(form) { report(function.name, .sameArguments(form.text)) }
            others.append(form)
        }
    }

    mutating func judge(_ macro: Macro) {
        if !Spelling.isFunction(macro.name, isMethod: macro.isReceiver) {
            report(macro.name, .unspellable)
        }
        if macro.arguments.lowerBound < 0 { report(macro.name, .badArgumentCount) }
    }

    private mutating func report(_ name: String, _ mistake: DeclarationMistake) {
        declarations.report(name, mistake, limits.diagnostics)
    }
}

/// What an overload takes, type parameters numbered in their order.
private struct Form: Equatable {
    let parameters: [ValueType]
    let isReceiver: Bool

    init(_ overload: Overload) {
        self.init(overload.parameters, isReceiver: overload.isReceiver)
    }

    init(_ overload: HostFunction.Overload) {
        self.init(overload.parameters, isReceiver: overload.isReceiver)
    }

    private init(_ parameters: [ValueType], isReceiver: Bool) {
        var names: [String: String] = [:]
        self.parameters = parameters.map { $0.numbered(&names) }
        self.isReceiver = isReceiver
    }

    var text: String {
        let rest = parameters.dropFirst(isReceiver ? 1 : 0).map(\.description)
            .joined(separator: ", ")
        return (isReceiver ? "\(parameters[0])." : "") + "(\(rest))"
    }
}

/// What a source can spell.
private enum Spelling {
    /// `a`, or `a.b.c`.
    static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ isWord($0) }), let first = parts.first else { return false }
        return !Parser.reservedWords.contains(String(first))
    }

    /// As ``isName(_:)``; an operator; or a name with `@`, which macros alone call.
    static func isFunction(_ name: String, isMethod: Bool) -> Bool {
        if Operator.isOperator(name) || name.hasPrefix("@") { return true }
        return isMethod ? isWord(name[...]) : isName(name)
    }

    /// What stands behind a dot, or between backquotes there.
    static func isField(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { isPart($0) || "-./ ".utf8.contains($0) }
    }

    private static func isWord(_ word: Substring) -> Bool {
        guard let first = word.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return word.utf8.allSatisfy(isPart) && !["true", "false", "null", "in"].contains(word)
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension ValueType {
    /// The same with type parameters named by the order in which they come.
    fileprivate func numbered(_ names: inout [String: String]) -> ValueType {
        switch self {
        case .parameter(let name):
            let number = names[name] ?? "\(names.count)"
            names[name] = number
            return .parameter(number)
        case .list(let element): return .list(element.numbered(&names))
        case .map(let key, let value):
            let key = key.numbered(&names)
            return .map(key, value.numbered(&names))
        case .type(let type): return .type(type.numbered(&names))
        case .opaque(let name, let parameters):
            return .opaque(name, parameters.map { $0.numbered(&names) })
        default: return self
        }
    }
}
