// Reading lists, maps and objects, wherever they live.
//
// A container of an activation's tape has the tape's number in its note, and its children take it
// over when read. A container of the arena or of a program's constants has the note 0, and its
// children their own.
extension Cell {
    /// The element or map cell at an index that is known to be there.
    @inline(__always)
    func child(_ index: Int) -> Cell {
        let cell = children[index]
        return note == 0 ? cell : cell.noted(note)
    }
}

extension UnsafeMutablePointer<Frame> {
    /// A field by its name; absent when it is not there.
    ///
    /// `hint`: Where the field probably is, by the declaration of its type.
    @inline(__always)
    func member(_ object: Cell, _ name: FieldName, hint: Int) -> Cell {
        let cell = plainMember(object, name, hint: hint)
        return object.is(.object) ? cell.noted(object.note) : cell
    }

    /// As ``member(_:_:hint:)``, for a value that is no list, map or object: the note of its cell
    /// says nothing.
    @inline(__always)
    func plainMember(_ object: Cell, _ name: FieldName, hint: Int) -> Cell {
        if object.is(.object), hint < object.count {
            let cell = object.children[hint]
            if cell.note == nameID(name, in: object.note) { return cell }
        }
        return searchedMember(object, name)
    }

    @inline(never)
    private func searchedMember(_ object: Cell, _ name: FieldName) -> Cell {
        guard object.is(.object), object.count > 0 else { return mapMember(object, name) }
        let id = nameID(name, in: object.note)
        if id == 0 { return .absent }
        let members = object.children
        for index in 0..<object.count where members[index].note == id { return members[index] }
        return .absent
    }

    private func mapMember(_ map: Cell, _ name: FieldName) -> Cell {
        guard map.is(.map) else { return .absent }
        let text = name.cell.text
        for index in 0..<map.count {
            let key = map.child(index * 2)
            if key.is(.string), equalBytes(key.text, text) { return map.child(index * 2 + 1) }
        }
        return .absent
    }

    /// The value of a key; absent when it is not there.
    func entry(_ map: Cell, _ key: Cell) throws(Fault) -> Cell {
        if map.is(.object) {
            guard key.is(.string), map.count > 0 else { return .absent }
            let id = tape(map.note).nameID(key.text)
            guard id != 0 else { return .absent }
            try spend(map.count >> 3)
            for index in 0..<map.count where map.children[index].note == id {
                return map.child(index)
            }
            return .absent
        }
        try spend(map.count >> 2)
        for index in 0..<map.count {
            if try equal(map.child(index * 2), key) { return map.child(index * 2 + 1) }
        }
        return .absent
    }

    /// The key of a map's or object's entry at an index that is known to be there.
    func key(_ map: Cell, _ index: Int) -> Cell {
        map.is(.object) ? memberName(map.children[index], of: map) : map.child(index * 2)
    }

    /// The value of a map's or object's entry at an index that is known to be there.
    func entryValue(_ map: Cell, _ index: Int) -> Cell {
        map.is(.object) ? map.child(index) : map.child(index * 2 + 1)
    }

    /// `list[index]`, `map[key]`, through optionals too; absent when it is not there.
    func element(_ container: Cell, _ index: Cell, at node: NodeID) throws(Fault) -> Cell {
        switch container.kind {
        case .list:
            guard let place = index.wholeNumber else { throw Fault(.badIndex, index, at: node) }
            guard place >= 0, place < Int64(container.count) else { return .absent }
            return container.child(Int(place))
        case .map, .object: return try entry(container, index)
        default: throw Fault(.noSuchOverload, container, at: node)
        }
    }

    /// Whether a list has an equal element, or a map the key.
    func contains(_ container: Cell, _ value: Cell, at node: NodeID) throws(Fault) -> Bool {
        switch container.kind {
        case .list:
            for index in 0..<container.count {
                try spend(1)
                if try equal(container.child(index), value) { return true }
            }
            return false
        case .map, .object: return !(try entry(container, value)).is(.absent)
        default: throw Fault(.noSuchOverload, container, at: node)
        }
    }
}

extension Cell {
    /// The number when it is whole and fits an int; kinds other than numbers have none.
    var wholeNumber: Int64? {
        switch kind {
        case .int: int
        case .uint: Int64(exactly: uint)
        case .double: Int64(exactly: double)
        default: nil
        }
    }

    var isNumber: Bool { self.is(.int) || self.is(.uint) || self.is(.double) }

    var isMap: Bool { self.is(.map) || self.is(.object) }
}
