// Fields: of declared object types and of others, of loop variables and of any operand.
extension Planner {
    /// `s.field` where `s` is a loop's variable: read from its slot without a call in between.
    func planSlotField(
        _ id: NodeID, _ slot: Int, _ name: Int, of type: ValueType, _ fieldName: String
    ) -> Code {
        let read: @Sendable (Evaluation) throws(Fault) -> Cell = { evaluation throws(Fault) in
            evaluation.pointee.slots[slot]
        }
        if case .object(let objectName) = type,
            let field = declarations.objects[objectName]?.fields[fieldName]
        {
            return declaredSlotField(id, name, field, slot)
        }
        let type = self.type(id)
        if type != .dyn { return .reading(type, id, untypedField(id, read, name)) }
        return .cell({ evaluation throws(Fault) in
            try evaluation.field(evaluation.pointee.slots[slot], name, at: id)
        })
    }

    /// A field that has to be there.
    func untypedField(_ id: NodeID, _ read: @escaping CellCode, _ name: Int) -> CellCode {
        { evaluation throws(Fault) in
            try evaluation.field(read(evaluation), name, at: id)
        }
    }

    /// A field of a declared object type: its default when it is not there.
    func declaredField(
        _ id: NodeID, _ name: Int, _ field: ObjectType.Field, _ read: @escaping CellCode
    ) -> Code {
        let reader = FieldReader(name: name, hint: field.position, type: field.type, node: id)
        switch field.type {
        case .int:
            return .int({ evaluation throws(Fault) in
                try reader.int(evaluation, try read(evaluation))
            })
        case .double:
            return .double({ evaluation throws(Fault) in
                try reader.double(evaluation, try read(evaluation))
            })
        case .bool:
            return .bool({ evaluation throws(Fault) in
                try reader.cell(evaluation, try read(evaluation), Kind.bool.bit).bool
            })
        default:
            let kinds = field.type.kinds & ~Kind.null.bit
            return .cell({ evaluation throws(Fault) in
                try reader.cell(evaluation, try read(evaluation), kinds)
            })
        }
    }

    private func declaredSlotField(
        _ id: NodeID, _ name: Int, _ field: ObjectType.Field, _ slot: Int
    ) -> Code {
        let reader = FieldReader(name: name, hint: field.position, type: field.type, node: id)
        switch field.type {
        case .int:
            return .int({ evaluation throws(Fault) in
                try reader.int(evaluation, evaluation.pointee.slots[slot])
            })
        case .double:
            return .double({ evaluation throws(Fault) in
                try reader.double(evaluation, evaluation.pointee.slots[slot])
            })
        case .bool:
            return .bool({ evaluation throws(Fault) in
                try reader.cell(evaluation, evaluation.pointee.slots[slot], Kind.bool.bit).bool
            })
        default:
            let kinds = field.type.kinds & ~Kind.null.bit
            return .cell({ evaluation throws(Fault) in
                try reader.cell(evaluation, evaluation.pointee.slots[slot], kinds)
            })
        }
    }
}

/// Reads one declared field of any object.
private struct FieldReader: Sendable {
    let name: Int
    let hint: Int
    let type: ValueType
    let node: NodeID

    @inline(__always)
    func int(_ evaluation: Evaluation, _ object: Cell) throws(Fault) -> Int64 {
        let cell = evaluation.member(object, name, hint: hint)
        return cell.is(.int) ? cell.int : try Code.repaired(cell, type, node).int
    }

    @inline(__always)
    func double(_ evaluation: Evaluation, _ object: Cell) throws(Fault) -> Double {
        let cell = evaluation.member(object, name, hint: hint)
        return cell.is(.double) ? cell.double : try Code.repaired(cell, type, node).double
    }

    @inline(__always)
    func cell(
        _ evaluation: Evaluation, _ object: Cell, _ kinds: UInt32
    ) throws(Fault) -> Cell {
        let cell = evaluation.member(object, name, hint: hint)
        return kinds & (1 << (cell.tag & 0xFF)) != 0
            ? cell : try Code.repaired(cell, type, node)
    }
}

extension Code {
    /// The value of a declared field whose cell is of another kind: the default when it is not there
    /// or null, a number of another kind when it fits.
    @inline(never)
    static func repaired(_ cell: Cell, _ type: ValueType, _ id: NodeID) throws(Fault) -> Cell {
        if cell.is(.absent) || cell.is(.null) { return type.defaultCell }
        guard let fitting = coerced(cell, to: type) else {
            throw Fault(.wrongKind, cell, at: id)
        }
        return fitting
    }
}

extension ValueType {
    /// What a field that is not there reads as.
    var defaultCell: Cell {
        switch self {
        case .bool: Cell(false)
        case .int: Cell(0 as Int64)
        case .uint: Cell(0 as UInt64)
        case .double: Cell(0.0)
        case .string: Cell(.string)
        case .bytes: Cell(.bytes)
        case .duration: Cell(nanoseconds: 0)
        case .timestamp: Cell(Timestamp(seconds: 0))
        case .list: Cell(.list)
        case .map, .object: Cell(.map)
        case .opaque("optional_type", _): Cell(.optional)
        default: .null
        }
    }
}

extension UnsafeMutablePointer<Frame> {
    /// `object.field`, through optionals too.
    func field(_ object: Cell, _ name: Int, at node: NodeID) throws(Fault) -> Cell {
        let cell = member(object, name, hint: 0)
        if !cell.is(.absent) { return cell }
        if object.isMap { throw Fault(.noSuchKey, pointee.names[name], at: node) }
        if object.is(.optional) { return try optionalField(object, name, at: node) }
        throw Fault(.noSuchField, pointee.names[name], at: node)
    }

    /// `object.?field`: an optional.
    func optionalField(_ object: Cell, _ name: Int, at node: NodeID) throws(Fault) -> Cell {
        var object = object
        if object.is(.optional) {
            if object.count == 0 { return object }
            object = object.children[0]
        }
        guard object.isMap else { throw Fault(.noSuchField, pointee.names[name], at: node) }
        let cell = member(object, name, hint: 0)
        return cell.is(.absent) ? Cell(.optional) : try make(optional: cell)
    }

    /// `has(object.field)`.
    ///
    /// `isDeclared`: Whether the field's type is declared; then null counts as not there.
    func has(
        _ object: Cell, _ name: Int, isDeclared: Bool, at node: NodeID
    ) throws(Fault) -> Bool {
        var object = object
        if object.is(.optional) {
            if object.count == 0 { return false }
            object = object.children[0]
        }
        guard object.isMap else { throw Fault(.noSuchField, pointee.names[name], at: node) }
        let cell = member(object, name, hint: 0)
        return !cell.is(.absent) && !(isDeclared && cell.is(.null))
    }

    /// Adds an entry to a map that is being made in memory with room for it.
    func insert(
        _ key: Cell, _ value: Cell, into map: inout Cell, _ memory: UnsafeMutablePointer<Cell>,
        at node: NodeID
    ) throws(Fault) {
        switch key.kind {
        case .bool, .int, .uint, .string: break
        default: throw Fault(.badKey, key, at: node)
        }
        guard try entry(map, key).is(.absent) else { throw Fault(.duplicateKey, key, at: node) }
        memory[map.count * 2] = key
        memory[map.count * 2 + 1] = value
        map.length += 1
    }
}
