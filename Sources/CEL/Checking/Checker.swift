/// Finds the type of each node and the meaning of each name, or all that is wrong.
struct Checker {
    let declarations: Declarations
    let tree: Tree
    let macros: MacroTable
    let limits: Limits
    private(set) var types: [ValueType]
    private(set) var references: References
    private(set) var mistakes: [Diagnostic] = []
    var substitution = Substitution()
    var locals = Scope<ValueType>()

    /// The checked tree; its result has to fit `expected` when one is given.
    static func check(
        _ tree: Tree, _ declarations: Declarations, _ macros: MacroTable, limits: Limits,
        expecting expected: ValueType?
    ) throws(CompilationError) -> CheckedTree {
        var checker = Checker(tree, declarations, macros, limits)
        let found = checker.check(tree.root)
        if let expected, !checker.substitution.fits(found, expected) {
            let found = checker.substitution.resolved(found, freeAsDynamic: true)
            checker.report(.wrongType(found: found, expected: expected), tree.root)
        }
        guard checker.mistakes.isEmpty else {
            throw CompilationError(
                diagnostics: Diagnostic.merged(checker.mistakes, [], limits, in: tree.source))
        }
        let types = checker.types.map {
            checker.substitution.resolved($0, freeAsDynamic: true)
        }
        return CheckedTree(tree: tree, types: types, references: checker.references)
    }

    private init(
        _ tree: Tree, _ declarations: Declarations, _ macros: MacroTable, _ limits: Limits
    ) {
        self.tree = tree
        self.declarations = declarations
        self.macros = macros
        self.limits = limits
        types = Array(repeating: .dyn, count: tree.nodes.count)
        references = References(nodes: tree.nodes.count)
    }

    mutating func report(_ message: Message, _ id: NodeID) {
        report(message, tree[id].range)
    }

    mutating func report(_ message: Message, _ range: Range<Int>) {
        guard hasRoom else { return }
        let diagnostic = Diagnostic(message, at: range, in: tree.source)
        // A macro that repeats an argument would repeat its mistakes.
        if !mistakes.contains(diagnostic) { mistakes.append(diagnostic) }
    }

    /// Whether another mistake would be shown; looking for near names costs too much otherwise.
    ///
    /// One more than are shown is kept: it says that there are more.
    var hasRoom: Bool { mistakes.count <= limits.diagnostics }

    /// Tells what was meant by a name that is not there, when nothing better is known.
    mutating func replaceUnknownName(_ name: String, at id: NodeID, by suggestion: String) {
        let range = tree[id].range
        let place = mistakes.lastIndex { $0.range == range && $0.code == "unknown-name" }
        guard let place, mistakes[place].suggestion == nil else { return }
        mistakes[place] = Diagnostic(
            .unknownName(name, suggestion: suggestion), at: range, in: tree.source)
    }

    mutating func refer(_ id: NodeID, to reference: Reference) { references[id] = reference }

    @discardableResult
    mutating func check(_ id: NodeID) -> ValueType {
        let type = deduce(id).bounded
        types[id.index] = type
        return type
    }

    private mutating func deduce(_ id: NodeID) -> ValueType {
        switch tree[id].kind {
        case .literal(let literal): return literal.type
        case .name(let name, let isAbsolute): return checkName(id, name, isAbsolute: isAbsolute)
        case .select(let selection): return checkSelection(id, selection)
        case .call(let name, let target, let arguments):
            return checkCall(id, name, target, arguments)
        case .list(let elements): return checkList(elements)
        case .map(let entries): return checkMap(entries)
        case .loop(let loop): return checkLoop(loop)
        case .bind(let name, let value, let result):
            let type = check(value)
            return withLocals([(name, type)]) { $0.check(result) }
        case .block(let values, let result): return checkBlock(values, result)
        case .faulty: return .error
        }
    }

    private mutating func withLocals(
        _ added: [(name: String, type: ValueType)], _ body: (inout Checker) -> ValueType
    ) -> ValueType {
        for (name, type) in added { locals.enter(name, type) }
        defer { locals.leave(added.count) }
        return body(&self)
    }

    // MARK: Names

    func local(_ name: String) -> ValueType? { locals.find(name) }

    /// `a.b.c` when that is what a node is and `a` is no name that the expression itself introduces,
    /// but the start of a declared one.
    func globalName(_ id: NodeID) -> (name: String, isAbsolute: Bool)? {
        guard let root = tree.dottedRoot(id), declarations.mayStartName(root.name),
            root.isAbsolute || local(root.name) == nil, let dotted = tree.dottedName(id)
        else { return nil }
        return (dotted.name, dotted.isAbsolute)
    }

    private mutating func checkName(
        _ id: NodeID, _ name: String, isAbsolute: Bool
    ) -> ValueType {
        if !isAbsolute, let type = local(name) { return type }
        if let type = resolveGlobal(id, name, isAbsolute: isAbsolute) { return type }
        guard hasRoom else { return .error }
        let known =
            locals.plainNames + declarations.variables.map(\.name) + ["true", "false", "null"]
        let suggestion =
            synonym(name, among: known) ?? Suggestion.nearest(to: name, among: known)
            ?? Synonyms.constant(name)
        report(.unknownName(name, suggestion: suggestion), id)
        return .error
    }

    /// The type of a variable or type name, noted as the meaning of the node.
    mutating func resolveGlobal(
        _ id: NodeID, _ name: String, isAbsolute: Bool
    ) -> ValueType? {
        if let index = declarations.variable(name, isAbsolute: isAbsolute) {
            refer(id, to: .variable(index))
            return declarations.variables[index].type
        }
        if let type = declarations.typeValue(name, isAbsolute: isAbsolute) {
            refer(id, to: .type(type))
            return .type(type)
        }
        return nil
    }

    // MARK: Fields

    private mutating func checkSelection(_ id: NodeID, _ selection: Selection) -> ValueType {
        if let type = dottedType(id, selection) { return type }
        let operand = check(selection.operand)
        return selectionType(id, of: operand, selection)
    }

    /// The type of a name with dots.
    private mutating func dottedType(_ id: NodeID, _ selection: Selection) -> ValueType? {
        guard !selection.isTest, !selection.isOptional, let dotted = globalName(id) else {
            return nil
        }
        return resolveGlobal(id, dotted.name, isAbsolute: dotted.isAbsolute)
    }

    private mutating func selectionType(
        _ id: NodeID, of operand: ValueType, _ selection: Selection
    ) -> ValueType {
        let field = fieldType(id, of: substitution.resolved(operand), selection)
        return selection.isTest ? .bool : field
    }

    private mutating func fieldType(
        _ id: NodeID, of operand: ValueType, _ selection: Selection
    ) -> ValueType {
        switch operand {
        case .opaque("optional_type", let parameters):
            let inner = substitution.resolved(parameters.first ?? .dyn)
            let field = fieldType(id, of: inner, selection)
            return field == .error || field.isOptional ? field : .optional(field)
        case .map(_, let value): return selection.isOptional ? .optional(value) : value
        case .object(let name):
            guard let object = declarations.objects[name] else { return .dyn }
            guard let field = object.fields[selection.field] else {
                guard hasRoom else { return .error }
                let known = object.fields.values.sorted { $0.position < $1.position }.map(\.name)
                let nearest =
                    synonym(selection.field, among: known)
                    ?? Suggestion.nearest(to: selection.field, among: known)
                    ?? Synonyms.field(selection.field, among: known)
                let remedy = nearest == nil ? methodRemedy(selection, of: object) : nil
                report(
                    .unknownField(
                        selection.field, type: operand, suggestion: nearest, remedy: remedy),
                    fieldRange(id, selection))
                return .error
            }
            return selection.isOptional ? .optional(field.type) : field.type
        case .parameter:
            _ = substitution.fits(operand, .dyn)
            return selection.isOptional ? .optional(.dyn) : .dyn
        case .dyn: return selection.isOptional ? .optional(.dyn) : .dyn
        case .error: return .error
        default:
            let method = method(selection.field, of: operand)
            let remedy = method == nil ? elementRemedy(selection, of: operand) : nil
            report(
                .notSelectable(
                    selection.field, type: operand, suggestion: method, remedy: remedy),
                fieldRange(id, selection))
            return .error
        }
    }

    /// The call that was meant by a field that a value without fields does not have.
    private func method(_ field: String, of type: ValueType) -> String? {
        let name = declarations.functions[field] == nil ? Synonyms.function(field) : field
        let hasIt = name.flatMap { declarations.functions[$0] }?.overloads.contains { overload in
            var copy = substitution
            guard overload.isReceiver, let first = overload.parameters.first else { return false }
            return copy.fits([type], copy.instantiate([first]))
        }
        return hasIt == true ? name.map { $0 + "()" } : nil
    }

    /// The part of a selection that is the field's name.
    private func fieldRange(_ id: NodeID, _ selection: Selection) -> Range<Int> {
        let whole = tree[id].range
        let length = selection.field.utf8.count
        guard whole.count >= length,
            tree.source.text(whole.upperBound - length..<whole.upperBound) == selection.field
        else { return tree[selection.operand].range }
        return whole.upperBound - length..<whole.upperBound
    }

    // MARK: Literals

    private mutating func checkList(_ elements: [Element]) -> ValueType {
        var joined: ValueType?
        for element in elements {
            var type = check(element.value)
            if element.isOptional { type = unwrapped(type, element.value) }
            joined = join(joined, type)
        }
        return .list(joined ?? substitution.newVariable())
    }

    private mutating func checkMap(_ entries: [Entry]) -> ValueType {
        var keys: ValueType?, values: ValueType?
        for entry in entries {
            let key = check(entry.key)
            checkKey(key, entry.key)
            keys = join(keys, key)
            var value = check(entry.value)
            if entry.isOptional { value = unwrapped(value, entry.value) }
            values = join(values, value)
        }
        let key = keys ?? substitution.newVariable()
        return .map(key, values ?? substitution.newVariable())
    }

    private mutating func checkKey(_ type: ValueType, _ id: NodeID) {
        switch substitution.resolved(type) {
        case .bool, .int, .uint, .string, .dyn, .parameter, .error: break
        case let other: report(.badKeyType(other), id)
        }
    }

    private mutating func unwrapped(_ type: ValueType, _ id: NodeID) -> ValueType {
        let inner = substitution.newVariable()
        guard substitution.fits(type, .optional(inner)) else {
            report(
                .wrongType(
                    found: substitution.resolved(type, freeAsDynamic: true),
                    expected: .optional(.dyn)), id)
            return .error
        }
        return type.isDynamic ? .dyn : inner
    }

    private mutating func join(_ left: ValueType?, _ right: ValueType) -> ValueType {
        guard let left else { return right }
        guard substitution.fits(left, right) else { return .dyn }
        return Substitution.moreGeneral(
            substitution.resolved(left), substitution.resolved(right))
    }

    // MARK: Loops

    private mutating func checkLoop(_ loop: Loop) -> ValueType {
        let range = substitution.resolved(check(loop.range))
        var added: [(name: String, type: ValueType)]
        var key: ValueType = .dyn
        switch range {
        case .list(let element):
            added = [(loop.variable, element)]
            if let second = loop.second { added = [(loop.variable, .int), (second, element)] }
        case .map(let keyType, let value):
            key = keyType
            added = [(loop.variable, keyType)]
            if let second = loop.second { added.append((second, value)) }
        default:
            if !range.isDynamic {
                if case .parameter = range {
                    _ = substitution.fits(range, .dyn)
                } else {
                    report(.notIterable(range), loop.range)
                }
            }
            let element: ValueType = range == .dyn ? .dyn : range == .error ? .error : .dyn
            added = [(loop.variable, element)]
            if let second = loop.second { added.append((second, element)) }
        }
        return withLocals(added) { checker in
            if let filter = loop.filter { checker.checkCondition(filter) }
            let body = checker.check(loop.body)
            switch loop.kind {
            case .all, .exists, .existsOne:
                checker.requireBool(body, loop.body)
                return .bool
            case .filter:
                checker.requireBool(body, loop.body)
                return .list(added[added.count - 1].type)
            case .map, .transformList: return .list(body)
            case .transformMap:
                if case .map = range { return .map(key, body) }
                if case .list = range { return .map(.int, body) }
                return .map(.dyn, body)
            case .transformMapEntry:
                if case .map = checker.substitution.resolved(body) { return body }
                if body.isDynamic { return .map(.dyn, .dyn) }
                checker.report(
                    .wrongType(
                        found: checker.substitution.resolved(body, freeAsDynamic: true),
                        expected: .map(.dyn, .dyn)), loop.body)
                return .error
            }
        }
    }

    private mutating func checkCondition(_ id: NodeID) { requireBool(check(id), id) }

    private mutating func requireBool(_ type: ValueType, _ id: NodeID) {
        guard !substitution.fits(type, .bool) else { return }
        let found = substitution.resolved(type, freeAsDynamic: true)
        report(.wrongType(found: found, expected: .bool), id)
    }

    private mutating func checkBlock(_ values: [NodeID], _ result: NodeID) -> ValueType {
        locals.enterBlock()
        defer { locals.leaveBlock() }
        for value in values { locals.enterNext(check(value)) }
        return check(result)
    }
}

extension Literal {
    var type: ValueType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        }
    }
}

extension ValueType {
    var isOptional: Bool {
        if case .opaque("optional_type", _) = self { return true }
        return false
    }
}

extension Tree {
    /// `a.b.c` when that is what a node is, with the first name apart.
    func dottedName(_ id: NodeID) -> (name: String, root: String, isAbsolute: Bool)? {
        switch self[id].kind {
        case .name(let name, let isAbsolute): return (name, name, isAbsolute)
        case .select(let selection) where !selection.isTest && !selection.isOptional:
            guard let operand = dottedName(selection.operand) else { return nil }
            return ("\(operand.name).\(selection.field)", operand.root, operand.isAbsolute)
        default: return nil
        }
    }

    /// The first name of what is a dotted name.
    func dottedRoot(_ id: NodeID) -> (name: String, isAbsolute: Bool)? {
        switch self[id].kind {
        case .name(let name, let isAbsolute): return (name, isAbsolute)
        case .select(let selection) where !selection.isTest && !selection.isOptional:
            return dottedRoot(selection.operand)
        default: return nil
        }
    }
}
