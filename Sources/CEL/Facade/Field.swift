/// A field of a declared object type.
///
/// ```swift
/// Field("speaker", .string, values: .texts(["customer", "agent"]))
/// Field("emotionValue", .int, values: .numbers(0...10))
/// ```
public struct Field: Hashable, Sendable {
    let name: String
    let type: ValueType
    let values: FieldValues?
    let advice: Documentation?

    /// A field.
    ///
    /// `values`: What it can be, when not everything of its type: a comparison with anything else is a
    ///   mistake of the source. Evaluation does not rely on it.
    /// `advice`: What to write for a list of such objects, told where the field is asked of the list
    ///   itself.
    public init(
        _ name: String, _ type: ValueType, values: FieldValues? = nil, advice: Documentation? = nil
    ) {
        self.name = name
        self.type = type
        self.values = values
        self.advice = advice
    }
}

/// What a field can be.
public enum FieldValues: Hashable, Sendable {
    /// One of some texts; `instead` says what to write for another, the texts when it is nil.
    case texts([String], instead: Documentation? = nil)
    /// A number of a range.
    case numbers(ClosedRange<Double>)
}
