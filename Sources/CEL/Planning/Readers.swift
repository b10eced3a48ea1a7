/// How a comparison or a text test gets at its value: by a call of the operand's code, or for a
/// field of a loop's variable in place.
///
/// Code that is generic over a reader is compiled once for each, without a call in between.
protocol Reader<Value>: Sendable {
    associatedtype Value
    func read(_ evaluation: Evaluation) throws(Fault) -> Value
}

/// Calls the operand's code for a cell.
struct CellCodeReader: Reader {
    let code: CellCode

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Cell { try code(evaluation) }
}

/// Calls the operand's code for an int.
struct IntCodeReader: Reader {
    let code: IntCode

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Int64 { try code(evaluation) }
}

/// Calls the operand's code for a double.
struct DoubleCodeReader: Reader {
    let code: DoubleCode

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Double { try code(evaluation) }
}

/// A loop's variable.
struct SlotReader: Reader {
    let slot: Int

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Cell { evaluation.pointee.slots[slot] }
}

/// A variable of the environment.
struct VariableReader: Reader {
    let index: Int
    let type: ValueType
    let node: NodeID

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Cell {
        let cell = evaluation.pointee.variables[index]
        return cell.is(.absent) ? try evaluation.load(index, type, at: node) : cell
    }
}

/// A declared int field.
struct IntFieldReader<Object: Reader<Cell>>: Reader {
    let object: Object
    let field: FieldReader

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Int64 {
        try field.int(evaluation, try object.read(evaluation))
    }
}

/// A declared double field.
struct DoubleFieldReader<Object: Reader<Cell>>: Reader {
    let object: Object
    let field: FieldReader

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Double {
        try field.double(evaluation, try object.read(evaluation))
    }
}

/// A declared text field.
struct TextFieldReader<Object: Reader<Cell>>: Reader {
    let object: Object
    let field: FieldReader

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Cell {
        try field.text(evaluation, try object.read(evaluation))
    }
}

/// A declared field whose cell is of one of some kinds.
struct CellFieldReader<Object: Reader<Cell>>: Reader {
    let object: Object
    let field: FieldReader
    let kinds: UInt32

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Cell {
        try field.cell(evaluation, try object.read(evaluation), kinds)
    }
}

/// A field of unknown type.
struct UntypedFieldReader<Object: Reader<Cell>>: Reader {
    let object: Object
    let name: FieldName
    let node: NodeID

    @inline(__always)
    func read(_ evaluation: Evaluation) throws(Fault) -> Cell {
        try evaluation.field(try object.read(evaluation), name, at: node)
    }
}

/// Reads one declared field of any object.
///
/// A class, so that code that reads a field carries one word for it.
final class FieldReader: Sendable {
    let name: FieldName
    /// Where the field probably is.
    let hint: Int
    let type: ValueType
    let node: NodeID

    init(name: FieldName, hint: Int, type: ValueType, node: NodeID) {
        self.name = name
        self.hint = hint
        self.type = type
        self.node = node
    }

    @inline(__always)
    func int(_ evaluation: Evaluation, _ object: Cell) throws(Fault) -> Int64 {
        let cell = evaluation.plainMember(object, name, hint: hint)
        return cell.is(.int) ? cell.int : try repaired(cell).int
    }

    @inline(__always)
    func double(_ evaluation: Evaluation, _ object: Cell) throws(Fault) -> Double {
        let cell = evaluation.plainMember(object, name, hint: hint)
        return cell.is(.double) ? cell.double : try repaired(cell).double
    }

    @inline(__always)
    func text(_ evaluation: Evaluation, _ object: Cell) throws(Fault) -> Cell {
        let cell = evaluation.plainMember(object, name, hint: hint)
        return cell.is(.string) ? cell : try repaired(cell)
    }

    @inline(__always)
    func cell(
        _ evaluation: Evaluation, _ object: Cell, _ kinds: UInt32
    ) throws(Fault) -> Cell {
        let cell = evaluation.member(object, name, hint: hint)
        return kinds & (1 << (cell.tag & 0xFF)) != 0 ? cell : try repaired(cell)
    }

    /// The value of a field whose cell is of another kind: the default when it is not there or null,
    /// a number of another kind when it fits.
    @inline(never)
    private func repaired(_ cell: Cell) throws(Fault) -> Cell {
        if cell.is(.absent) || cell.is(.null) { return type.defaultCell }
        guard let fitting = coerced(cell, to: type) else { throw Fault(.wrongKind, cell, at: node) }
        return fitting
    }
}
