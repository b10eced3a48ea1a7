import CEL

/// Rows in aligned columns, as a terminal shows them: Chinese takes two columns.
struct TextTable {
    var header: [String]
    var rows: [[String]]

    /// The most columns of one cell; longer text is cut with an ellipsis.
    static let cellWidth = 60

    /// One line for each row, without blanks at the end.
    var text: String {
        let shown = ([header] + rows).map { row in row.map(Self.cell) }
        let widths = header.indices.map { column in
            shown.map { $0.indices.contains(column) ? Excerpt.width(of: $0[column]) : 0 }.max() ?? 0
        }
        return shown.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                guard column < row.count - 1 else { break }
                let missing = widths[column] - Excerpt.width(of: cell)
                line += String(repeating: " ", count: missing + 2)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// The text on one line, without control characters, within the cell's width.
    private static func cell(_ text: String) -> String {
        var shown = ""
        var width = 0
        for character in text {
            let isControl = character.unicodeScalars.contains {
                $0.properties.generalCategory == .control
            }
            let next: Character = isControl || character.isNewline ? " " : character
            width += Excerpt.width(of: String(next))
            if width > cellWidth { return shown + "…" }
            shown.append(next)
        }
        return shown
    }
}
