// Fields: of declared object types and of others, of loop variables and of any operand.
extension Planner {
    /// A field that has to be there.
    func untypedField(_ id: NodeID, _ read: @escaping CellCode, _ name: FieldName) -> CellCode {
        { evaluation throws(Fault) in
            try evaluation.field(read(evaluation), name, at: id)
        }
    }

    /// A field of a declared object type: its default when it is not there.
    func declaredField(
        _ id: NodeID, _ name: FieldName, _ field: ObjectType.Field, _ read: @escaping CellCode
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
    func field(_ object: Cell, _ name: FieldName, at node: NodeID) throws(Fault) -> Cell {
        let cell = member(object, name, hint: 0)
        if !cell.is(.absent) { return cell }
        if object.isMap { throw Fault(.noSuchKey, name.cell, at: node) }
        if object.is(.optional) { return try optionalField(object, name, at: node) }
        throw Fault(.noSuchField, name.cell, at: node)
    }

    /// `object.?field`: an optional.
    func optionalField(_ object: Cell, _ name: FieldName, at node: NodeID) throws(Fault) -> Cell {
        var object = object
        if object.is(.optional) {
            if object.count == 0 { return object }
            object = object.children[0]
        }
        guard object.isMap else { throw Fault(.noSuchField, name.cell, at: node) }
        let cell = member(object, name, hint: 0)
        return cell.is(.absent) ? Cell(.optional) : try make(optional: cell)
    }

    /// `has(object.field)`.
    ///
    /// `isDeclared`: Whether the field's type is declared; then null counts as not there.
    func has(
        _ object: Cell, _ name: FieldName, isDeclared: Bool, at node: NodeID
    ) throws(Fault) -> Bool {
        var object = object
        if object.is(.optional) {
            if object.count == 0 { return false }
            object = object.children[0]
        }
        guard object.isMap else { throw Fault(.noSuchField, name.cell, at: node) }
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
