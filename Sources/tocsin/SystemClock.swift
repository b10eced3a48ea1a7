import Foundation
import Pipeline

/// The host's time of day.
struct SystemClock: WallClock {
    var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    func sleep(until deadline: Timestamp) async throws {
        let pause = deadline - now
        if pause > .zero { try await Task.sleep(for: pause, tolerance: .zero) }
    }
}

/// The host's time zone, for times that people read.
enum HostZone {
    /// Seconds east of UTC at that moment.
    @Sendable static func offset(at moment: Timestamp) -> Int {
        let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)
        return TimeZone.current.secondsFromGMT(for: date)
    }

    /// `2026-11-21 12:00:05` on the host's clock.
    static func text(_ moment: Timestamp) -> String {
        moment.text(offsetSeconds: offset(at: moment))
    }
}
