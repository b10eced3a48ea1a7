// Between cells and the host's values.
extension UnsafeMutablePointer<Frame> {
    /// What a host's value takes beside its text, in bytes, roughly.
    private static var valueBytes: Int { 48 }

    /// A deep copy for the host.
    ///
    /// Lists may share what is in them, a copy does not; so its size counts as built.
    func value(of cell: Cell) throws(Fault) -> Value {
        let isText = cell.is(.string) || cell.is(.bytes) || cell.is(.type)
        try charge(bytes: Self.valueBytes + (isText ? cell.count : 0))
        switch cell.kind {
        case .absent, .null: return .null
        case .bool: return .bool(cell.bool)
        case .int: return .int(cell.int)
        case .uint: return .uint(cell.uint)
        case .double: return .double(cell.double)
        case .string: return .string(cell.string)
        case .bytes: return .bytes(Array(cell.text))
        case .duration: return .duration(Duration(wholeNanoseconds: cell.nanoseconds))
        case .timestamp: return .timestamp(cell.timestamp)
        case .type: return .type(cell.string)
        case .list:
            var elements: [Value] = []
            elements.reserveCapacity(cell.count)
            for index in 0..<cell.count { elements.append(try value(of: cell.child(index))) }
            return .list(elements)
        case .map, .object:
            var entries: [Value: Value] = [:]
            for index in 0..<cell.count {
                let key = try value(of: key(cell, index))
                if entries[key] == nil { entries[key] = try value(of: entryValue(cell, index)) }
            }
            return .map(entries)
        case .optional:
            return .optional(cell.count == 0 ? nil : try value(of: cell.children[0]))
        case .opaque:
            return .opaque(type: cell.children[0].string, text: try opaqueText(cell))
        }
    }

    /// A deep copy of a host's value in this evaluation's memory.
    func cell(of value: Value) throws(Fault) -> Cell {
        switch value {
        case .null: return .null
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
        case .list(let elements):
            let memory = try allocate(cells: elements.count)
            for (index, element) in elements.enumerated() {
                memory[index] = try cell(of: element)
            }
            return Cell(.list, at: memory, length: elements.count)
        case .map(let entries):
            let memory = try allocate(cells: entries.count * 2)
            for (index, entry) in Value.sorted(entries).enumerated() {
                memory[index * 2] = try cell(of: entry.key)
                memory[index * 2 + 1] = try cell(of: entry.value)
            }
            return Cell(.map, at: memory, length: entries.count)
        case .optional(let value):
            guard let value else { return Cell(.optional) }
            return try make(optional: try cell(of: value))
        case .opaque(let type, let text): return try opaque(type, text)
        }
    }
}
