/// What a text must hold before a condition on it can be met: any of some words, or a match of any
/// of some regular expressions.
///
/// It is a bound from above: a text that lacks all of it never meets the condition.
public struct TextPattern: Hashable, Sendable {
    /// Words, none empty.
    public var words: [String]
    /// Regular expressions.
    public var expressions: [String]

    init(words: [String] = [], expressions: [String] = []) {
        self.words = words
        self.expressions = expressions
    }

    /// What must be there when either condition is met.
    func or(_ other: TextPattern) -> TextPattern {
        TextPattern(words: words + other.words, expressions: expressions + other.expressions)
    }

    /// The most words and expressions of one pattern; a longer one is not looked for beforehand.
    static let limit = 1_000

    fileprivate var size: Int { words.count + expressions.count }

    /// Compares byte by byte: texts are looked for so, and `String` takes other spellings of a letter
    /// for the letter.
    public static func == (left: TextPattern, right: TextPattern) -> Bool {
        areSame(left.words, right.words) && areSame(left.expressions, right.expressions)
    }

    private static func areSame(_ left: [String], _ right: [String]) -> Bool {
        left.elementsEqual(right) { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Takes the bytes in, as they are compared.
    public func hash(into hasher: inout Hasher) {
        for texts in [words, expressions] {
            hasher.combine(texts.count)
            for var text in texts {
                hasher.combine(text.utf8.count)
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            }
        }
    }
}

/// What a program needs to know of the texts of a list before it walks the list: which elements
/// may meet a condition at all.
struct TextNeed: Sendable, Hashable {
    /// A list, or a text, as a path: a variable and fields.
    struct Path: Sendable, Hashable {
        var variable: Int
        var fields: [String]
    }

    /// Where texts are: a text, or those of the elements of a list.
    struct Place: Sendable, Hashable {
        var path: Path
        /// The elements' field that is looked at; nil when the elements are texts themselves.
        var field: String?
        /// Whether a field that is not there reads as the empty text.
        var isDeclared = false
        /// Whether the path leads to a text and not to a list.
        var isText = false
    }

    var place: Place
    /// Which elements are looked at; nil for all.
    var filter: TextFilter?
    var pattern: TextPattern
}

/// The elements of which a declared field is some text: the customer's sentences, say.
struct TextFilter: Sendable, Hashable {
    var field: String
    var text: String

    // As texts are compared, see ``TextPattern``.
    static func == (left: TextFilter, right: TextFilter) -> Bool {
        left.field == right.field && UTF8Key(left.text) == UTF8Key(right.text)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(field)
        hasher.combine(UTF8Key(text))
    }
}

/// Finds what an element of a list must hold for a condition to be met.
struct TextRequirement {
    let planner: Planner
    /// The loop's variable.
    let variable: String
    /// The constant lists whose elements inner loops go through, by the inner loops' variables.
    private var words: [String: [String]] = [:]

    /// A requirement of one field; nil for the element itself.
    struct Found {
        var field: String?
        /// Which elements meet the condition at all.
        var filter: TextFilter?
        var pattern: TextPattern
        /// The part of the condition that holds just when the text has the pattern; nil when a text
        /// may have the pattern and no part be met.
        var decided: NodeID?

        func or(_ other: Found, _ whole: NodeID) -> Found? {
            guard field == other.field else { return nil }
            let isSame = filter == other.filter
            let isDecided = isSame && decided != nil && other.decided != nil
            return Found(
                field: field, filter: isSame ? filter : nil, pattern: pattern.or(other.pattern),
                decided: isDecided ? whole : nil)
        }
    }

    init(_ planner: Planner, variable: String) {
        self.planner = planner
        self.variable = variable
    }

    /// What must hold when the condition is `wanted`; nil when nothing is known.
    func find(_ id: NodeID, wanted: Bool) -> Found? {
        guard let found = search(id, wanted), found.pattern.size <= TextPattern.limit else {
            return nil
        }
        return found
    }

    private func search(_ id: NodeID, _ wanted: Bool) -> Found? {
        switch planner.checked.tree[id].kind {
        case .call(Operator.not, nil, let parts) where parts.count == 1:
            return find(parts[0], wanted: !wanted)
        case .call(Operator.and, nil, let parts) where parts.count == 2:
            return wanted ? all(id, parts) : both(id, parts, wanted)
        case .call(Operator.or, nil, let parts) where parts.count == 2:
            return wanted ? both(id, parts, wanted) : either(parts, wanted)
        case .call(let name, let target?, let arguments) where arguments.count == 1 && wanted:
            guard case .function(name, _, isNamespaced: false)? = planner.checked.references[id]
            else { return nil }
            return test(id, name, target, arguments[0])
        case .loop(let loop) where loop.kind == .exists && wanted: return inner(id, loop)
        case .bind(let name, _, let result) where name != variable:
            var inner = self
            inner.words[name] = nil
            return inner.find(result, wanted: wanted)
        default: return nil
        }
    }

    private func either(_ parts: [NodeID], _ wanted: Bool) -> Found? {
        find(parts[0], wanted: wanted) ?? find(parts[1], wanted: wanted)
    }

    /// What a `&&` requires; each part is looked at once, as there may be others in each.
    private func all(_ id: NodeID, _ parts: [NodeID]) -> Found? {
        let left = find(parts[0], wanted: true), right = find(parts[1], wanted: true)
        return filtered(id, parts[0], parts[1], right) ?? filtered(id, parts[1], parts[0], left)
            ?? left ?? right
    }

    /// What a part of a `&&` requires of the elements that another part lets through.
    private func filtered(
        _ id: NodeID, _ part: NodeID, _ other: NodeID, _ found: Found?
    ) -> Found? {
        guard var found, found.filter == nil, let filter = filter(part) else { return nil }
        found.filter = filter
        found.decided = found.decided == other ? id : nil
        return found
    }

    /// The filter that a node is: a declared text field of the loop's variable compared with a text.
    private func filter(_ id: NodeID) -> TextFilter? {
        guard case .call("_==_", nil, let parts) = planner.checked.tree[id].kind, parts.count == 2
        else { return nil }
        for (part, other) in [(parts[0], parts[1]), (parts[1], parts[0])] {
            guard let wanted = text(other), let field = place(part)?.field,
                case .select(let selection) = planner.checked.tree[part].kind,
                case .object(let name) = planner.type(selection.operand),
                planner.declarations.objects[name]?.fields[field]?.type == .string
            else { continue }
            return TextFilter(field: field, text: wanted)
        }
        return nil
    }

    /// Of a negated `&&`, no part says what the whole does.
    private func both(_ id: NodeID, _ parts: [NodeID], _ wanted: Bool) -> Found? {
        guard let left = find(parts[0], wanted: wanted), let right = find(parts[1], wanted: wanted),
            var found = left.or(right, id)
        else { return nil }
        let isWhole = wanted && left.decided == parts[0] && right.decided == parts[1]
        if !isWhole { found.decided = nil }
        return found
    }

    /// A condition on any element of an inner list.
    ///
    /// Only of a constant one with elements: another may be empty, so that the condition is not met
    /// whatever the text is, or be no list, which is a fault and not "not met".
    private func inner(_ id: NodeID, _ loop: Loop) -> Found? {
        guard loop.variable != variable, loop.second == nil,
            let range = planner.constantCells[loop.range], range.is(.list), range.count > 0
        else { return nil }
        var inner = self
        inner.words[loop.variable] = texts(in: loop.range)
        guard var found = inner.find(loop.body, wanted: true) else { return nil }
        found.decided = found.decided == loop.body ? id : nil
        return found
    }

    private func test(
        _ id: NodeID, _ name: String, _ target: NodeID, _ argument: NodeID
    ) -> Found? {
        guard let place = place(target) else { return nil }
        switch name {
        case "contains":
            if let text = text(argument) { return made(place.field, [text], id) }
            guard case .name(let name, isAbsolute: false) = planner.checked.tree[argument].kind
            else { return nil }
            return made(place.field, words[name], id)
        case "startsWith", "endsWith":
            return made(place.field, text(argument).map { [$0] }, nil)
        case "containsAny":
            return made(place.field, text(argument).map { [$0] } ?? texts(in: argument), id)
        case "matches":
            guard let cell = planner.constantCells[argument], cell.is(.string) else { return nil }
            if let alternatives = planner.plainAlternatives(of: cell) {
                return made(place.field, alternatives.map(\.string), id)
            }
            return Found(
                field: place.field, pattern: TextPattern(expressions: [cell.string]), decided: id)
        default: return nil
        }
    }

    private func made(_ field: String?, _ words: [String]?, _ decided: NodeID?) -> Found? {
        // The empty text is in every text, so it requires nothing.
        guard let words, !words.contains("") else { return nil }
        return Found(field: field, pattern: TextPattern(words: words), decided: decided)
    }

    /// The field of the loop's variable that a node is, or the variable itself.
    private func place(_ id: NodeID) -> (field: String?, Void)? {
        guard planner.checked.references[id] == nil else { return nil }
        switch planner.checked.tree[id].kind {
        case .name(variable, isAbsolute: false): return (nil, ())
        case .select(let selection)
        where !selection.isTest && !selection.isOptional
            && planner.checked.references[selection.operand] == nil:
            guard
                case .name(variable, isAbsolute: false) =
                    planner.checked.tree[selection.operand].kind
            else { return nil }
            return (selection.field, ())
        default: return nil
        }
    }

    private func text(_ id: NodeID) -> String? {
        planner.constantCells[id].flatMap { $0.is(.string) ? $0.string : nil }
    }

    /// The texts of a constant list that holds nothing else.
    private func texts(in id: NodeID) -> [String]? {
        guard let list = planner.constantCells[id], list.is(.list),
            list.count <= TextPattern.limit
        else { return nil }
        var texts: [String] = []
        for index in 0..<list.count {
            guard list.child(index).is(.string) else { return nil }
            texts.append(list.child(index).string)
        }
        return texts
    }
}

/// What a loop needs to know of the texts of its list.
struct LoopNeed {
    var number: Int
    /// The part of the condition that holds just when a text has the pattern.
    var decided: NodeID?
}

/// What a need says of a condition, or of a list as one.
struct Gate: Sendable {
    var need: Int
    /// Whether the condition holds when nothing can meet the need; if not, it certainly does not.
    var holdsWithout = false
    /// Whether the condition says just whether something meets the need.
    var isWhole: Bool

    var negated: Gate { Gate(need: need, holdsWithout: !holdsWithout, isWhole: isWhole) }
}

extension Planner {
    /// Notes what a loop over a plain path needs to know; nil for nothing.
    ///
    /// `wanted`: What the condition must be for an element to count.
    mutating func need(of loop: Loop, _ condition: NodeID, wanted: Bool) -> LoopNeed? {
        guard let path = path(of: loop.range),
            let found = TextRequirement(self, variable: loop.second ?? loop.variable)
                .find(condition, wanted: wanted)
        else { return nil }
        var isDeclared = false
        if case .list(.object(let name)) = type(loop.range), let field = found.field {
            isDeclared = declarations.objects[name]?.fields[field]?.type == .string
        }
        let number = add(
            TextNeed(
                place: .init(path: path, field: found.field, isDeclared: isDeclared),
                filter: found.filter, pattern: found.pattern))
        return LoopNeed(number: number, decided: found.decided)
    }

    /// What is left of a condition, planned just before, for an element of which the decided part is
    /// known to hold; nil when that cannot be told.
    func rest(of condition: NodeID, _ decided: NodeID?) -> BoolCode? {
        guard let decided else { return nil }
        if decided == condition { return { _ in true } }
        guard let parts = lastAnd, parts.id == condition else { return nil }
        if parts.leftID == decided { return parts.right }
        return parts.rightID == decided ? parts.left : nil
    }

    /// Notes what a test of a text at a plain path needs to know; nil when there is nothing to know.
    mutating func need(ofText id: NodeID, _ pattern: TextPattern) -> Int? {
        guard pattern.size > 0, !pattern.words.contains(""), let path = path(of: id) else {
            return nil
        }
        return add(TextNeed(place: .init(path: path, isText: true), pattern: pattern))
    }

    /// Notes a need; the same need has the same number.
    mutating func add(_ need: TextNeed) -> Int {
        if let known = needNumbers[need] { return known }
        needNumbers[need] = needs.count
        needs.append(need)
        if need.pattern.words.isEmpty, need.pattern.expressions.count == 1 {
            needMatchers[needs.count - 1] = matchers[UTF8Key(need.pattern.expressions[0])]
        }
        return needs.count - 1
    }

    /// The variable and fields that a node reads, when it is a plain path from a variable.
    func path(of id: NodeID) -> TextNeed.Path? {
        guard checked.isChecked else { return nil }
        if case .variable(let index)? = checked.references[id] {
            return declarations.variables[index].constant == nil
                ? TextNeed.Path(variable: index, fields: []) : nil
        }
        guard case .select(let selection) = checked.tree[id].kind, !selection.isTest,
            !selection.isOptional, var path = path(of: selection.operand)
        else { return nil }
        path.fields.append(selection.field)
        return path
    }

    /// What a need says of a node; nil when none says anything.
    func gate(_ id: NodeID) -> Gate? {
        if let gate = gates[id] { return gate }
        switch checked.tree[id].kind {
        case .call(Operator.not, nil, let parts) where parts.count == 1:
            return gate(parts[0])?.negated
        case .call(Operator.and, nil, let parts):
            return part(parts) { !$0.holdsWithout }
        case .call(Operator.or, nil, let parts):
            return part(parts) { $0.holdsWithout }
        default: return nil
        }
    }

    /// The gate of a part that decides a `&&` or `||` when nothing meets its need.
    private func part(_ parts: [NodeID], _ decides: (Gate) -> Bool) -> Gate? {
        for id in parts {
            guard var found = gate(id), decides(found) else { continue }
            found.isWhole = false
            return found
        }
        return nil
    }
}
