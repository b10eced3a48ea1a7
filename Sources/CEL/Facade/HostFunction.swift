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
///
/// ```swift
/// // sentences.loud(8): the sentences of at least that loudness
/// HostFunction("loud", documentation, overloads: [
///     .reading("loud", [sentences, .int], returns: sentences, isReceiver: true) { call in
///         let (list, least) = (call[0], call[1].int ?? 0)
///         var loudness = MemberReader(MemberKey("emotionValue", position: 8))
///         try call.spend(list.count)
///         return try call.elements(of: list) { index in
///             list[index].map { loudness.int($0) >= least } ?? false
///         }
///     }
/// ])
/// ```
public struct HostFunction: Sendable {
    /// One signature of the function and what it does.
    public struct Overload: Sendable {
        /// The work, over copies of the arguments or over the arguments where they lie.
        enum Body: Sendable {
            case values(@Sendable ([Value]) throws -> Value)
            case views(@Sendable (HostCall) throws -> View)
        }

        let id: String
        let parameters: [ValueType]
        let result: ValueType
        let isReceiver: Bool
        let body: Body

        /// A signature whose work is done over copies of the arguments: simple, and slow where they
        /// are large.
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
            self.init(id, parameters, result, isReceiver: isReceiver, .values(body))
        }

        /// A signature whose work is done over the arguments where they lie: nothing is copied.
        ///
        /// The arguments are of the declared kinds; what is in a list or an object need not be. The
        /// work is to be counted with ``HostCall/spend(_:)``. What `body` throws becomes the
        /// evaluation's error.
        public static func reading(
            _ id: String, _ parameters: [ValueType], returns result: ValueType,
            isReceiver: Bool = false, body: @escaping @Sendable (HostCall) throws -> View
        ) -> Overload {
            Overload(id, parameters, result, isReceiver: isReceiver, .views(body))
        }

        private init(
            _ id: String, _ parameters: [ValueType], _ result: ValueType, isReceiver: Bool,
            _ body: Body
        ) {
            self.id = id
            self.parameters = parameters
            self.result = result
            self.isReceiver = isReceiver
            self.body = body
        }
    }

    /// The most parameters of an overload.
    public static let parameterLimit = 32

    let name: String
    let documentation: Documentation
    let forms: [String]
    let overloads: [Overload]

    /// A function of that name; a name may have dots, as `math.greatest` has.
    ///
    /// Overloads may join those of a function of the language; none may take the same arguments as
    /// another. A name that starts with `@` is for macros alone.
    ///
    /// `forms`: How people write it, for messages, where a macro stands before the function.
    public init(
        _ name: String, _ documentation: Documentation, forms: [String] = [],
        overloads: [Overload]
    ) {
        self.name = name
        self.documentation = documentation
        self.forms = forms
        self.overloads = overloads
    }
}
