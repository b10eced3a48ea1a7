/// Text as Discord's Markdown has it: a backslash takes the meaning from a sign.
enum DiscordText {
    /// For one line from outside.
    ///
    /// `@` that is not within a word becomes its full-width twin, since no backslash keeps it from
    /// calling; entities are not known to Discord, so `&` stays.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isAtStart = true
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "*", "_", "~", "|", "<", ">", "#", "[", "]", "(", ")", "`":
                result.append("\\")
                result.append(scalar)
            case "-", "+":
                if isAtStart { result.append("\\") }
                result.append(scalar)
            case "@":
                let isMail = previous.isASCII && previous.properties.isAlphabetic
                result.append(isMail ? "@" : "＠")
            default: result.append(scalar)
            }
            if scalar != " " { isAtStart = false }
            previous = scalar
        }
        return String(result)
    }

    /// The text escaped within so many UTF-16 units; no escape is cut in two.
    static func escaped(_ text: String, units: Int) -> String {
        let whole = escaped(text)
        if whole.utf16.count <= units { return whole }
        return escaped(PlainText.clipped(text, units: units / 2))
    }
}
