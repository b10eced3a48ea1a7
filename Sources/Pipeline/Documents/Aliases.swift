/// Looks for `&name` and `*name` before the parser writes them out.
///
/// The nodes of the tree are counted, but the parser has compared whole keys by then, and in a key
/// a few lines of aliases of aliases are a thousand million texts.
enum Aliases {
    /// Within either of these the tree stays small, however the aliases are nested.
    private static let aliasLimit = 16
    private static let bounds = (anchors: 4, aliases: 100)

    /// The first alias of a file that has too many of them.
    static func firstOfTooMany(in document: Document) -> Int? {
        let bytes = Array(document.text.utf8)
        var anchors: Set<String> = []
        var aliases: [(name: String, offset: Int)] = []
        for (offset, byte) in bytes.enumerated()
        where byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") {
            guard isBoundary(bytes, before: offset) else { continue }
            let name = String(decoding: bytes[(offset + 1)...].prefix(while: isName), as: UTF8.self)
            if name.isEmpty { continue }
            if byte == UInt8(ascii: "&") {
                anchors.insert(name)
            } else {
                aliases.append((name, offset))
            }
        }
        let meant = aliases.filter { anchors.contains($0.name) }
        if meant.count <= aliasLimit { return nil }
        if anchors.count <= bounds.anchors, meant.count <= bounds.aliases { return nil }
        return meant.first?.offset
    }

    private static func isBoundary(_ bytes: [UInt8], before offset: Int) -> Bool {
        guard offset > 0 else { return true }
        return !isName(bytes[offset - 1]) && bytes[offset - 1] != bytes[offset]
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
