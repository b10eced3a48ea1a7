/// What a comparison or a text test reads, by what is known of it.
enum Operand {
    case slot(SlotReader)
    case variable(VariableReader)
    case slotField(FieldOf<SlotReader>)
    case variableField(FieldOf<VariableReader>)
    case code(CellCodeReader)
}

/// A field by what is known of its type.
enum FieldOf<Object: Reader<Cell>> {
    case int(IntFieldReader<Object>)
    case double(DoubleFieldReader<Object>)
    case text(TextFieldReader<Object>)
    case cell(CellFieldReader<Object>)
    case untyped(UntypedFieldReader<Object>)
}

extension Planner {
    /// How to read a node whose code is known.
    mutating func operand(_ id: NodeID, _ code: Code) -> Operand {
        if case .select(let selection) = checked.tree[id].kind {
            if let field = plainField(id, selection) { return field }
        } else if code.constant == nil {
            if let slot = plainSlot(id) { return .slot(SlotReader(slot: slot)) }
            if let variable = plainVariable(id) { return .variable(variable) }
        }
        return .code(CellCodeReader(code: code.asCell))
    }

    /// The field of a variable that a node reads; nil when it is something else.
    mutating func plainField(_ id: NodeID, _ selection: Selection) -> Operand? {
        guard !selection.isTest, !selection.isOptional, checked.references[id] == nil else {
            return nil
        }
        if let slot = plainSlot(selection.operand) {
            return .slotField(field(id, selection, of: SlotReader(slot: slot)))
        }
        return plainVariable(selection.operand).map {
            .variableField(field(id, selection, of: $0))
        }
    }

    /// The slot of a loop's variable, when that is what a node is.
    private func plainSlot(_ id: NodeID) -> Int? {
        guard checked.references[id] == nil,
            case .name(let name, isAbsolute: false) = checked.tree[id].kind,
            let local = locals.find(name), local.make == nil
        else { return nil }
        return local.slot
    }

    /// The variable of the environment that a node is.
    func plainVariable(_ id: NodeID) -> VariableReader? {
        guard checked.isChecked, case .variable(let index)? = checked.references[id],
            declarations.variables[index].constant == nil
        else { return nil }
        return VariableReader(index: index, type: declarations.variables[index].type, node: id)
    }

    private mutating func field<Object: Reader<Cell>>(
        _ id: NodeID, _ selection: Selection, of object: Object
    ) -> FieldOf<Object> {
        let name = fieldName(selection.field)
        guard case .object(let type) = type(selection.operand),
            let field = declarations.objects[type]?.fields[selection.field]
        else { return .untyped(UntypedFieldReader(object: object, name: name, node: id)) }
        let reader = FieldReader(name: name, hint: field.position, type: field.type, node: id)
        switch field.type {
        case .int: return .int(IntFieldReader(object: object, field: reader))
        case .double: return .double(DoubleFieldReader(object: object, field: reader))
        case .string: return .text(TextFieldReader(object: object, field: reader))
        default:
            let kinds = field.type.kinds & ~Kind.null.bit
            return .cell(CellFieldReader(object: object, field: reader, kinds: kinds))
        }
    }

    /// A field of a variable, read in place.
    func planField(_ id: NodeID, _ operand: Operand) -> Code {
        switch operand {
        case .slotField(let field): code(id, field)
        case .variableField(let field): code(id, field)
        case .slot(let reader):
            .reading(type(id), id) { evaluation throws(Fault) in try reader.read(evaluation) }
        case .variable(let reader):
            .reading(type(id), id) { evaluation throws(Fault) in try reader.read(evaluation) }
        case .code(let reader): .reading(type(id), id, reader.code)
        }
    }

    private func code<Object: Reader<Cell>>(_ id: NodeID, _ field: FieldOf<Object>) -> Code {
        switch field {
        case .int(let reader):
            .int({ evaluation throws(Fault) in try reader.read(evaluation) })
        case .double(let reader):
            .double({ evaluation throws(Fault) in try reader.read(evaluation) })
        case .text(let reader):
            .cell({ evaluation throws(Fault) in try reader.read(evaluation) })
        case .cell(let reader):
            .reading(reader.field.type, id) { evaluation throws(Fault) in
                try reader.read(evaluation)
            }
        case .untyped(let reader):
            .reading(type(id), id) { evaluation throws(Fault) in try reader.read(evaluation) }
        }
    }
}
