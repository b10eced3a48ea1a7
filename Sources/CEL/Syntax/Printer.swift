/// Turns a tree back into text; parsing the text gives the same tree.
///
/// Macros are written as they were; brackets stand where the tree needs them.
struct Printer {
    private let tree: Tree
    private var text = ""

    static func print(_ tree: Tree) -> String {
        var printer = Printer(tree: tree)
        printer.write(tree.root, within: 0)
        return printer.text
    }

    private init(tree: Tree) { self.tree = tree }

    /// How tightly the operators around a node bind: 0 none, 1 ?:, 2 ||, 3 &&, 4 relations, 5 sums,
    /// 6 products, 7 prefixes, 8 members.
    private mutating func write(_ id: NodeID, within binding: Int) {
        if let call = tree.macroCalls[id] {
            return writeCall(call.name, target: call.target, call.arguments)
        }
        switch tree[id].kind {
        case .literal(let literal): write(literal, within: binding)
        case .name(let name, let isAbsolute): text += (isAbsolute ? "." : "") + name
        case .select(let selection): write(selection)
        case .call(let name, let target, let arguments):
            if let target {
                writeCall(name, target: target, arguments)
            } else {
                writeOperation(name, arguments, within: binding)
            }
        case .list(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                text += (index == 0 ? "" : ", ") + (element.isOptional ? "?" : "")
                write(element.value, within: 0)
            }
            text += "]"
        case .map(let entries): write(entries)
        case .loop(let loop): write(loop)
        case .bind(let name, let value, let result):
            text += "cel.bind(\(name), "
            write(value, within: 0)
            text += ", "
            write(result, within: 0)
            text += ")"
        case .block(let values, let result):
            text += "cel.block(["
            writeList(values)
            text += "], "
            write(result, within: 0)
            text += ")"
        case .faulty: text += "?"
        }
    }

    private mutating func write(_ literal: Literal, within binding: Int) {
        let shown = literal.description
        text += binding >= 7 && shown.hasPrefix("-") ? "(\(shown))" : shown
    }

    private mutating func write(_ selection: Selection) {
        if selection.isTest { text += "has(" }
        write(selection.operand, within: 8)
        text += selection.isOptional ? ".?" : "."
        let isPlain = selection.field.utf8.enumerated().allSatisfy { index, byte in
            byte == UInt8(ascii: "_") || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || index > 0 && (0x30...0x39).contains(byte)
        }
        text += isPlain && selection.field != "in" ? selection.field : "`\(selection.field)`"
        if selection.isTest { text += ")" }
    }

    private mutating func write(_ entries: [Entry]) {
        text += "{"
        for (index, entry) in entries.enumerated() {
            text += (index == 0 ? "" : ", ") + (entry.isOptional ? "?" : "")
            write(entry.key, within: 0)
            text += ": "
            write(entry.value, within: 0)
        }
        text += "}"
    }

    private mutating func write(_ loop: Loop) {
        write(loop.range, within: 8)
        text += ".\(loop.kind)(\(loop.variable), "
        if let second = loop.second { text += "\(second), " }
        if let filter = loop.filter {
            write(filter, within: 0)
            text += ", "
        }
        write(loop.body, within: 0)
        text += ")"
    }

    private mutating func writeCall(_ name: String, target: NodeID?, _ arguments: [NodeID]) {
        if let target {
            write(target, within: 8)
            text += "."
        }
        text += name + "("
        writeList(arguments)
        text += ")"
    }

    private mutating func writeList(_ nodes: [NodeID]) {
        for (index, node) in nodes.enumerated() {
            if index > 0 { text += ", " }
            write(node, within: 0)
        }
    }

    private mutating func writeOperation(
        _ name: String, _ arguments: [NodeID], within binding: Int
    ) {
        switch (name, arguments.count) {
        case (Operator.conditional, 3):
            parenthesised(binding > 1) { printer in
                printer.write(arguments[0], within: 2)
                printer.text += " ? "
                printer.write(arguments[1], within: 2)
                printer.text += " : "
                printer.write(arguments[2], within: 1)
            }
        case (Operator.index, 2), (Operator.optionalIndex, 2):
            write(arguments[0], within: 8)
            text += name == Operator.index ? "[" : "[?"
            write(arguments[1], within: 0)
            text += "]"
        case (Operator.not, 1):
            parenthesised(binding > 7) { printer in
                printer.text += "!"
                printer.write(arguments[0], within: 7)
            }
        case (Operator.negate, 1):
            parenthesised(binding > 7) { $0.writeNegation(of: arguments[0]) }
        case (_, 2):
            guard let own = Printer.precedences[name] else {
                return writeCall(name, target: nil, arguments)
            }
            parenthesised(binding > own) { printer in
                if own <= 3 { return printer.writeChain(name, arguments, within: own) }
                printer.write(arguments[0], within: own)
                printer.text += " \(Operator.shown(name)) "
                printer.write(arguments[1], within: own + 1)
            }
        default: writeCall(name, target: nil, arguments)
        }
    }

    /// A minus sign right before a digit would belong to the number.
    private mutating func writeNegation(of operand: NodeID) {
        text += "-"
        let outer = text
        text = ""
        write(operand, within: 7)
        let startsWithDigit = text.utf8.first.map { (0x30...0x39).contains($0) } ?? false
        text = outer + (startsWithDigit ? "(\(text))" : text)
    }

    /// `a && b && c …` without brackets when the tree is what the parser makes of that.
    private mutating func writeChain(_ name: String, _ arguments: [NodeID], within own: Int) {
        let isBalanced = isBalanced(name, arguments)
        let parts = isBalanced ? arguments.flatMap { terms(of: name, $0) } : arguments
        for (index, term) in parts.enumerated() {
            if index > 0 { text += " \(Operator.shown(name)) " }
            write(term, within: own + 1)
        }
    }

    /// The two sides of a `&&` or `||`, nil for any other node.
    private func sides(of name: String, _ id: NodeID) -> [NodeID]? {
        guard tree.macroCalls[id] == nil, case .call(name, nil, let sides) = tree[id].kind,
            sides.count == 2
        else { return nil }
        return sides
    }

    private func terms(of name: String, _ id: NodeID) -> [NodeID] {
        sides(of: name, id).map { $0.flatMap { terms(of: name, $0) } } ?? [id]
    }

    /// Whether the terms stand in pairs of pairs, as the parser puts them: to the left the largest
    /// power of two of them.
    private func isBalanced(_ name: String, _ pair: [NodeID]) -> Bool {
        let left = terms(of: name, pair[0]).count, right = terms(of: name, pair[1]).count
        guard left & (left - 1) == 0, right <= left else { return false }
        return pair.allSatisfy { side in
            sides(of: name, side).map { isBalanced(name, $0) } ?? true
        }
    }

    private mutating func parenthesised(_ needed: Bool, _ body: (inout Printer) -> Void) {
        if needed { text += "(" }
        body(&self)
        if needed { text += ")" }
    }

    private static let precedences: [String: Int] = {
        var all = [Operator.within: 4]
        for (name, precedence) in Symbol.allCases.compactMap(Operator.binary) {
            all[name] = precedence + 1
        }
        return all
    }()
}
