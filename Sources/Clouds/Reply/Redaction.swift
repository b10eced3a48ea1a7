/// Makes what a cloud wrote fit to be shown.
enum Redaction {
    /// The most characters of a cloud's words that are kept.
    static let limit = 400
    /// A shorter text is no secret worth hiding, and hiding it would blank out common letters.
    private static let shortest = 4

    /// The text in one line, cut, without the secrets in any encoding that signing gives them.
    static func text(
        _ text: String, hiding secrets: [String], limit: Int = Redaction.limit
    ) -> String {
        var text = text
        for secret in secrets where secret.utf8.count >= shortest {
            let once = PercentEncoding.encode(secret)
            for form in [secret, once, PercentEncoding.encode(once)] {
                text = text.replacing(form, with: "…")
            }
        }
        var line = ""
        var isBlank = false
        for scalar in text.unicodeScalars {
            let isControl =
                scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
                || scalar.properties.generalCategory == .format
            if isControl {
                isBlank = true
                continue
            }
            if isBlank, !line.isEmpty { line.unicodeScalars.append(" ") }
            isBlank = false
            line.unicodeScalars.append(scalar)
        }
        return line.count > limit ? line.prefix(limit) + "…" : line
    }
}
