// Between cells and the host's values.
extension UnsafeMutablePointer<Frame> {
    /// What a host's value takes beside its text, in bytes, roughly.
    private static var valueBytes: Int { 48 }

    /// The depth of what is in a value at a depth.
    ///
    /// An expression, or a function of the host, may put values into each other as often as it likes;
    /// walking through them has to end before the stack does.
    @inline(__always)
    func deeper(than depth: Int) throws(Fault) -> Int {
        guard depth < Tape.nestingLimit else { throw Fault(.tooDeep) }
        return depth + 1
    }

    // What calls itself is kept apart from what takes room on the stack.

    /// A deep copy for the host.
    ///
    /// Lists may share what is in them, a copy does not; so its size counts as built.
    ///
    /// `depth`: How many values it is a part of.
    func value(of cell: Cell, depth: Int = 0) throws(Fault) -> Value {
        switch cell.kind {
        case .list: return try listValue(of: cell, deeper(than: depth))
        case .map, .object: return try mapValue(of: cell, deeper(than: depth))
        case .optional: return try optionalValue(of: cell, deeper(than: depth))
        default: return try plainValue(of: cell)
        }
    }

    private func plainValue(of cell: Cell) throws(Fault) -> Value {
        let isText = cell.is(.string) || cell.is(.bytes) || cell.is(.type)
        try charge(bytes: Self.valueBytes + (isText ? cell.count : 0))
        switch cell.kind {
        case .absent, .null, .list, .map, .object, .optional: return .null
        case .bool: return .bool(cell.bool)
        case .int: return .int(cell.int)
        case .uint: return .uint(cell.uint)
        case .double: return .double(cell.double)
        case .string: return .string(cell.string)
        case .bytes: return .bytes(Array(cell.text))
        case .duration: return .duration(Duration(wholeNanoseconds: cell.nanoseconds))
        case .timestamp: return .timestamp(cell.timestamp)
        case .type: return .type(cell.string)
        case .opaque:
            return .opaque(type: cell.children[0].string, text: try opaqueText(cell))
        }
    }

    private func listValue(of cell: Cell, _ depth: Int) throws(Fault) -> Value {
        try charge(bytes: Self.valueBytes)
        var elements: [Value] = []
        elements.reserveCapacity(cell.count)
        for index in 0..<cell.count {
            elements.append(try value(of: cell.child(index), depth: depth))
        }
        return .list(elements)
    }

    private func optionalValue(of cell: Cell, _ depth: Int) throws(Fault) -> Value {
        try charge(bytes: Self.valueBytes)
        return .optional(cell.count == 0 ? nil : try value(of: cell.children[0], depth: depth))
    }

    private func mapValue(of cell: Cell, _ depth: Int) throws(Fault) -> Value {
        try charge(bytes: Self.valueBytes)
        var entries: [Value: Value] = [:]
        for index in 0..<cell.count {
            let key = try value(of: key(cell, index), depth: depth)
            guard entries[key] == nil else { continue }
            entries[key] = try value(of: entryValue(cell, index), depth: depth)
        }
        return .map(entries)
    }

    /// A deep copy of a host's value in this evaluation's memory.
    ///
    /// `depth`: How many values it is a part of.
    func cell(of value: Value, depth: Int = 0) throws(Fault) -> Cell {
        switch value {
        case .list(let elements): return try cell(ofList: elements, deeper(than: depth))
        case .map(let entries): return try cell(ofMap: entries, deeper(than: depth))
        case .optional(let value): return try cell(ofOptional: value, deeper(than: depth))
        default: return try cell(ofPlain: value)
        }
    }

    private func cell(ofPlain value: Value) throws(Fault) -> Cell {
        switch value {
        case .null, .list, .map, .optional: return .null
        case .bool(let value): return Cell(value)
        case .int(let value): return Cell(value)
        case .uint(let value): return Cell(value)
        case .double(let value): return Cell(value)
        case .string(let value): return try make(value)
        case .bytes(let value): return try make(.bytes, value)
        case .duration(let value):
            guard let nanoseconds = value.wholeNanoseconds else { throw Fault(.outOfRange) }
            return Cell(nanoseconds: nanoseconds)
        case .timestamp(let value):
            guard value.isInRange else { throw Fault(.outOfRange) }
            return Cell(value)
        case .type(let name): return try make(.type, name.utf8)
        case .opaque(let type, let text): return try opaque(type, text)
        }
    }

    private func cell(ofList elements: [Value], _ depth: Int) throws(Fault) -> Cell {
        let memory = try allocate(cells: elements.count)
        for (index, element) in elements.enumerated() {
            memory[index] = try cell(of: element, depth: depth)
        }
        return Cell(.list, at: memory, length: elements.count)
    }

    private func cell(ofOptional value: Value?, _ depth: Int) throws(Fault) -> Cell {
        guard let value else { return Cell(.optional) }
        return try make(optional: try cell(of: value, depth: depth))
    }

    private func cell(ofMap entries: [Value: Value], _ depth: Int) throws(Fault) -> Cell {
        let memory = try allocate(cells: entries.count * 2)
        for (index, entry) in Value.sorted(entries).enumerated() {
            memory[index * 2] = try cell(of: entry.key, depth: depth)
            memory[index * 2 + 1] = try cell(of: entry.value, depth: depth)
        }
        return Cell(.map, at: memory, length: entries.count)
    }
}
