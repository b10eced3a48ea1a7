/// Hides what may be secret in the lines of a settings file, keeping every byte's place.
///
/// Only the values of keys that can hold none are shown: a misspelt `pasword` is hidden too.
enum SecretMask {
    private static let open: Set = [
        "type", "language", "store", "rules", "listen", "spool", "results", "alerts", "qps", "qpm",
        "first", "every", "deadline", "agent", "customer", "version", "method", "signature",
        "agent-channel", "format", "tls", "from", "to", "per-minute", "retry", "severity", "when",
        "notify", "continue", "by", "wait", "allow-private", "ca-file", "enabled", "credentials",
    ]

    static func masked(_ text: String) -> String {
        let pair = #/([A-Za-z0-9_.\-]+)"?\s*:\s+("[^"]*"?|'[^']*'?|[^,{}\[\]#|>\s][^,{}\[\]#]*)/#
        // What looks like a secret anywhere: signing keys, and an address behind its scheme.
        let looks = #/whsec_\S+|\bSEC[0-9A-Za-z]{4,}|:\/\/[^\s*]\S*|access_token=[^\s*]\S*/#
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var shown = line.replacing(pair) { match in
                guard !open.contains(String(match.1)) else { return String(match.0) }
                return String(match.0.dropLast(match.2.count)) + stars(match.2)
            }
            shown.replace(looks) { stars($0.output) }
            return String(shown)
        }.joined(separator: "\n")
    }

    /// As many bytes.
    private static func stars(_ text: Substring) -> String {
        String(repeating: "*", count: text.utf8.count)
    }
}
