/// The bounds within which texts are compiled and programs run; each is on by default.
public struct Limits: Hashable, Sendable {
    /// The longest source, in UTF-8 bytes.
    public var sourceBytes = 100_000
    /// The deepest nesting of a source's tree: brackets, calls, and operators in a row other than
    /// `&&` and `||`, which are balanced.
    ///
    /// It also bounds the stack that parsing, checking and planning need.
    public var nesting = 100
    /// The deepest nesting of a source's tree with the names of `cel.bind` and `cel.block` replaced
    /// by what they stand for.
    ///
    /// It bounds the stack that evaluation needs.
    public var evaluationDepth = 200
    /// The most nodes in a source's tree, macros expanded; never more than a million.
    public var nodes = 50_000
    /// How deeply macros that loop may be nested.
    public var loopNesting = 6
    /// The most diagnostics of one source; after that compiling stops.
    public var diagnostics = 50
    /// The most work of one evaluation, in units of about one node or 16 bytes of text looked at.
    public var cost = 20_000_000
    /// The longest regular expression, in UTF-8 bytes.
    public var patternBytes = 4_096
    /// The most instructions that the constant regular expressions of one source may have together;
    /// see ``RegexMatcher/size``.
    public var patternInstructions = 1_000_000
    /// The most memory for values built in one evaluation (joined texts, new lists), in bytes.
    public var builtBytes = 16 << 20

    /// The defaults.
    public init() {}
}

/// What one evaluation may use beyond the environment's ``Limits``.
public struct Budget: Sendable {
    /// The most work; see ``Limits/cost``.
    public var cost: Int
    /// Asked now and then during long work; `true` ends the evaluation with `cancelled`.
    public var isCancelled: (@Sendable () -> Bool)?

    /// A budget of so much work.
    public init(cost: Int, isCancelled: (@Sendable () -> Bool)? = nil) {
        self.cost = cost
        self.isCancelled = isCancelled
    }
}
