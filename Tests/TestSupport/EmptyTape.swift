package import CEL

extension Tape {
    /// A reply of nothing.
    package static let empty: Tape = {
        do { return try Tape.of(.map([:])) } catch { preconditionFailure("\(error)") }
    }()
}
