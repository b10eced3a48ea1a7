extension Library {
    /// The macros of the library.
    var macros: [Macro] {
        switch self {
        case .bindings: Macro.bindings
        case .optionals: Macro.optionals
        case .twoVariables: Macro.twoVariables
        case .math: Macro.math
        case .lists: Macro.lists
        default: []
        }
    }

    /// The functions of the library.
    var functions: [Function] {
        switch self {
        case .optionals: Library.optionalFunctions
        case .strings: Library.stringFunctions
        case .math: Library.mathFunctions
        case .encoders: Library.encoderFunctions
        case .network: Library.networkFunctions
        case .lists: Library.listFunctions
        case .sets: Library.setFunctions
        case .regex: Library.regexFunctions
        case .bindings, .twoVariables: []
        case .words: Library.textFunctions
        }
    }

    /// The types of the library's own values.
    var types: [ValueType] { self == .network ? Library.networkTypes : [] }
}
