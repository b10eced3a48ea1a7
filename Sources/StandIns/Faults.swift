/// What goes wrong on purpose: each with a probability, drawn from the seed in the order of
/// requests.
package struct Faults: Hashable, Sendable {
    package var seed: UInt64
    /// The service says that it is asked too often.
    package var throttled: Double
    /// The service fails: HTTP 500.
    package var failed: Double
    /// The connection is reset instead of a reply.
    package var reset: Double
    /// Half of the reply arrives.
    package var cut: Double
    /// How long a throttled client is told to wait; 0 for no hint.
    package var retryAfterMilliseconds: Int

    package init(
        seed: UInt64 = 1, throttled: Double = 0, failed: Double = 0, reset: Double = 0,
        cut: Double = 0, retryAfterMilliseconds: Int = 0
    ) {
        self.seed = seed
        self.throttled = throttled
        self.failed = failed
        self.reset = reset
        self.cut = cut
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    package static let none = Faults()
}

enum Fault: String, Sendable {
    case throttled, failed, reset, cut
}

/// Draws the fault of each request in turn.
struct FaultSource: Sendable {
    let faults: Faults
    private var generator: SplitMix64

    init(_ faults: Faults) {
        self.faults = faults
        generator = SplitMix64(seed: faults.seed, stream: "faults", number: 0)
    }

    mutating func next() -> Fault? {
        let chances: [(Fault, Double)] = [
            (.throttled, faults.throttled), (.failed, faults.failed), (.reset, faults.reset),
            (.cut, faults.cut),
        ]
        for (fault, probability) in chances where probability > 0 {
            if generator.happens(probability) { return fault }
        }
        return nil
    }
}
