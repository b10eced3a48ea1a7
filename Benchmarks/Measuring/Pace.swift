import Foundation

/// How fast a number of things went, and what each cost this process.
struct Pace {
    let perSecond: Double
    /// Microseconds of the processor for each, in all threads of this process.
    let processor: Double

    static let none = Pace(perSecond: 0, processor: 0)

    /// The pace of `count` things that `body` does.
    static func of(_ count: Int, _ body: () async throws -> Void) async rethrows -> Pace {
        let start = (ContinuousClock.now, processorTime())
        try await body()
        let time = (ContinuousClock.now - start.0) / .seconds(1)
        return Pace(
            perSecond: Double(count) / time,
            processor: (processorTime() - start.1) / Double(count))
    }

    /// The faster of the two: what neighbours on a machine add is noise.
    func best(_ other: Pace) -> Pace { other.perSecond > perSecond ? other : self }

    /// A line of a report.
    func show(_ name: String, of things: String) {
        let padding = String(repeating: " ", count: max(1, 26 - name.count))
        let processor = Int(processor.rounded())
        print(
            "\(name)\(padding)\(Int(perSecond.rounded())) \(things)/s, \(processor) us of processor each"
        )
    }

    /// This pace as a share of another.
    func share(of other: Pace) -> String {
        "\(Int((perSecond / other.perSecond * 100).rounded())) %"
    }

    /// Microseconds.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
