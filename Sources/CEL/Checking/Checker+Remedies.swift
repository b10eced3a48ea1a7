// What to write instead, where the types say it.
extension Checker {
    /// The name that the environment has for another, when it is one of some.
    func synonym(_ name: String, among known: [String]) -> String? {
        macros.synonyms[name].flatMap { known.contains($0) ? $0 : nil }
    }

    /// A part as it stands in the source, for a message.
    private func written(_ id: NodeID) -> String { tree.source.text(tree[id].range).clipped() }

    /// How many fields a message names.
    private static let shownFields = 5

    /// For a field of a list's elements that is asked of the list.
    func elementRemedy(_ selection: Selection, of type: ValueType) -> Remedy? {
        elementRemedy(
            selection.field, of: type, written(selection.operand))
    }

    /// For a field of the elements of the list whose methods a variable has.
    func methodRemedy(_ selection: Selection, of object: ObjectType) -> Remedy? {
        guard case .name(let name, isAbsolute: false) = tree[selection.operand].kind,
            let list = macros.receivers[name].flatMap({ object.fields[$0] })
        else { return nil }
        return elementRemedy(selection.field, of: list.type, name)
    }

    private func elementRemedy(_ field: String, of type: ValueType, _ list: String) -> Remedy? {
        guard case .list(.object(let name)) = type, let object = declarations.objects[name],
            let found = object.fields[field]
                ?? macros.synonyms[field].flatMap({ object.fields[$0] })
        else { return nil }
        return .elements(form(list, name, found, "…"), advice: found.advice)
    }

    /// `list.exists(s, s.field…)`.
    private func form(
        _ list: String, _ type: String, _ field: ObjectType.Field, _ rest: String
    ) -> String {
        let variable = type.prefix(1).lowercased()
        let test = rest.hasPrefix(".") || field.type == .bool ? rest : " " + rest
        return "\(list).exists(\(variable), \(variable).\(field.name)\(test))"
    }

    /// For a part of a call that is an object, or a list of objects, when a field of it would do.
    func remedy(
        for function: Function, _ overloads: [Overload], _ nodes: [NodeID], _ found: [ValueType]
    ) -> Remedy? {
        if let remedy = operatorRemedy(function, nodes, found) { return remedy }
        for index in found.indices {
            switch found[index] {
            case .object(let name):
                let fields = fields(of: name, for: overloads, found, at: index).map {
                    "\(written(nodes[index])).\($0.name)"
                }
                if !fields.isEmpty { return .fields(Array(fields.prefix(Checker.shownFields))) }
            case .opaque("optional_type", let parameters) where parameters.count == 1:
                var wanted = found
                wanted[index] = parameters[0]
                guard isTaken(wanted, by: overloads) else { continue }
                return .form(
                    "\(written(nodes[index])).orValue(…)",
                    for: Documentation("it may be none:", "可能没有值，"))
            case .list(.object(let name)):
                let fields = fields(of: name, for: overloads, found, at: index)
                // The one of which the host has something to say is the likeliest.
                guard let field = fields.first(where: { $0.advice != nil }) else { continue }
                let list = written(nodes[index])
                return .elements(form(list, name, field, "…"), advice: field.advice)
            default: continue
            }
        }
        return nil
    }

    /// For `list > 3` and for `"a" || "b"`.
    private func operatorRemedy(
        _ function: Function, _ nodes: [NodeID], _ found: [ValueType]
    ) -> Remedy? {
        guard Operator.isOperator(function.name), nodes.count == 2 else { return nil }
        let texts = nodes.map { written($0) }
        if function.name == Operator.within {
            guard found == [.string, .string] else { return nil }
            return .form(
                "\(texts[1]).contains(\(texts[0]))",
                for: Documentation("for a part of a text", "判断文本里有没有"))
        }
        if let remedy = literalRemedy(nodes, found) { return remedy }
        if function.name == Operator.or || function.name == Operator.and,
            found == [.string, .string]
        {
            return .form(
                "[\(texts[0]), \(texts[1])]", for: Documentation("for several texts", "多个文本"))
        }
        // How many there are is compared; `list + 1` and `list[1.0]` mean something else.
        guard Order(function.name) != nil || ["_==_", "_!=_"].contains(function.name),
            let list = found.firstIndex(where: { if case .list = $0 { true } else { false } }),
            [.int, .uint, .double].contains(found[1 - list])
        else { return nil }
        return .form(
            "\(texts[list]).size()", for: Documentation("for how many there are", "个数"))
    }

    /// For a number between quotes beside a number, and a number or a text beside a duration.
    private func literalRemedy(_ nodes: [NodeID], _ found: [ValueType]) -> Remedy? {
        for (node, other) in [(nodes[0], found[1]), (nodes[1], found[0])] {
            guard case .literal(let literal) = tree[node].kind else { continue }
            switch (literal, other) {
            case (.string(let text), .int) where Int64(text) != nil && isNumber(text),
                (.string(let text), .double) where isNumber(text):
                return .form(text.clipped(), for: Documentation("for a number", "数字"))
            case (.string(let text), .duration):
                guard let meant = isDuration(text) ? text : meantDuration(text) else { continue }
                return durationRemedy(meant)
            case (.int(let number), .duration): return durationRemedy("\(number)s")
            default: continue
            }
        }
        return nil
    }

    /// Whether a text is a number as the language writes it: neither `inf` nor `+5`.
    private func isNumber(_ text: String) -> Bool {
        var lexer = Lexer(Source(text))
        var token = lexer.next()
        let isNegative = token.kind == .symbol(.minus)
        if isNegative { token = lexer.next() }
        let range = (isNegative ? 1 : 0)..<text.utf8.count
        guard case .literal(let literal) = token.kind, token.range == range, !token.isDoubtful
        else { return false }
        return literal.isNumber
    }

    private func durationRemedy(_ text: String) -> Remedy {
        .form("duration(\"\(text.clipped())\")", for: Documentation("for a duration", "时长"))
    }

    /// The fields of an object with which an overload would take a call.
    private func fields(
        of object: String, for overloads: [Overload], _ found: [ValueType], at index: Int
    ) -> [ObjectType.Field] {
        let fields = declarations.objects[object]?.fields.values.sorted {
            $0.position < $1.position
        }
        return (fields ?? []).filter { field in
            var wanted = found
            wanted[index] = field.type
            return isTaken(wanted, by: overloads)
        }
    }

    private func isTaken(_ types: [ValueType], by overloads: [Overload]) -> Bool {
        overloads.contains { overload in
            var copy = substitution
            return copy.fits(types, copy.instantiate(overload.parameters))
        }
    }
}

extension Tree {
    /// The macro's call whose nodes include a node; the outermost one that stands at its place.
    func macroCall(around id: NodeID) -> MacroCall? {
        let range = self[id].range
        return macroCalls.filter { self[$0.key].range == range }
            .max { $0.key.index < $1.key.index }?.value
    }
}
