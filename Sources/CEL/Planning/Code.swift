/// Code that gives a condition.
typealias BoolCode = @Sendable (Evaluation) throws(Fault) -> Bool
/// Code that gives an int.
typealias IntCode = @Sendable (Evaluation) throws(Fault) -> Int64
/// Code that gives a double.
typealias DoubleCode = @Sendable (Evaluation) throws(Fault) -> Double
/// Code that gives a value of any kind.
typealias CellCode = @Sendable (Evaluation) throws(Fault) -> Cell

/// The code of one node: a closure of the type that the checker found, so that numbers and
/// conditions travel in registers and never as cells.
enum Code: Sendable {
    case constant(Cell)
    case bool(BoolCode)
    case int(IntCode)
    case double(DoubleCode)
    /// Any kind: texts, lists, maps … and what is known only when evaluated.
    case cell(CellCode)
}

extension Code {
    var constant: Cell? {
        if case .constant(let cell) = self { return cell }
        return nil
    }

    /// The code as one that gives a cell.
    var asCell: CellCode {
        switch self {
        case .constant(let cell): return { _ throws(Fault) in cell }
        case .bool(let code): return { evaluation throws(Fault) in Cell(try code(evaluation)) }
        case .int(let code): return { evaluation throws(Fault) in Cell(try code(evaluation)) }
        case .double(let code): return { evaluation throws(Fault) in Cell(try code(evaluation)) }
        case .cell(let code): return code
        }
    }

    /// The code as a condition; a value that is no bool is a fault.
    func asBool(_ node: NodeID) -> BoolCode {
        switch self {
        case .constant(let cell) where cell.is(.bool):
            let value = cell.bool
            return { _ throws(Fault) in value }
        case .constant(let cell):
            return { _ throws(Fault) in throw Fault(.wrongKind, cell, at: node) }
        case .bool(let code): return code
        case .int, .double:
            let code = asCell
            return { evaluation throws(Fault) in
                throw Fault(.wrongKind, try code(evaluation), at: node)
            }
        case .cell(let code):
            return { evaluation throws(Fault) in
                let cell = try code(evaluation)
                guard cell.is(.bool) else { throw Fault(.wrongKind, cell, at: node) }
                return cell.bool
            }
        }
    }

    /// The code as an int, where the checker says that it is one.
    func asInt(_ node: NodeID) -> IntCode {
        switch self {
        case .constant(let cell) where cell.is(.int):
            let value = cell.int
            return { _ throws(Fault) in value }
        case .int(let code): return code
        default:
            let code = asCell
            return { evaluation throws(Fault) in
                let cell = try code(evaluation)
                if cell.is(.int) { return cell.int }
                guard let number = coerced(cell, to: .int) else {
                    throw Fault(.wrongKind, cell, at: node)
                }
                return number.int
            }
        }
    }

    /// The code as a double, where the checker says that it is one.
    func asDouble(_ node: NodeID) -> DoubleCode {
        switch self {
        case .constant(let cell) where cell.isNumber:
            let value = cell.asDouble
            return { _ throws(Fault) in value }
        case .double(let code): return code
        case .int(let code):
            return { evaluation throws(Fault) in Double(try code(evaluation)) }
        default:
            let code = asCell
            return { evaluation throws(Fault) in
                let cell = try code(evaluation)
                if cell.is(.double) { return cell.double }
                guard cell.isNumber else { throw Fault(.wrongKind, cell, at: node) }
                return cell.asDouble
            }
        }
    }

    /// Code that reads cells of a type: unboxed where the type allows it.
    static func reading(_ type: ValueType, _ node: NodeID, _ read: @escaping CellCode) -> Code {
        let code = Code.cell(read)
        switch type {
        case .bool: return .bool(code.asBool(node))
        case .int: return .int(code.asInt(node))
        case .double: return .double(code.asDouble(node))
        default: return code
        }
    }

    func cell(_ evaluation: Evaluation) throws(Fault) -> Cell {
        switch self {
        case .constant(let cell): cell
        case .bool(let code): Cell(try code(evaluation))
        case .int(let code): Cell(try code(evaluation))
        case .double(let code): Cell(try code(evaluation))
        case .cell(let code): try code(evaluation)
        }
    }
}
