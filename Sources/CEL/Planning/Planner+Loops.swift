// Loops over lists and maps.
extension Planner {
    mutating func planLoop(_ id: NodeID, _ loop: Loop) -> Code {
        if let search = planWordSearch(id, loop) { return search }
        let (walk, filter, body) = planWalk(id, loop)
        return code(of: loop, walk, filter, body)
    }

    /// `size(list.filter(…))`, counted without making the list; nil when the node is something else.
    mutating func planCount(_ id: NodeID) -> Code? {
        guard case .loop(let loop) = checked.tree[id].kind, loop.kind == .filter else {
            return nil
        }
        let (walk, _, body) = planWalk(id, loop)
        return .int(walk.counted(body.asBool(loop.body)))
    }

    /// Whether the whole expression holds: a list holds when it is not empty.
    mutating func condition(_ root: NodeID, _ code: Code) -> BoolCode {
        guard case .list = type(root) else { return code.asBool(root) }
        if case .int(let count)? = planCount(root) {
            return { evaluation throws(Fault) in try count(evaluation) > 0 }
        }
        let list = code.asCell
        return { evaluation throws(Fault) in
            let cell = try list(evaluation)
            guard cell.is(.list) else { throw Fault(.wrongKind, cell, at: root) }
            return cell.count > 0
        }
    }

    private mutating func planWalk(
        _ id: NodeID, _ loop: Loop
    ) -> (walk: Walk, filter: BoolCode?, body: Code) {
        let range = plan(loop.range).asCell
        let rangeType = type(loop.range)
        let types = loopTypes(rangeType, hasTwo: loop.second != nil)
        let slot = newSlot()
        var secondSlot = -1
        locals.enter(loop.variable, Local(slot: slot, type: types.first, make: nil))
        if let second = loop.second {
            secondSlot = newSlot()
            locals.enter(second, Local(slot: secondSlot, type: types.second, make: nil))
        }
        let filter = loop.filter.map { plan($0).asBool($0) }
        let body = plan(loop.body)
        let conjunction = lastAnd.flatMap { $0.id == loop.body ? $0 : nil }
        let need = need(of: loop)
        var rest: BoolCode?
        if let need, loop.kind == .exists || loop.kind == .filter {
            gates[id] = Gate(need: need.number, isWhole: need.decided == loop.body)
            rest = self.rest(of: loop.body, need.decided)
        }
        locals.leave(loop.second == nil ? 1 : 2)
        let walk = Walk(
            range: range, variable: plainVariable(loop.range)?.index ?? -1, slot: slot,
            second: secondSlot,
            step: 1 + weight(loop.body) + (loop.filter.map { weight($0) } ?? 0),
            need: need?.number ?? -1, rest: rest, conjunction: conjunction,
            tests: tests(of: loop, slot), skipped: loop.kind == .all ? .holds : .fails, node: id)
        return (walk, filter, body)
    }

    /// What the loop asks of each element itself; nil for nothing.
    private func tests(of loop: Loop, _ slot: Int) -> FieldTests? {
        guard loop.second == nil else { return nil }
        switch loop.kind {
        case .exists, .existsOne, .filter, .all:
            return FieldTests(fieldTests(of: loop.body), slot: slot)
        case .map, .transformList, .transformMap, .transformMapEntry:
            return FieldTests(loop.filter.flatMap { fieldTests(of: $0) }, slot: slot)
        }
    }

    /// The need that tells which elements the loop has to look at; nil for all.
    private mutating func need(of loop: Loop) -> LoopNeed? {
        switch loop.kind {
        case .exists, .existsOne, .filter: need(of: loop, loop.body, wanted: true)
        case .all: need(of: loop, loop.body, wanted: false)
        case .map, .transformList, .transformMap, .transformMapEntry:
            loop.filter.flatMap { need(of: loop, $0, wanted: true) }
        }
    }

    private func loopTypes(
        _ range: ValueType, hasTwo: Bool
    ) -> (first: ValueType, second: ValueType) {
        switch range {
        case .list(let element): hasTwo ? (.int, element) : (element, .dyn)
        case .map(let key, let value): (key, value)
        default: (.dyn, .dyn)
        }
    }

    /// The work of one round: the number of nodes, loops inside not counted (they count themselves).
    func weight(_ id: NodeID) -> Int {
        let kind = checked.tree[id].kind
        if case .loop(let loop) = kind { return 1 + weight(loop.range) }
        var sum = 1
        forEachChild(of: kind) { sum += weight($0) }
        return sum
    }

    private func code(
        of loop: Loop, _ walk: Walk, _ filter: BoolCode?, _ body: Code
    ) -> Code {
        switch loop.kind {
        case .exists: return .bool(walk.any(body.asBool(loop.body), wanted: true))
        case .all: return .bool(walk.any(body.asBool(loop.body), wanted: false))
        case .existsOne: return .bool(walk.one(body.asBool(loop.body)))
        case .filter: return .cell(walk.filtered(body.asBool(loop.body)))
        case .map, .transformList: return .cell(walk.mapped(filter, body.asCell))
        case .transformMap: return .cell(walk.mappedValues(filter, body.asCell))
        case .transformMapEntry: return .cell(walk.mappedEntries(filter, body.asCell))
        }
    }
}

/// A walk over the elements of a list, or the keys of a map, each put into a slot in turn.
private struct Walk: Sendable {
    let range: CellCode
    /// The variable of the environment that the range is, -1 for anything else.
    let variable: Int
    let slot: Int
    /// The slot of the second variable, -1 without one.
    let second: Int
    /// The work of one round.
    let step: Int
    /// The number of the need that tells which elements count, -1 when all do.
    let need: Int
    /// What is left of the condition for an element that is known to meet the need.
    let rest: BoolCode?
    /// The parts of a condition that is a `&&`: asked without a call in between.
    let conjunction: Planner.Conjunction?
    /// What the loop asks of each element itself.
    let tests: FieldTests?
    /// What such a test says of elements that do not matter.
    let skipped: FieldTests.Verdict
    let node: NodeID

    /// What is known of an element before its condition is asked.
    enum Knowledge: UInt8 {
        case nothing
        /// A scan has told that it meets the need.
        case isFound
        case holds, fails
    }

    /// What is walked over.
    @inline(__always)
    private func container(_ evaluation: Evaluation) throws(Fault) -> Cell {
        if variable >= 0 {
            let cell = evaluation.pointee.variables[variable]
            if !cell.is(.absent) { return cell }
        }
        return try range(evaluation)
    }

    /// Whether the condition holds for the element in the slot.
    @inline(__always)
    private func holds(
        _ evaluation: Evaluation, _ condition: some StepCondition, _ rest: BoolCode,
        _ known: Knowledge
    ) throws(Fault) -> Bool {
        if known == .nothing { return try condition.holds(evaluation) }
        return known == .isFound ? try rest(evaluation) : known == .holds
    }

    /// Whether an element passes the filter of a loop that makes something of it.
    @inline(__always)
    private func passes(
        _ evaluation: Evaluation, _ filter: BoolCode, _ known: Knowledge
    ) throws(Fault) -> Bool {
        if known == .nothing || known == .isFound { return try filter(evaluation) }
        return known == .holds
    }

    /// Calls `body` with each index until it returns false.
    @inline(__always)
    func forEach(
        _ evaluation: Evaluation, _ container: Cell,
        _ body: (_ index: Int, _ known: Knowledge) throws(Fault) -> Bool
    ) throws(Fault) {
        if need >= 0, let found = evaluation.candidates(need, container) {
            return try forEachCandidate(evaluation, container, found, body)
        }
        if second < 0, container.is(.list) {
            return try forEachElement(evaluation, container, body)
        }
        let slots = evaluation.pointee.slots
        if container.is(.list) {
            for index in 0..<container.count {
                try evaluation.spend(step)
                slots[slot] = Cell(Int64(index))
                slots[second] = container.child(index)
                if !(try body(index, .nothing)) { return }
            }
        } else {
            guard container.isMap else { throw Fault(.noSuchOverload, container, at: node) }
            for index in 0..<container.count {
                try evaluation.spend(step)
                slots[slot] = evaluation.key(container, index)
                if second >= 0 { slots[second] = evaluation.entryValue(container, index) }
                if !(try body(index, .nothing)) { return }
            }
        }
    }

    /// Only the elements that may count, in their order.
    @inline(__always)
    private func forEachCandidate(
        _ evaluation: Evaluation, _ list: Cell, _ found: TextCandidates,
        _ body: (_ index: Int, _ known: Knowledge) throws(Fault) -> Bool
    ) throws(Fault) {
        let slots = evaluation.pointee.slots
        var found = found
        while let index = try found.next(evaluation) {
            try evaluation.spend(step)
            if second >= 0 {
                slots[slot] = Cell(Int64(index))
                slots[second] = list.child(index)
            } else {
                slots[slot] = list.child(index)
            }
            if !(try body(index, found.areDecided ? .isFound : .nothing)) { return }
        }
    }

    @inline(__always)
    private func forEachElement(
        _ evaluation: Evaluation, _ list: Cell,
        _ body: (_ index: Int, _ known: Knowledge) throws(Fault) -> Bool
    ) throws(Fault) {
        let count = list.count
        if count == 0 { return }
        let place = evaluation.pointee.slots + slot
        let elements = list.children
        let note = list.note << 8
        let probe = tests?.probe(evaluation, list)
        var index = 0
        while index < count {
            var known = Knowledge.nothing
            if let probe {
                let (found, verdict) = try probe.next(
                    evaluation, list, from: index, skipping: skipped, step)
                if found == count { return }
                index = found
                if verdict != .unknown { known = verdict == .holds ? .holds : .fails }
            }
            try evaluation.spend(step)
            var element = elements[index]
            if note != 0 { element.tag = element.tag & 0xFF | note }
            place.pointee = element
            if !(try body(index, known)) { return }
            index += 1
        }
    }

    /// Whether the condition gives `wanted` for any element: `exists`, and turned round `all`.
    ///
    /// A fault counts only when no element decides.
    func any(_ condition: @escaping BoolCode, wanted: Bool) -> BoolCode {
        let rest = rest ?? condition
        guard let both = BothConditions(conjunction) else {
            return any(OneCondition(code: condition), rest, wanted)
        }
        return any(both, rest, wanted)
    }

    @inline(__always)
    private func any(
        _ condition: some StepCondition, _ rest: @escaping BoolCode, _ wanted: Bool
    ) -> BoolCode {
        { evaluation throws(Fault) in
            let container = try self.container(evaluation)
            var fault: Fault?
            var isDecided = false
            try forEach(evaluation, container) { _, known throws(Fault) in
                do throws(Fault) {
                    isDecided = try holds(evaluation, condition, rest, known) == wanted
                } catch {
                    guard error.isAbsorbable else { throw error }
                    if fault == nil { fault = error }
                }
                return !isDecided
            }
            if isDecided { return wanted }
            if let fault { throw fault }
            return !wanted
        }
    }

    /// For how many elements the condition holds; faults are not absorbed.
    func counted(_ condition: @escaping BoolCode) -> IntCode {
        let rest = rest ?? condition
        guard let both = BothConditions(conjunction) else {
            return counted(OneCondition(code: condition), rest)
        }
        return counted(both, rest)
    }

    @inline(__always)
    private func counted(
        _ condition: some StepCondition, _ rest: @escaping BoolCode
    ) -> IntCode {
        { evaluation throws(Fault) in
            let container = try self.container(evaluation)
            var found = 0
            try forEach(evaluation, container) { _, known throws(Fault) in
                if try holds(evaluation, condition, rest, known) { found += 1 }
                return true
            }
            return Int64(found)
        }
    }

    /// Whether the condition holds for exactly one element; faults are not absorbed.
    func one(_ condition: @escaping BoolCode) -> BoolCode {
        let count = counted(condition)
        return { evaluation throws(Fault) in try count(evaluation) == 1 }
    }

    /// The elements, or keys, for which the condition holds.
    func filtered(_ condition: @escaping BoolCode) -> CellCode {
        let kept = second >= 0 ? second : slot
        let rest = rest ?? condition
        let condition = OneCondition(code: condition)
        return { evaluation throws(Fault) in
            let container = try self.container(evaluation)
            let memory = try evaluation.allocate(cells: container.isIterable ? container.count : 0)
            var count = 0
            try forEach(evaluation, container) { _, known throws(Fault) in
                // Taken before the condition, which may use the slot for a loop of its own name.
                let element = evaluation.pointee.slots[kept]
                if try holds(evaluation, condition, rest, known) {
                    memory[count] = element
                    count += 1
                }
                return true
            }
            return Cell(.list, at: memory, length: count)
        }
    }

    /// What becomes of each element that passes.
    func mapped(_ filter: BoolCode?, _ body: @escaping CellCode) -> CellCode {
        { evaluation throws(Fault) in
            let container = try self.container(evaluation)
            let memory = try evaluation.allocate(cells: container.isIterable ? container.count : 0)
            var count = 0
            try forEach(evaluation, container) { _, known throws(Fault) in
                if let filter, !(try passes(evaluation, filter, known)) { return true }
                memory[count] = try body(evaluation)
                count += 1
                return true
            }
            return Cell(.list, at: memory, length: count)
        }
    }

    /// A map with the same keys, or indexes, and new values.
    func mappedValues(_ filter: BoolCode?, _ body: @escaping CellCode) -> CellCode {
        { evaluation throws(Fault) in
            let container = try self.container(evaluation)
            let room = container.isIterable ? container.count * 2 : 0
            let memory = try evaluation.allocate(cells: room)
            var count = 0
            try forEach(evaluation, container) { _, known throws(Fault) in
                let key = evaluation.pointee.slots[slot]
                if let filter, !(try passes(evaluation, filter, known)) { return true }
                memory[count * 2] = key
                memory[count * 2 + 1] = try body(evaluation)
                count += 1
                return true
            }
            return Cell(.map, at: memory, length: count)
        }
    }

    /// A map put together from the one-entry maps that the body gives.
    func mappedEntries(_ filter: BoolCode?, _ body: @escaping CellCode) -> CellCode {
        { evaluation throws(Fault) in
            let container = try self.container(evaluation)
            let room = container.isIterable ? container.count * 2 : 0
            let memory = try evaluation.allocate(cells: room)
            var map = Cell(.map, at: memory, length: 0)
            try forEach(evaluation, container) { _, known throws(Fault) in
                if let filter, !(try passes(evaluation, filter, known)) { return true }
                let made = try body(evaluation)
                guard made.isMap, made.count == 1 else {
                    throw Fault(.wrongKind, made, at: node)
                }
                try evaluation.insert(
                    evaluation.key(made, 0), evaluation.entryValue(made, 0), into: &map, memory,
                    at: node)
                return true
            }
            return map
        }
    }
}

extension Cell {
    fileprivate var isIterable: Bool { self.is(.list) || isMap }
}

/// The condition of a loop: code that is generic over it is compiled once for each.
private protocol StepCondition: Sendable {
    func holds(_ evaluation: Evaluation) throws(Fault) -> Bool
}

private struct OneCondition: StepCondition {
    let code: BoolCode

    @inline(__always)
    func holds(_ evaluation: Evaluation) throws(Fault) -> Bool { try code(evaluation) }
}

/// A `&&`.
private struct BothConditions: StepCondition {
    private let left: BoolCode
    private let right: BoolCode

    init?(_ parts: Planner.Conjunction?) {
        guard let parts else { return nil }
        left = parts.left
        right = parts.right
    }

    @inline(__always)
    func holds(_ evaluation: Evaluation) throws(Fault) -> Bool {
        try evaluation.both(left, right)
    }
}
