/// The names that an expression itself introduces, by what is known of each, at one place of it.
///
/// Few names are in scope at once, so they are looked through, the innermost first. The values of a
/// block may be thousands: they are found by their numbers.
struct Scope<Value> {
    private var names: [(name: String, value: Value)] = []
    /// By block, the innermost last: what is known of its values so far.
    private var blocks: [[Value]] = []

    /// The names but those of blocks, the outermost first.
    var plainNames: [String] { names.map(\.name) }

    /// What is known of a name, nil when it is not in scope.
    func find(_ name: String) -> Value? {
        if let number = Scope.number(of: name) {
            return blocks.last { number < $0.count }?[number]
        }
        return names.last { $0.name == name }?.value
    }

    /// The number of a block's value, from the name that `cel.index` gives it.
    private static func number(of name: String) -> Int? {
        guard name.utf8.first == UInt8(ascii: "@"), name.hasPrefix("@index") else { return nil }
        return Int(name.dropFirst("@index".utf8.count))
    }

    mutating func enter(_ name: String, _ value: Value) { names.append((name, value)) }

    mutating func leave() { names.removeLast() }

    mutating func leave(_ count: Int) { names.removeLast(count) }

    mutating func enterBlock() { blocks.append([]) }

    /// Adds the next value of the innermost block.
    mutating func enterNext(_ value: Value) { blocks[blocks.count - 1].append(value) }

    mutating func leaveBlock() { blocks.removeLast() }
}
