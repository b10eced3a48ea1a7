/// A list, or a text, whose texts a set of programs looks through: where it is found.
struct TextDomain: Hashable, Sendable {
    let place: TextNeed.Place
    /// Which elements are looked at; nil for all.
    let filter: TextFilter?
    /// The names of the path's fields, then that of the elements' field, then that of the filter's.
    let names: [FieldName]
    /// The text that the filter's field must be.
    let wanted: [UInt8]
    /// The number of its place.
    var base = 0

    init(_ need: TextNeed, names: [FieldName]) {
        place = need.place
        filter = need.filter
        self.names = names
        wanted = Array((need.filter?.text ?? "").utf8)
    }

    static func == (left: TextDomain, right: TextDomain) -> Bool {
        left.place == right.place && left.filter == right.filter
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(place)
        hasher.combine(filter)
    }
}

/// The patterns and domains of all needs of a set of programs, each once.
struct TextNeedTable {
    var needs: [TextScan.Need] = []
    private(set) var patterns: [TextPattern] = []
    /// By pattern: how many needs ask for it.
    private(set) var uses: [Int] = []
    private(set) var domains: [TextDomain] = []
    /// By pattern: what tells whether a text has it, when that is one regular expression.
    private(set) var matchers: [(any RegexMatcher)?] = []
    private var baseNumbers: [TextNeed.Place: Int] = [:]
    /// By place: what it costs to go without a scan, in tests for one word.
    private var weights: [Int] = []
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

    /// What it costs to look through a domain's texts without a scan, in tests for one word.
    func weight(of domain: TextDomain) -> Int { weights[domain.base] }

    /// How many places the domains have.
    var placeCount: Int { weights.count }

    /// Adds the needs of a program; the number of the first one.
    ///
    /// `matchers`: By need: what tells whether a text has the pattern.
    mutating func add(_ added: [TextNeed], _ matchers: [Int: any RegexMatcher]) -> Int {
        let first = needs.count
        for (index, need) in added.enumerated() {
            let domain = number(need)
            weights[domains[Int(domain)].base] +=
                need.place.isText || need.pattern.expressions.isEmpty
                ? 1 : TextNeedTable.expressionWeight
            let pattern = number(need.pattern)
            uses[Int(pattern)] += 1
            if self.matchers[Int(pattern)] == nil { self.matchers[Int(pattern)] = matchers[index] }
            needs.append(TextScan.Need(pattern: pattern, domain: domain))
        }
        return first
    }

    private mutating func number(_ pattern: TextPattern) -> Int32 {
        if let known = patternNumbers[pattern] { return known }
        patternNumbers[pattern] = Int32(truncatingIfNeeded: patterns.count)
        patterns.append(pattern)
        uses.append(0)
        matchers.append(nil)
        return Int32(truncatingIfNeeded: patterns.count - 1)
    }

    private mutating func number(_ need: TextNeed) -> Int32 {
        var path = need.place.path.fields
        if let field = need.place.field { path.append(field) }
        if let filter = need.filter { path.append(filter.field) }
        var domain = TextDomain(need, names: path.map { name($0) })
        if let known = domainNumbers[domain] { return known }
        domainNumbers[domain] = Int32(truncatingIfNeeded: domains.count)
        if let base = baseNumbers[need.place] {
            domain.base = base
        } else {
            domain.base = weights.count
            baseNumbers[need.place] = weights.count
            weights.append(0)
        }
        domains.append(domain)
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
        /// By element: its text, -1 for one that is not looked at.
        var texts: [Int32] = []
    }

    /// The most domains of which something is known, each with a number for each text.
    ///
    /// A set of many filters would take as many times the memory; programs' answers tell the first
    /// ones apart only, see ``TextScan/Domain/bit(_:)``.
    static let domainLimit = UInt64.bitWidth

    private(set) var texts: [UnsafeBufferPointer<UInt8>] = []
    /// The texts by their address: places in an open hash table, 0 for none.
    private var places: [Int32] = Array(repeating: 0, count: 1_024)
    private var addresses: [UInt64] = []
    /// By the number of a domain's place: what was found there.
    private var bases: [Found?]

    init(places count: Int) { bases = Array(repeating: nil, count: count) }

    /// Looks a domain up; nothing is known of one that is not there, or holds more than texts.
    mutating func add(_ domain: TextDomain, _ evaluation: Evaluation) -> Found {
        var cell = evaluation.pointee.variables[domain.place.path.variable]
        let depth = domain.place.path.fields.count
        for name in domain.names.prefix(depth) {
            guard cell.is(.object) else { return Found() }
            cell = evaluation.member(cell, name, hint: 0)
        }
        if domain.place.isText {
            guard cell.is(.string), cell.count > 0 else { return Found() }
            return Found(bits: cell.bits, length: cell.length, texts: [number(of: cell)])
        }
        guard cell.is(.list), cell.count > 0 else { return Found() }
        guard var found = all(of: domain, cell, evaluation) else { return Found() }
        if domain.filter != nil,
            !filter(cell, domain.names[depth + 1], domain.wanted, &found, evaluation)
        {
            return Found()
        }
        return found
    }

    /// What a list's domain has without its filter, which is remembered; nil for nothing.
    ///
    /// Texts that a filter leaves out are numbered too, so that the order is the list's.
    private mutating func all(
        of domain: TextDomain, _ list: Cell, _ evaluation: Evaluation
    ) -> Found? {
        if let known = bases[domain.base] { return known }
        var found = Found(bits: list.bits, length: list.length)
        found.texts.reserveCapacity(list.count)
        let isComplete =
            domain.place.field == nil
            ? add(list, to: &found)
            : add(
                list, domain.names[domain.place.path.fields.count], domain.place.isDeclared,
                to: &found, evaluation)
        guard isComplete else { return nil }
        bases[domain.base] = found
        return found
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
        _ list: Cell, _ name: FieldName, _ isDeclared: Bool, to found: inout Found,
        _ evaluation: Evaluation
    ) -> Bool {
        var hint = 0
        for index in 0..<list.count {
            let object = list.child(index)
            guard object.is(.object),
                let text = evaluation.text(object, name, isDeclared, hint: &hint)
            else { return false }
            found.texts.append(number(of: text))
        }
        return true
    }

    /// Leaves out the elements of a list of which a field is not some text; false when the field of
    /// one is no text.
    private func filter(
        _ list: Cell, _ name: FieldName, _ wanted: [UInt8], _ found: inout Found,
        _ evaluation: Evaluation
    ) -> Bool {
        var hint = 0
        return found.texts.withUnsafeMutableBufferPointer { texts in
            wanted.withUnsafeBufferPointer { wanted in
                for index in 0..<list.count {
                    let object = list.child(index)
                    guard object.is(.object),
                        let text = evaluation.text(object, name, true, hint: &hint)
                    else { return false }
                    if !equalBytes(text.text, wanted) { texts[index] = -1 }
                }
                return true
            }
        }
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

    /// By domain and text: the element that has it, -1 for none; and by text the bits of the domains
    /// that it is in.
    ///
    /// A domain in which two elements share a text, or whose texts are not in their order, is
    /// forgotten: its elements could not be walked in theirs. Those behind the limit have no elements.
    func elements(_ domains: inout [Found]) -> (elements: [Int32], bits: [UInt64]) {
        let count = min(domains.count, TextTable.domainLimit)
        // One more, so that the array has an address.
        var elements = Array(repeating: -1 as Int32, count: count * texts.count + 1)
        var bits = Array(repeating: 0 as UInt64, count: texts.count)
        for index in domains.indices.prefix(count) {
            let base = index * texts.count
            let bit = TextScan.Domain.bit(index)
            let isInOrder = domains[index].texts.withUnsafeBufferPointer { texts in
                var before: Int32 = -1
                for element in texts.indices where texts[element] >= 0 {
                    let text = texts[element]
                    guard text > before else { return false }
                    elements[base + Int(text)] = Int32(truncatingIfNeeded: element)
                    bits[Int(text)] |= bit
                    before = text
                }
                return true
            }
            if !isInOrder { domains[index].bits = 0 }
        }
        return (elements, bits)
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The text that a field of an object is; nil when it is something else.
    ///
    /// `isDeclared`: Whether a field that is not there reads as the empty text.
    @inline(__always)
    fileprivate func text(
        _ object: Cell, _ name: FieldName, _ isDeclared: Bool, hint: inout Int
    ) -> Cell? {
        let text = member(object, name, hint: &hint)
        if isDeclared, text.is(.absent) || text.is(.null) { return Cell(.string) }
        return text.is(.string) ? text : nil
    }

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
