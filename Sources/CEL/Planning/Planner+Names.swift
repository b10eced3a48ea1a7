// Names, fields, lists and maps.
extension Planner {
    mutating func planName(_ id: NodeID, _ name: String, isAbsolute: Bool) -> Code {
        if checked.references[id] == nil, !isAbsolute,
            let local = locals.find(name)
        {
            return planLocal(id, local)
        }
        return planGlobal(id, name, isAbsolute: isAbsolute)
    }

    private func planLocal(_ id: NodeID, _ local: Local) -> Code {
        let slot = local.slot
        guard let make = local.make else {
            return .reading(local.type, id) { evaluation throws(Fault) in
                evaluation.pointee.slots[slot]
            }
        }
        let work = local.work
        return .reading(local.type, id) { evaluation throws(Fault) in
            let known = evaluation.pointee.slots[slot]
            if !known.is(.absent) { return known }
            // What fails is made again for each use, so it has to be paid again.
            try evaluation.spend(work)
            let made = try make(evaluation)
            evaluation.pointee.slots[slot] = made
            return made
        }
    }

    /// A variable of the environment or a type's name; in unchecked trees perhaps several.
    private mutating func planGlobal(_ id: NodeID, _ name: String, isAbsolute: Bool) -> Code {
        switch checked.references[id] {
        case .variable(let index): return planVariable(id, index)
        case .type(let type): return .constant(text(.type, type.runtimeName.utf8))
        case .function, nil: break
        }
        guard !checked.isChecked else { return unknown(id, name) }
        let candidates = dottedCandidates(name, isAbsolute: isAbsolute)
        if candidates.isEmpty {
            if let type = declarations.typeValue(name, isAbsolute: isAbsolute) {
                return .constant(text(.type, type.runtimeName.utf8))
            }
            return unknown(id, name)
        }
        var reads: [CellCode] = []
        for candidate in candidates {
            var code = planVariable(id, candidate.index).asCell
            for field in candidate.fields {
                code = untypedField(id, code, fieldName(field))
            }
            reads.append(code)
        }
        if reads.count == 1 { return .cell(reads[0]) }
        let all = reads
        let indexes = candidates.map(\.index)
        return .cell({ evaluation throws(Fault) in
            // The first name that has a value counts; without any, the first one's fault.
            for (place, index) in indexes.enumerated()
            where !evaluation.pointee.variables[index].is(.absent) {
                return try all[place](evaluation)
            }
            return try all[0](evaluation)
        })
    }

    private func unknown(_ id: NodeID, _ name: String) -> Code {
        let shown = text(.string, name.utf8)
        return .cell({ _ throws(Fault) in throw Fault(.unknownName, shown, at: id) })
    }

    private mutating func planVariable(_ id: NodeID, _ index: Int) -> Code {
        if let constant = constant(index) { return .constant(constant) }
        let declared = declarations.variables[index].type
        return .reading(checked.isChecked ? declared : .dyn, id) { evaluation throws(Fault) in
            let cell = evaluation.pointee.variables[index]
            return cell.is(.absent) ? try evaluation.load(index, declared, at: id) : cell
        }
    }

    // MARK: Fields

    mutating func planSelection(_ id: NodeID, _ selection: Selection) -> Code {
        if let code = planDotted(id, selection) { return code }
        if let field = plainField(id, selection) { return planField(id, field) }
        return planSelection(id, selection, plan(selection.operand))
    }

    /// A name with dots, nil when it is none.
    private mutating func planDotted(_ id: NodeID, _ selection: Selection) -> Code? {
        if !selection.isTest, !selection.isOptional {
            if checked.references[id] != nil, let dotted = checked.tree.dottedName(id) {
                return planGlobal(id, dotted.name, isAbsolute: dotted.isAbsolute)
            }
            if !checked.isChecked, let dotted = checked.tree.dottedName(id),
                dotted.isAbsolute || locals.find(dotted.root) == nil,
                !dottedCandidates(dotted.name, isAbsolute: dotted.isAbsolute).isEmpty
                    || declarations.typeValue(dotted.name, isAbsolute: dotted.isAbsolute) != nil
            {
                return planGlobal(id, dotted.name, isAbsolute: dotted.isAbsolute)
            }
        }
        return nil
    }

    private mutating func planSelection(
        _ id: NodeID, _ selection: Selection, _ operand: Code
    ) -> Code {
        let name = fieldName(selection.field)
        let type = type(selection.operand)
        let read = operand.asCell
        if selection.isTest {
            let isDeclared = hidesNull(type, selection.field)
            let code = Code.bool({ evaluation throws(Fault) in
                try evaluation.has(read(evaluation), name, isDeclared: isDeclared, at: id)
            })
            return folded(code, [operand])
        }
        if selection.isOptional {
            let code = Code.cell({ evaluation throws(Fault) in
                try evaluation.optionalField(read(evaluation), name, at: id)
            })
            return folded(code, [operand])
        }
        if case .object(let objectName) = type,
            let field = declarations.objects[objectName]?.fields[selection.field]
        {
            return folded(declaredField(id, name, field, read), [operand])
        }
        return folded(
            .reading(self.type(id), id, untypedField(id, read, name)), [operand])
    }

    /// Whether `null` in the field counts as a field that is not there.
    private func hidesNull(_ type: ValueType, _ field: String) -> Bool {
        guard case .object(let name) = type,
            let field = declarations.objects[name]?.fields[field]
        else { return false }
        return field.type != .null && field.type != .dyn
    }

    // MARK: Lists and maps

    mutating func planList(_ id: NodeID, _ elements: [Element]) -> Code {
        let parts = elements.map { plan($0.value) }
        let codes = parts.map(\.asCell)
        let optional = elements.map(\.isOptional)
        let hasOptional = optional.contains(true)
        let code = Code.cell({ evaluation throws(Fault) in
            let memory = try evaluation.allocate(cells: codes.count)
            var count = 0
            for index in codes.indices {
                var cell = try codes[index](evaluation)
                if hasOptional, optional[index] {
                    guard cell.is(.optional) else { throw Fault(.wrongKind, cell, at: id) }
                    if cell.count == 0 { continue }
                    cell = cell.children[0]
                }
                memory[count] = cell
                count += 1
            }
            return Cell(.list, at: memory, length: count)
        })
        return folded(code, parts)
    }

    mutating func planMap(_ id: NodeID, _ entries: [Entry]) -> Code {
        let keys = entries.map { plan($0.key) }
        let values = entries.map { plan($0.value) }
        let keyCodes = keys.map(\.asCell), valueCodes = values.map(\.asCell)
        let optional = entries.map(\.isOptional)
        let code = Code.cell({ evaluation throws(Fault) in
            let memory = try evaluation.allocate(cells: keyCodes.count * 2)
            var map = Cell(.map, at: memory, length: 0)
            for index in keyCodes.indices {
                let key = try keyCodes[index](evaluation)
                var value = try valueCodes[index](evaluation)
                if optional[index] {
                    guard value.is(.optional) else { throw Fault(.wrongKind, value, at: id) }
                    if value.count == 0 { continue }
                    value = value.children[0]
                }
                try evaluation.insert(key, value, into: &map, memory, at: id)
            }
            return map
        })
        return folded(code, keys + values)
    }
}
