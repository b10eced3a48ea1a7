/// What a function or macro is for, in one line of each language, for `functions` and manuals.
public struct Documentation: Hashable, Sendable {
    /// In English.
    public let english: String
    /// In Chinese.
    public let chinese: String

    /// Both lines.
    public init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }
}

/// A failure of a host function, told to the reader of the evaluation's error.
public struct HostFailure: Error, Hashable, Sendable {
    /// What went wrong; it is shown, so it must hold no secret.
    public let message: String

    /// A failure with its message.
    public init(_ message: String) { self.message = message }
}

/// A function that the host adds to the language.
///
/// It must be pure: the same arguments give the same value, and nothing else happens.
public struct HostFunction: Sendable {
    /// One signature of the function and what it does.
    public struct Overload: Sendable {
        let id: String
        let parameters: [ValueType]
        let result: ValueType
        let isReceiver: Bool
        let body: @Sendable ([Value]) throws -> Value

        /// A signature.
        ///
        /// `id`: A name of this overload, unique in the environment.
        /// `parameters`: The types of the arguments; the receiver is the first of them.
        /// `isReceiver`: Whether it is written `x.name(y)` and not `name(x, y)`.
        /// `body`: The work; it gets arguments of the declared types. What it throws
        ///   becomes the evaluation's error.
        public init(
            _ id: String, _ parameters: [ValueType], returns result: ValueType,
            isReceiver: Bool = false, body: @escaping @Sendable ([Value]) throws -> Value
        ) {
            self.id = id
            self.parameters = parameters
            self.result = result
            self.isReceiver = isReceiver
            self.body = body
        }
    }

    let name: String
    let documentation: Documentation
    let overloads: [Overload]

    /// A function of that name; a name may have dots, as `math.greatest` has.
    public init(_ name: String, _ documentation: Documentation, overloads: [Overload]) {
        self.name = name
        self.documentation = documentation
        self.overloads = overloads
    }
}
