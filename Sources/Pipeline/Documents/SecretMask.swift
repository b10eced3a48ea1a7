/// Hides what may be secret in the lines of a settings file, keeping every byte's place.
///
/// Only the values of keys that can hold none are shown: a misspelt `pasword` is hidden too.
enum SecretMask {
    private static let open: Set = [
        "type", "language", "store", "rules", "listen", "spool", "results", "alerts", "qps", "qpm",
        "first", "every", "deadline", "agent", "customer", "version", "method", "signature",
        "agent-channel", "format", "tls", "from", "to", "per-minute", "retry", "severity", "when",
        "notify", "continue", "by", "wait", "allow-private", "ca-file", "enabled", "credentials",
        "success", "content-type", "source", "event-type",
    ]

    static func masked(_ text: String) -> String {
        // The expression of a template reads alerts, so it is shown.
        let hole = #/\{\{[^{}]*alert[^{}]*\}\}/#
        let pair = #/([A-Za-z0-9_.\-]+)"?\s*:\s+("[^"]*"?|'[^']*'?|[^,{}\[\]#|>\s][^,{}\[\]#]*)/#
        let looks = looks()
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let holes = line.ranges(of: hole)
            // What stands in an expression must not look like the end of the text around it.
            let plain = holes.isEmpty ? line : Substring(line.replacing(hole) { stars($0.output) })
            var shown = plain.replacing(pair) { match in
                guard !open.contains(String(match.1)) else { return String(match.0) }
                return String(match.0.dropLast(match.2.count)) + stars(match.2)
            }
            shown.replace(looks) { stars($0.output) }
            return holes.isEmpty ? String(shown) : restored(holes, of: line, in: shown)
        }.joined(separator: "\n")
    }

    /// What looks like a secret anywhere: signing keys, and an address behind its scheme.
    private static func looks() -> Regex<Substring> {
        #/whsec_\S+|\bSEC[0-9A-Za-z]{4,}|:\/\/[^\s*]\S*|access_token=[^\s*]\S*/#
    }

    /// A value that is wrong, for a message: without what looks like a secret, and nothing of it at
    /// a key for one.
    static func shown(_ value: String, at key: String) -> String {
        guard key.firstMatch(of: #/token|secret|password|key|login/#) == nil else { return "***" }
        return value.replacing(looks()) { _ in "***" }
    }

    /// The line as shown, with the expressions as they are; both have the same bytes in the same
    /// places.
    private static func restored(
        _ holes: [Range<Substring.Index>], of line: Substring, in shown: Substring
    ) -> String {
        var bytes = Array(shown.utf8)
        for hole in holes {
            let start = line.utf8.distance(from: line.startIndex, to: hole.lowerBound)
            let text = Array(line[hole].utf8)
            bytes.replaceSubrange(start..<start + text.count, with: text)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As many bytes.
    private static func stars(_ text: Substring) -> String {
        String(repeating: "*", count: text.utf8.count)
    }
}
