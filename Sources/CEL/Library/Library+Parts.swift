extension Library {
    /// The macros of the library.
    var macros: [Macro] {
        switch self {
        case .bindings: Macro.bindings
        case .optionals: Macro.optionals
        case .twoVariables: Macro.twoVariables
        case .math: Macro.math
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
        default: []
        }
    }
}
