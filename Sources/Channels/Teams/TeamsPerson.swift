/// Someone whom a card calls: `zhang@contoso.com`, or `张三 <zhang@contoso.com>`.
struct TeamsPerson: Hashable {
    /// The principal name, or the object id of the directory.
    let id: String
    /// As the card shows it.
    let name: String

    /// The most characters of a name.
    private static let nameLimit = 64

    /// Nil when the id is none, or the name has signs of the card's own markup.
    init?(_ text: String) {
        guard let open = text.firstIndex(of: "<") else {
            self.init(id: text, name: text)
            return
        }
        guard text.hasSuffix(">") else { return nil }
        let id = text[text.index(after: open)...].dropLast()
        self.init(id: String(id), name: PlainText.line(String(text[..<open])))
    }

    private init?(id: String, name: String) {
        guard id.isName(upTo: 128, others: "@._-+"), (1...Self.nameLimit).contains(name.count),
            !name.contains(where: { "<>&\"".contains($0) })
        else { return nil }
        self.id = id
        self.name = Escaping.markdownLine(name)
    }

    /// As it stands in the text, and again in the entity: both must be the same.
    var tag: String { "<at>\(name)</at>" }

    var entity: String {
        JSONText.object([
            ("type", JSONText.string("mention")), ("text", JSONText.string(tag)),
            (
                "mentioned",
                JSONText.object([("id", JSONText.string(id)), ("name", JSONText.string(name))])
            ),
        ])
    }
}
