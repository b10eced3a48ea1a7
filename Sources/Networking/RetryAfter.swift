/// The value of `Retry-After`: seconds, with a fraction from some services, or a date.
enum RetryAfter {
    /// Reads the value; `asDate` are the seconds from now that libcurl read out of it, right for a
    /// date.
    ///
    /// Returns `nil` for a value that is neither, and never more than
    /// ``HTTPResponse/longestRetryAfter``.
    static func duration(_ value: String, asDate seconds: Int) -> Duration? {
        let longest = HTTPResponse.longestRetryAfter
        if let first = value.utf8.first, (0x30...0x39).contains(first) {
            return duration(ofDigits: value).map { min($0, longest) }
        }
        guard EasyHandle.seconds(ofDate: value) != nil else { return nil }
        return min(.seconds(max(seconds, 0)), longest)
    }

    /// Reads `120` or `1.5`; milliseconds are rounded up.
    private static func duration(ofDigits value: String) -> Duration? {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2,
            parts.allSatisfy({ part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            })
        else { return nil }
        // A number too long to be one is longer than the longest.
        guard let seconds = Int64(parts[0]),
            seconds < HTTPResponse.longestRetryAfter.components.seconds
        else { return HTTPResponse.longestRetryAfter }
        guard parts.count == 2 else { return .seconds(seconds) }
        let digits = (parts[1] + "000").prefix(3)
        let isExact = parts[1].dropFirst(3).allSatisfy { $0 == "0" }
        let milliseconds = (Int64(digits) ?? 0) + (isExact ? 0 : 1)
        return .seconds(seconds) + .milliseconds(milliseconds)
    }
}
