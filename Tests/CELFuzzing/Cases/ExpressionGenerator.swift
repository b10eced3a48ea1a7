/// Makes an expression from bytes, one decision a byte; most of what it makes type-checks.
///
/// A template holds `$` and a letter where a part of that kind is put in, and `~` and a letter where
/// a loop's variable is made, which the parts behind it may use.
struct ExpressionGenerator {
    private var input: FuzzInput
    private var text = ""
    private var locals: [(name: String, kind: Character)] = []
    private var made = 0
    /// Whether fields of a declared object are read: without types they have no defaults.
    private(set) var readsObjects = false

    /// The deepest nesting of templates, and the longest text in bytes.
    static let depthLimit = 12, lengthLimit = 2_000

    static func expression(from input: FuzzInput) -> (text: String, readsObjects: Bool) {
        var generator = ExpressionGenerator(input: input)
        let kinds = Grammar.kinds
        generator.write(kinds[generator.input.choice(kinds.count)], depth: depthLimit)
        return (generator.text, generator.readsObjects)
    }

    private init(input: FuzzInput) { self.input = input }

    private mutating func write(_ kind: Character, depth: Int) {
        if kind == "T" { readsObjects = true }
        let known = locals.filter { $0.kind == kind }
        if !known.isEmpty, input.choice(3) == 0 {
            text += known[input.choice(known.count)].name
            return
        }
        guard let rule = Grammar.rules[kind] else {
            text += "null"
            return
        }
        let isLeaf = depth == 0 || input.isEmpty || text.utf8.count > Self.lengthLimit
        let templates = isLeaf ? rule.leaves : rule.leaves + rule.inner
        fill(templates[input.choice(templates.count)], depth: depth - 1)
    }

    private mutating func fill(_ template: String, depth: Int) {
        let before = locals.count
        var characters = template.makeIterator()
        while let character = characters.next() {
            switch character {
            case "$":
                guard let kind = characters.next() else { return }
                if !writeLiteral(kind) { write(kind, depth: max(depth, 0)) }
            case "~":
                guard let kind = characters.next() else { return }
                made += 1
                // Now and then a name that is taken already.
                let name = made % 5 == 4 ? "n" : "v\(made % 7)"
                locals.append((name, kind))
                text += name
            default: text.append(character)
            }
        }
        locals.removeLast(locals.count - before)
    }

    /// Numbers and texts of any content.
    private mutating func writeLiteral(_ kind: Character) -> Bool {
        switch kind {
        case "0": text += "\(Int64(bitPattern: input.wildNumber()))"
        case "1": text += "\(input.wildNumber())u"
        case "2":
            let value = Double(bitPattern: input.wildNumber())
            text += value.isFinite ? "\(value)" : "(0.0 / 0.0)"
        case "3", "4":
            text += kind == "3" ? "'" : "b'"
            for _ in 0..<input.choice(12) {
                let byte = input.byte()
                if kind == "4" {
                    text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                } else if byte < 0x20 || byte >= 0x7F {
                    text += Grammar.letters[Int(byte) % Grammar.letters.count]
                } else {
                    text += byte == 0x27 || byte == 0x5C ? "_" : String(Unicode.Scalar(byte))
                }
            }
            text += "'"
        default: return false
        }
        return true
    }
}
