package import Networking

/// How long a reply asks to be left alone.
package enum RetryHint {
    /// No hint is taken for longer than this.
    package static let longest: Duration = .seconds(900)

    /// The hint of a reply, from the most trusted header to the least.
    ///
    /// The first two are milliseconds and Alibaba Cloud's own; `Retry-After` is everybody's.
    package static func duration(in response: HTTPResponse) -> Duration? {
        let milliseconds =
            response.header("x-acs-retry-after").flatMap(positive)
            ?? response.header("x-ratelimit-user-api").flatMap(timeLeft)
            ?? response.header("x-ratelimit-user").flatMap(timeLeft)
        if let milliseconds { return min(.milliseconds(milliseconds), longest) }
        return response.retryAfter.flatMap { $0 > .zero ? min($0, longest) : nil }
    }

    /// The `TimeLeft` of `Limit:1,Remain:0,TimeLeft:2000,Reset:1234`.
    private static func timeLeft(_ value: String) -> Int64? {
        for part in value.split(separator: ",") {
            let pair = part.split(separator: ":", maxSplits: 1)
            if pair.count == 2, trimmed(String(pair[0])).lowercased() == "timeleft" {
                return positive(String(pair[1]))
            }
        }
        return nil
    }

    private static func positive(_ text: String) -> Int64? {
        Int64(trimmed(text)).flatMap { $0 > 0 ? $0 : nil }
    }
}
