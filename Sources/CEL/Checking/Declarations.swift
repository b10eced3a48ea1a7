/// A variable of the environment: its value comes with each activation, or is known beforehand.
struct Variable: Sendable {
    var name: String
    var type: ValueType
    /// The value of a constant.
    var constant: Tape?
}

/// An environment's variables by index: one object for all activations and programs of the
/// environment, so that they recognise each other by identity.
final class VariableTable: Sendable {
    let indexes: [String: Int]
    let names: [String]
    let types: [ValueType]

    init(_ variables: [Variable] = [], indexes: [String: Int] = [:]) {
        self.indexes = indexes
        names = variables.map(\.name)
        types = variables.map(\.type)
    }

    /// Whether the variables of another table are the first of this one, with the same types.
    func extends(_ other: VariableTable) -> Bool {
        names.starts(with: other.names) && types.starts(with: other.types)
    }
}

/// An object type: fields with their types, in the order of declaration.
struct ObjectType: Sendable {
    struct Field: Sendable {
        var name: String
        var type: ValueType
        /// The place in the declaration, where tapes that follow it have the field too.
        var position: Int
        /// What it can be, when not everything of its type.
        var values: FieldValues?
        /// What to write where it is asked of a list of such objects.
        var advice: Documentation?
    }

    var name: String
    var fields: [String: Field]
}

/// All that names can mean in an environment.
///
/// Copied into each of its programs by reference.
struct Declarations: Sendable {
    private(set) var variables: [Variable] = []
    private(set) var variableTable = VariableTable()
    var objects: [String: ObjectType] = [:]
    var functions: [String: Function] = [:]
    private(set) var types: [String: ValueType] = Declarations.standardTypes
    /// What stands before the first dot of all names with dots: most expressions start with none.
    private var dottedRoots: Set<String> = ["google"]
    var container = ""
    /// Whether constant texts of times are looked at.
    var judgesLiterals = false
    /// What is wrong with what the host has declared.
    private(set) var mistakes: [Diagnostic] = []
    /// The names of the host's overloads.
    var overloadIDs: Set<String> = []
    /// Whether a field says what it can be.
    var hasFieldValues = false

    static let standardTypes: [String: ValueType] = [
        "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string,
        "bytes": .bytes, "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null,
        "type": .type(.dyn), "google.protobuf.Timestamp": .timestamp,
        "google.protobuf.Duration": .duration, "optional_type": .optional(.dyn),
    ]

    /// Notes a mistake of the host, which every use of the environment is told; one more than are
    /// shown is kept.
    mutating func report(_ name: String, _ mistake: DeclarationMistake, _ limit: Int) {
        guard mistakes.count <= limit else { return }
        mistakes.append(Diagnostic(.badDeclaration(name, mistake), at: 0..<0, in: Source("")))
    }

    /// Whether a name that starts so, and goes on behind a dot, may be one that is declared.
    func mayStartName(_ root: String) -> Bool { !container.isEmpty || dottedRoots.contains(root) }

    private mutating func noteRoot(of name: String) {
        if let dot = name.firstIndex(of: ".") { dottedRoots.insert(String(name[..<dot])) }
    }

    mutating func declare(_ type: ValueType, as name: String) {
        noteRoot(of: name)
        types[name] = type
    }

    mutating func declare(_ variable: Variable) {
        noteRoot(of: variable.name)
        var indexes = variableTable.indexes
        if let index = indexes[variable.name] {
            variables[index] = variable
        } else {
            indexes[variable.name] = variables.count
            variables.append(variable)
        }
        variableTable = VariableTable(variables, indexes: indexes)
    }

    /// Adds a function; overloads join those of a function of the same name.
    mutating func declare(_ function: Function) {
        noteRoot(of: function.name)
        if var known = functions[function.name] {
            if !function.forms.isEmpty {
                known.forms =
                    (known.forms.isEmpty ? known.signatures : known.forms) + function.forms
            }
            known.overloads.append(contentsOf: function.overloads)
            functions[function.name] = known
        } else {
            functions[function.name] = function
        }
    }

    /// The full names that a name may stand for, the innermost container first.
    func candidates(_ name: String, isAbsolute: Bool) -> [String] {
        guard !isAbsolute, !container.isEmpty else { return [name] }
        var names: [String] = []
        var prefix = Substring(container)
        while true {
            names.append("\(prefix).\(name)")
            guard let dot = prefix.lastIndex(of: ".") else { break }
            prefix = prefix[..<dot]
        }
        names.append(name)
        return names
    }

    func variable(_ name: String, isAbsolute: Bool) -> Int? {
        if container.isEmpty { return variableTable.indexes[name] }
        return candidates(name, isAbsolute: isAbsolute).lazy.compactMap {
            variableTable.indexes[$0]
        }
        .first
    }

    func typeValue(_ name: String, isAbsolute: Bool) -> ValueType? {
        if container.isEmpty { return types[name] }
        return candidates(name, isAbsolute: isAbsolute).lazy.compactMap { types[$0] }.first
    }

    func function(_ name: String) -> Function? {
        let isAbsolute = name.hasPrefix(".")
        let name = isAbsolute ? String(name.dropFirst()) : name
        if container.isEmpty { return functions[name] }
        return candidates(name, isAbsolute: isAbsolute).lazy.compactMap { functions[$0] }.first
    }
}
