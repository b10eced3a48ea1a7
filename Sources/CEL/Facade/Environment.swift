/// What expressions may use: variables, types, functions, macros, limits.
///
/// The way in.
///
/// ```swift
/// var environment = Environment()
/// environment.declare(
///     object: "Sentence", fields: [Field("words", .string), Field("emotionValue", .double)])
/// environment.declare(variable: "sentences", as: .list(.object("Sentence")))
/// environment.declare(variable: "region", as: .string)
/// environment.declare(
///     HostFunction(
///         "isRude", Documentation("whether a text is rude", "是否粗鲁"),
///         overloads: [
///             .init("isRude_string", [.string], returns: .bool) { .bool($0[0] == "滚") }
///         ]))
/// let program = try environment.compile(
///     "region == 'east' && sentences.exists(s, s.emotionValue >= 8.0 || isRude(s.words))",
///     expecting: .bool)
///
/// var builder = TapeBuilder()
/// builder.beginList()
/// builder.beginObject()
/// builder.name("words")
/// builder.string("滚")
/// builder.name("emotionValue")
/// builder.double(2.5)
/// builder.end()
/// builder.end()
///
/// var activation = Activation(environment)
/// activation.set("sentences", to: try builder.finish().root)
/// activation.set("region") { try Tape.of("east").root }
/// let fires = try program.isTrue(activation)
/// ```
///
/// Values come as a ``Tape``, made by hand with a ``TapeBuilder``, as a ``Value``, or lazily: then they
/// are asked for when an expression first reads them. Objects are read in place, never converted.
///
/// A declaration that cannot be right is told by whatever uses the environment next, and by
/// ``declarationMistakes``.
///
/// An environment is a value: declare first, then compile; copies are cheap. The steps behind
/// ``compile(_:expecting:)`` can be taken one by one: ``parse(_:)``, ``check(_:expecting:)``,
/// ``plan(_:)``; ``planUnchecked(_:)`` leaves the checker out, and types are then found while
/// evaluating.
public struct Environment: Sendable {
    /// The bounds of sources and evaluations.
    public var limits = Limits()
    /// The engine behind `matches`; without one, `matches` fails when evaluated.
    public var regexEngine: (any RegexEngine)?
    /// Time zones by name; without them only UTC and fixed offsets are known.
    public var timeZones: (any TimeZones)?
    /// What looks for the words of a ``ProgramSet`` in texts; without one each program looks itself.
    public var textScanners: (any TextScannerFactory)?
    /// Whether `==`, `!=`, `<`, `<=`, `>`, `>=` and `in` compare int, uint and double with each other
    /// in checked expressions, as they always do with values of type dyn.
    public var comparesMixedNumbers = false {
        didSet {
            guard comparesMixedNumbers != oldValue else { return }
            declarations.setMixedNumbers(allowed: comparesMixedNumbers)
        }
    }

    /// Whether a constant text in `duration("…")` or `timestamp("…")` that is none is a mistake of the
    /// source; else, as the language has it, evaluating it fails.
    public var judgesLiterals: Bool {
        get { declarations.judgesLiterals }
        set { declarations.judgesLiterals = newValue }
    }

    /// The namespace in which names are looked up first, such as `com.example`.
    public var container: String {
        get { declarations.container }
        set { declarations.container = newValue }
    }

    var declarations = Declarations()
    let fieldNames = FieldNames()
    var macros = MacroTable()

    /// An environment with the standard functions and macros, and the given libraries.
    public init(_ libraries: Set<Library> = Set(Library.allCases)) {
        for macro in Macro.standard { macros.add(macro) }
        for function in Library.standardFunctions { declarations.declare(function) }
        for library in Library.allCases where libraries.contains(library) {
            for macro in library.macros { macros.add(macro) }
            for function in library.functions { declarations.declare(function) }
            for type in library.types { declarations.declare(type, as: type.runtimeName) }
        }
    }

    /// Names of the environment by what people write for them: `["客户": "customer"]`.
    ///
    /// A source that has such a word where a name is due is told the name.
    public var synonyms: [String: String] {
        get { macros.synonyms }
        set { macros.synonyms = newValue }
    }

    // MARK: Declarations

    /// Declares a variable, whose value comes with each ``Activation``.
    ///
    /// The name may have dots. A second declaration of a name replaces the first.
    public mutating func declare(variable name: String, as type: ValueType) {
        judge(variable: name)
        declarations.declare(Variable(name: name, type: type))
    }

    /// Declares a name for a value that is known now; conditions on it are prepared when planned.
    ///
    /// Throws a ``TapeError`` when the value cannot be kept (it holds an optional, say).
    public mutating func declare(
        constant name: String, as type: ValueType, value: Value
    ) throws(TapeError) {
        judge(variable: name)
        let tape = try Tape.of(value, objectsAsMaps: true)
        declarations.declare(Variable(name: name, type: type, constant: tape))
    }

    /// Declares an object type with its fields; the checker knows them.
    ///
    /// When evaluated, an object is an `object` or a `map` of a tape. A field that is not there, or
    /// `null`, reads as the default of its type: `""`, 0, 0.0, false, an empty list, map or object,
    /// a zero duration, 1970 — and `null` for a field of type null or dyn. `has(x.field)` is false
    /// then, and says nothing about defaults.
    public mutating func declare(object name: String, fields: [Field]) {
        judge(object: name, fields)
        var byName: [String: ObjectType.Field] = [:]
        for (position, field) in fields.enumerated() {
            byName[field.name] = ObjectType.Field(
                name: field.name, type: field.type, position: position, values: field.values,
                advice: field.advice)
        }
        declarations.objects[name] = ObjectType(name: name, fields: byName)
        if fields.contains(where: { $0.values != nil }) { declarations.hasFieldValues = true }
        declarations.declare(.object(name), as: name)
    }

    /// Declares a function of the host.
    public mutating func declare(_ function: HostFunction) {
        judge(function)
        declarations.declare(function.planned)
    }

    /// Declares a macro of the host; a later one of the same name and form replaces an earlier one.
    public mutating func declare(_ macro: Macro) {
        judge(macro)
        macros.add(macro)
    }

    /// Declares that methods of a variable are methods of one of its fields: with `"customer"` and
    /// `"sentences"`, `customer.size()` means `customer.sentences.size()`.
    ///
    /// A name that an expression itself introduces must not be such a variable's.
    public mutating func declare(methodsOf variable: String, on field: String) {
        macros.receivers[variable] = field
    }

    // MARK: Compiling

    /// Parses, checks and plans.
    ///
    /// `expected`: The type that the result must fit, nil for any.
    /// Throws a ``CompilationError`` with all that is wrong.
    public func compile(
        _ source: String, expecting expected: ValueType? = nil
    ) throws(CompilationError) -> Program {
        try requireSoundDeclarations()
        let source = Source(source)
        let (tree, mistakes) = Parser.recover(source, macros: macros, limits: limits)
        guard let tree else { throw CompilationError(diagnostics: mistakes) }
        let checked: CheckedExpression
        do throws(CompilationError) {
            checked = try check(ParsedExpression(tree: tree), expecting: expected)
        } catch {
            // What the parser understood is checked too: all mistakes are told in one run.
            throw CompilationError(
                diagnostics: Diagnostic.merged(mistakes, error.diagnostics, limits, in: source))
        }
        guard mistakes.isEmpty else { throw CompilationError(diagnostics: mistakes) }
        return try plan(checked)
    }

    /// The tree of a source, macros expanded.
    public func parse(_ source: String) throws(CompilationError) -> ParsedExpression {
        ParsedExpression(
            tree: try Parser.parse(Source(source), macros: macros, limits: limits))
    }

    /// As ``parse(_:)``, with every call an ordinary one.
    public func parseWithoutMacros(
        _ source: String
    ) throws(CompilationError) -> ParsedExpression {
        ParsedExpression(
            tree: try Parser.parse(Source(source), macros: .none, limits: limits))
    }

    /// The tree with the type of every part.
    public func check(
        _ parsed: ParsedExpression, expecting expected: ValueType? = nil
    ) throws(CompilationError) -> CheckedExpression {
        try requireSoundDeclarations()
        let checked = try Checker.check(
            parsed.tree, declarations, macros, limits: limits, expecting: expected)
        return CheckedExpression(checked: checked, declarations: declarations)
    }

    /// A program of a checked expression.
    ///
    /// Throws a ``CompilationError`` when a constant regular expression is refused.
    public func plan(_ checked: CheckedExpression) throws(CompilationError) -> Program {
        try Program(checked.checked, checked.declarations, self)
    }

    /// A program of an expression without types: what does not fit shows when evaluated.
    public func planUnchecked(_ parsed: ParsedExpression) throws(CompilationError) -> Program {
        try requireSoundDeclarations()
        let untyped = CheckedTree(tree: parsed.tree, types: [], references: References())
        return try Program(untyped, declarations, self)
    }
}

/// A parsed expression, macros expanded.
public struct ParsedExpression: Sendable {
    let tree: Tree

    /// The expression as text again; parsing it gives the same tree.
    public var text: String { Printer.print(tree) }
}

/// A checked expression: the type of every part is known.
public struct CheckedExpression: Sendable {
    let checked: CheckedTree
    let declarations: Declarations

    /// The type of the result.
    public var type: ValueType { checked.type(checked.tree.root) }

    /// The expression as text again.
    public var text: String { Printer.print(checked.tree) }
}
