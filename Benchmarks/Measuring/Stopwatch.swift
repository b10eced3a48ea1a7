import Foundation

/// The time of one run, in nanoseconds: the least and the middle of several batches.
struct Timing {
    let least: Double
    let median: Double
}

/// Times a body in batches long enough for the clock, and few enough to wait for.
///
/// On a machine with neighbours the least is the figure to compare.
enum Stopwatch {
    /// How long a batch is meant to take.
    static let batchNanoseconds = 40_000_000.0
    static let batchCount = 9

    /// The time that passes on the wall: what the peers' timers measure too.
    static func wall(
        batches: Int = batchCount, _ body: () throws -> Void
    ) rethrows -> Timing {
        try time(CLOCK_MONOTONIC, batches, body)
    }

    /// The time of the processor, which a busy neighbour does not count into.
    static func processor(_ body: () throws -> Void) rethrows -> Timing {
        try time(CLOCK_THREAD_CPUTIME_ID, batchCount, body)
    }

    private static func time(
        _ clock: clockid_t, _ batches: Int, _ body: () throws -> Void
    ) rethrows -> Timing {
        var count = 1
        while true {
            let spent = try batch(of: count, clock, body)
            if spent >= batchNanoseconds / 2 {
                count = Int(Double(count) * batchNanoseconds / spent) + 1
                break
            }
            count *= 2
        }
        var times: [Double] = []
        for _ in 0..<batches {
            times.append(try batch(of: count, clock, body) / Double(count))
        }
        times.sort()
        return Timing(least: times[0], median: times[times.count / 2])
    }

    private static func batch(
        of count: Int, _ clock: clockid_t, _ body: () throws -> Void
    ) rethrows -> Double {
        let start = nanoseconds(clock)
        for _ in 0..<count { try body() }
        return Double(nanoseconds(clock) - start)
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Takes a result, so that the optimiser must make it.
@inline(never)
func consume<Result>(_ result: Result) {}
