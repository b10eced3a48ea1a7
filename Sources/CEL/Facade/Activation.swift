/// The values of an environment's variables for one or many evaluations.
///
/// An activation is a value made once and used by many programs, also at the same time. Values are
/// kept as tapes: setting a ``Tape/Node`` copies nothing, setting a ``Value`` copies it once. Make
/// it after the programs of the environment have been compiled: names of fields that are known by
/// then are looked up once, when a value is set, and not by each evaluation.
public struct Activation: Sendable {
    /// A value that is made when an expression first asks for it.
    struct Lazy: Sendable {
        var make: @Sendable () throws -> Tape.Node
    }

    private(set) var variables: VariableTable
    private let fieldNames: FieldNames
    /// By variable of the environment, as its type wants it; absent where nothing is set.
    ///
    /// The note of a set cell is the number of its tape, from 1.
    private(set) var cells: [Cell]
    private var tapes: [Tape] = []
    /// The same tapes, without counted references.
    private(set) var tapeTable: [TapeReference] = []
    /// By tape and name of a field: the name's number in the tape.
    private(set) var ids: [UInt32] = []
    /// How many names of fields were known when the activation was made.
    let idStride: Int
    private(set) var lazies: [Int: Lazy] = [:]
    /// The variables that were given a value of another kind than declared.
    private(set) var misfits: Set<Int> = []

    /// An activation for programs of this environment, nothing set.
    ///
    /// Variables declared in the environment later are not part of it.
    public init(_ environment: Environment) {
        self.init(environment.declarations.variableTable, environment.fieldNames)
    }

    private init(_ variables: VariableTable, _ fieldNames: FieldNames) {
        self.variables = variables
        self.fieldNames = fieldNames
        idStride = fieldNames.count
        cells = Array(repeating: .absent, count: variables.types.count)
    }

    /// An activation for programs of this environment, with the values that another activation has
    /// for variables of the same name.
    ///
    /// It takes next to no time when the environment only declares more variables than the other
    /// activation's, at their end.
    public init(_ environment: Environment, with values: Activation) {
        let table = environment.declarations.variableTable
        guard values.fieldNames === environment.fieldNames, table.extends(values.variables) else {
            self = values.adapted(to: table, environment.fieldNames)
            return
        }
        self = values
        variables = table
        let added = table.types.count - cells.count
        cells.append(contentsOf: repeatElement(.absent, count: added))
    }

    /// Sets a variable to a node of a tape; a name that is not declared is ignored.
    public mutating func set(_ name: String, to node: Tape.Node) {
        guard let index = variables.indexes[name] else { return }
        set(index, to: node.cell, of: node.tape)
    }

    /// Sets a variable to a value; a name that is not declared is ignored.
    ///
    /// Throws a ``TapeError`` when the value cannot be kept (it holds an optional, say).
    public mutating func set(_ name: String, to value: Value) throws(TapeError) {
        set(name, to: try Tape.of(value).root)
    }

    /// Sets a variable to what `make` returns when an evaluation first reads it.
    ///
    /// Each evaluation that reads it asks once; keep the result outside to share it between them.
    /// What `make` throws becomes the evaluation's error `host-failure`.
    public mutating func set(
        _ name: String, lazily make: @escaping @Sendable () throws -> Tape.Node
    ) {
        guard let index = variables.indexes[name] else { return }
        clear(index)
        lazies[index] = Lazy(make: make)
    }

    /// Takes a variable's value away.
    public mutating func clear(_ name: String) {
        guard let index = variables.indexes[name] else { return }
        clear(index)
    }

    private mutating func clear(_ index: Int) {
        cells[index] = .absent
        lazies[index] = nil
        misfits.remove(index)
    }

    private mutating func set(_ index: Int, to cell: Cell, of tape: Tape) {
        clear(index)
        if tapes.last !== tape {
            tapes.append(tape)
            tapeTable.append(TapeReference(tape))
            fieldNames.appendIDs(in: tape, count: idStride, to: &ids)
        }
        let noted = cell.noted(UInt32(truncatingIfNeeded: tapes.count))
        if let fitting = coerced(noted, to: variables.types[index]) {
            // A number of another kind is a new cell.
            cells[index] = fitting.noted(noted.note)
        } else {
            misfits.insert(index)
        }
    }

    /// The same values under the names of another state of the environment.
    func adapted(to other: VariableTable, _ names: FieldNames) -> Activation {
        var adapted = Activation(other, names)
        for (name, index) in variables.indexes.sorted(by: { $0.value < $1.value }) {
            guard let place = other.indexes[name] else { continue }
            let cell = cells[index]
            if let lazy = lazies[index] { adapted.lazies[place] = lazy }
            if misfits.contains(index) { adapted.misfits.insert(place) }
            guard !cell.is(.absent) else { continue }
            adapted.set(place, to: cell.noted(0), of: tapes[Int(cell.note) - 1])
        }
        return adapted
    }
}

/// A tape that someone else keeps alive.
struct TapeReference: @unchecked Sendable {  // because it only points to a tape, which is Sendable
    private let unmanaged: Unmanaged<Tape>

    init(_ tape: Tape) { unmanaged = .passUnretained(tape) }

    var tape: Tape { unmanaged.takeUnretainedValue() }
}
