/// A list, or a text, whose texts a set of programs looks through: where it is found.
struct TextDomain: Hashable, Sendable {
    let path: TextNeed.Path
    let field: String?
    let isDeclared: Bool
    let isText: Bool
    /// The names of the path's fields, then that of the elements' field.
    let names: [FieldName]

    init(_ need: TextNeed, names: [FieldName]) {
        path = need.path
        field = need.field
        isDeclared = need.isDeclared
        isText = need.isText
        self.names = names
    }

    static func == (left: TextDomain, right: TextDomain) -> Bool {
        left.path == right.path && left.field == right.field && left.isText == right.isText
            && left.isDeclared == right.isDeclared
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(field)
    }
}

/// The patterns and domains of all needs of a set of programs, each once.
struct TextNeedTable {
    var needs: [TextScan.Need] = []
    private(set) var patterns: [TextPattern] = []
    /// By pattern: how many needs ask for it.
    private(set) var uses: [Int] = []
    private(set) var domains: [TextDomain] = []
    /// By domain: what it costs to go without a scan, in tests for one word.
    private(set) var weights: [Int] = []
    private var patternNumbers: [TextPattern: Int32] = [:]
    private var domainNumbers: [TextDomain: Int32] = [:]
    private var names: [String: FieldName] = [:]
    private let fieldNames: FieldNames
    /// Keeps the names' texts.
    let pool: ConstantPool

    /// A search for a regular expression takes as long as those for so many words.
    private static let expressionWeight = 8

    init(_ environment: Environment) {
        fieldNames = environment.fieldNames
        pool = ConstantPool(limit: 0, work: 0)
    }

    /// Adds the needs of a program; the number of the first one.
    mutating func add(_ added: [TextNeed]) -> Int {
        let first = needs.count
        for need in added {
            let domain = number(need)
            weights[Int(domain)] +=
                need.isText || need.pattern.expressions.isEmpty
                ? 1 : TextNeedTable.expressionWeight
            let pattern = number(need.pattern)
            uses[Int(pattern)] += 1
            needs.append(TextScan.Need(pattern: pattern, domain: domain))
        }
        return first
    }

    private mutating func number(_ pattern: TextPattern) -> Int32 {
        if let known = patternNumbers[pattern] { return known }
        patternNumbers[pattern] = Int32(truncatingIfNeeded: patterns.count)
        patterns.append(pattern)
        uses.append(0)
        return Int32(truncatingIfNeeded: patterns.count - 1)
    }

    private mutating func number(_ need: TextNeed) -> Int32 {
        var path = need.path.fields
        if let field = need.field { path.append(field) }
        let domain = TextDomain(need, names: path.map { name($0) })
        if let known = domainNumbers[domain] { return known }
        domainNumbers[domain] = Int32(truncatingIfNeeded: domains.count)
        domains.append(domain)
        weights.append(0)
        return Int32(truncatingIfNeeded: domains.count - 1)
    }

    private mutating func name(_ name: String) -> FieldName {
        if let known = names[name] { return known }
        let made = FieldName(cell: pool.text(name), number: fieldNames.number(of: name))
        names[name] = made
        return made
    }
}

/// The different texts of an activation that a set of programs looks through.
struct TextTable {
    /// What was found at a domain's path.
    struct Found {
        var bits: UInt64 = 0
        var length: UInt32 = 0
        /// By element: its text.
        var texts: [Int32] = []
    }

    private(set) var texts: [UnsafeBufferPointer<UInt8>] = []
    /// The texts by their address: places in an open hash table, 0 for none.
    private var places: [Int32] = Array(repeating: 0, count: 1_024)
    private var addresses: [UInt64] = []

    /// Looks a domain up; nothing is known of one that is not there, or holds more than texts.
    mutating func add(_ domain: TextDomain, _ evaluation: Evaluation) -> Found {
        var cell = evaluation.pointee.variables[domain.path.variable]
        let depth = domain.path.fields.count
        for name in domain.names.prefix(depth) {
            guard cell.is(.object) else { return Found() }
            cell = evaluation.member(cell, name, hint: 0)
        }
        if domain.isText {
            guard cell.is(.string), cell.count > 0 else { return Found() }
            return Found(bits: cell.bits, length: cell.length, texts: [number(of: cell)])
        }
        guard cell.is(.list), cell.count > 0 else { return Found() }
        var found = Found(bits: cell.bits, length: cell.length)
        found.texts.reserveCapacity(cell.count)
        let isComplete =
            domain.names.count > depth
            ? add(cell, domain.names[depth], domain.isDeclared, to: &found, evaluation)
            : add(cell, to: &found)
        return isComplete ? found : Found()
    }

    /// Adds the elements of a list; false when not all are texts.
    private mutating func add(_ list: Cell, to found: inout Found) -> Bool {
        for index in 0..<list.count {
            let text = list.child(index)
            guard text.is(.string) else { return false }
            found.texts.append(number(of: text))
        }
        return true
    }

    /// Adds a field of each element of a list; false when not all are texts.
    private mutating func add(
        _ list: Cell, _ field: FieldName, _ isDeclared: Bool, to found: inout Found,
        _ evaluation: Evaluation
    ) -> Bool {
        var hint = 0
        for index in 0..<list.count {
            let object = list.child(index)
            guard object.is(.object) else { return false }
            var text = evaluation.member(object, field, hint: &hint)
            if isDeclared, text.is(.absent) || text.is(.null) { text = Cell(.string) }
            guard text.is(.string) else { return false }
            found.texts.append(number(of: text))
        }
        return true
    }

    /// The number of a text; the same memory has the same number, and so have all empty texts.
    private mutating func number(of text: Cell) -> Int32 {
        let address = text.count == 0 ? 0 : text.bits
        if addresses.count * 2 >= places.count { grow() }
        var place = slot(address)
        while places[place] != 0 {
            let known = Int(places[place]) - 1
            if addresses[known] == address, texts[known].count == text.count {
                return Int32(truncatingIfNeeded: known)
            }
            place = (place + 1) & (places.count - 1)
        }
        addresses.append(address)
        texts.append(text.text)
        places[place] = Int32(truncatingIfNeeded: texts.count)
        return Int32(truncatingIfNeeded: texts.count - 1)
    }

    private func slot(_ address: UInt64) -> Int {
        Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> 32) & (places.count - 1)
    }

    private mutating func grow() {
        places = Array(repeating: 0, count: places.count * 2)
        for (index, address) in addresses.enumerated() {
            var place = slot(address)
            while places[place] != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = Int32(truncatingIfNeeded: index + 1)
        }
    }

    /// By domain and text: the element that has it, -1 for none.
    ///
    /// A domain in which two elements share a text, or whose texts are not in their order, is
    /// forgotten: its elements could not be walked in theirs.
    func elements(_ domains: inout [Found]) -> [Int32] {
        // One more, so that the array has an address.
        var elements = Array(repeating: -1 as Int32, count: domains.count * texts.count + 1)
        for index in domains.indices {
            let base = index * texts.count
            var before: Int32 = -1
            for (element, text) in domains[index].texts.enumerated() {
                guard text > before else {
                    domains[index].bits = 0
                    break
                }
                elements[base + Int(text)] = Int32(truncatingIfNeeded: element)
                before = text
            }
        }
        return elements
    }
}

extension UnsafeMutablePointer<Frame> {
    /// As ``member(_:_:hint:)``; the hint becomes where the field was.
    fileprivate func member(_ object: Cell, _ name: FieldName, hint: inout Int) -> Cell {
        let cell = member(object, name, hint: hint)
        guard !cell.is(.absent), object.count > hint, object.children[hint].bits != cell.bits else {
            return cell
        }
        for index in 0..<object.count where object.children[index].bits == cell.bits {
            hint = index
        }
        return cell
    }
}
