/// A function or a macro, as a manual lists it.
public struct FunctionDescription: Hashable, Sendable {
    /// The name, as it is called.
    public let name: String
    /// Each form, as `string.contains(string) -> bool` or `list.exists(x, condition) -> bool`.
    public let signatures: [String]
    /// Whether it is a macro.
    public let isMacro: Bool
    /// What it is for.
    public let documentation: Documentation
}

extension Environment {
    /// All functions and macros, the host's too, sorted by name; operators are left out.
    public var functions: [FunctionDescription] {
        let functions = declarations.functions.values.filter {
            Operator.shown($0.name) == $0.name && !$0.name.contains("@")
        }.map { function in
            FunctionDescription(
                name: function.name,
                signatures: function.overloads.map { $0.signature(function.name) },
                isMacro: false, documentation: function.documentation)
        }
        let macros = macros.all.map { macro in
            FunctionDescription(
                name: macro.name, signatures: macro.signatures, isMacro: true,
                documentation: macro.documentation)
        }
        return (functions + macros).sorted {
            ($0.name, $0.isMacro ? 1 : 0) < ($1.name, $1.isMacro ? 1 : 0)
        }
    }
}
