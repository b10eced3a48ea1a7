import CEL
import Pipeline

extension Finding {
    /// The part of the shown line that the caret and its tildes stand under.
    var marked: String {
        let lines = excerpt.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 2 else { return excerpt }
        let indent = lines[1].prefix { $0 == " " }.count
        let width = lines[1].dropFirst(indent).count
        var column = 0
        var text = String.UnicodeScalarView()
        for scalar in lines[0].unicodeScalars {
            if column >= indent, column < indent + width { text.append(scalar) }
            column += Excerpt.width(of: String(scalar))
        }
        return String(text)
    }

    /// `line:column code «marked»`.
    var shorthand: String { "\(line):\(column) \(code) «\(marked)»" }
}

extension Findings {
    var shorthand: [String] { sorted().map(\.shorthand) }
}
