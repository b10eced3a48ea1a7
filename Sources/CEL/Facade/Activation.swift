/// The values of an environment's variables for one or many evaluations.
///
/// An activation is a value made once and used by many programs, also at the same time. Values are
/// kept as tapes: setting a ``Tape/Node`` copies nothing, setting a ``Value`` copies it once.
public struct Activation: Sendable {
    /// A value that is made when an expression first asks for it.
    struct Lazy: Sendable {
        var make: @Sendable () throws -> Tape.Node
    }

    let names: VariableNames
    /// By variable of the environment; absent where nothing is set.
    ///
    /// The note of a set cell is the
    /// index of its tape plus 1.
    var cells: [Cell]
    var tapes: [Tape] = []
    var lazies: [Int: Lazy] = [:]

    /// An activation for programs of this environment, nothing set.
    ///
    /// Variables declared in the environment later are not part of it.
    public init(_ environment: Environment) {
        names = environment.declarations.variableNames
        cells = Array(repeating: .absent, count: names.indexes.count)
    }

    /// Sets a variable to a node of a tape; a name that is not declared is ignored.
    public mutating func set(_ name: String, to node: Tape.Node) {
        guard let index = names.indexes[name] else { return }
        if tapes.last !== node.tape { tapes.append(node.tape) }
        cells[index] = node.cell.noted(UInt32(truncatingIfNeeded: tapes.count))
        lazies[index] = nil
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
        guard let index = names.indexes[name] else { return }
        cells[index] = .absent
        lazies[index] = Lazy(make: make)
    }

    /// Takes a variable's value away.
    public mutating func clear(_ name: String) {
        guard let index = names.indexes[name] else { return }
        cells[index] = .absent
        lazies[index] = nil
    }
}
