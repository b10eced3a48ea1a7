/// What the type variables of one check stand for, and how types fit each other.
///
/// A type variable is a `.parameter` whose name starts with `@`. Types are gradual: `dyn` fits
/// everything, both ways. A type that grows too large counts as `dyn` where it does, since a few names
/// can stand for types of any size.
struct Substitution {
    /// The most parts of a type: `list(int)` has two.
    static let partLimit = 64
    /// The most pairs of types that are compared for one question; what is left fits.
    private static let pairLimit = 1_000

    private var bound: [String: ValueType] = [:]
    private var fresh = 0
    /// What the attempt under way has bound, with what was there before.
    private var trail: [(name: String, type: ValueType?)] = []
    /// The pairs of types that may still be compared.
    private var pairs = 0

    mutating func newVariable() -> ValueType {
        fresh += 1
        return .parameter("@\(fresh)")
    }

    /// The type with fresh variables in place of a signature's parameters.
    mutating func instantiate(
        _ types: [ValueType]
    ) -> [ValueType] {
        var names: [String: ValueType] = [:]
        return types.map { instantiate($0, &names) }
    }

    private mutating func instantiate(
        _ type: ValueType, _ names: inout [String: ValueType]
    ) -> ValueType {
        switch type {
        case .parameter(let name):
            if let known = names[name] { return known }
            let variable = newVariable()
            names[name] = variable
            return variable
        case .list(let element): return .list(instantiate(element, &names))
        case .map(let key, let value):
            let key = instantiate(key, &names)
            return .map(key, instantiate(value, &names))
        case .type(let inner): return .type(instantiate(inner, &names))
        case .opaque(let name, let parameters):
            var made: [ValueType] = []
            for parameter in parameters { made.append(instantiate(parameter, &names)) }
            return .opaque(name, made)
        default: return type
        }
    }

    /// Whether values of one type can stand where the other is wanted; binds variables on success.
    mutating func fits(_ found: ValueType, _ wanted: ValueType) -> Bool {
        trail.removeAll(keepingCapacity: true)
        pairs = Substitution.pairLimit
        guard assign(found, wanted, 0) else {
            undo()
            return false
        }
        return true
    }

    /// Takes back what a failed attempt has bound.
    private mutating func undo() {
        for (name, type) in trail.reversed() { bound[name] = type }
        trail.removeAll(keepingCapacity: true)
    }

    private mutating func set(_ name: String, _ type: ValueType) {
        trail.append((name, bound[name]))
        bound[name] = type
    }

    /// As ``fits(_:_:)``, for all arguments of a call together; what is wanted behind them does not
    /// count.
    mutating func fits(_ found: [ValueType], _ wanted: [ValueType]) -> Bool {
        trail.removeAll(keepingCapacity: true)
        pairs = Substitution.pairLimit
        for (found, wanted) in zip(found, wanted) {
            guard assign(found, wanted, 0) else {
                undo()
                return false
            }
        }
        return true
    }

    /// `depth`: How many types the two are parts of.
    private mutating func assign(
        _ found: ValueType, _ wanted: ValueType, _ depth: Int
    ) -> Bool {
        pairs -= 1
        guard pairs > 0, depth < Substitution.partLimit else { return true }
        if case .parameter(let name) = found, let result = bind(name, found, wanted, depth) {
            return result
        }
        if case .parameter(let name) = wanted, let result = bind(name, wanted, found, depth) {
            return result
        }
        if found.isDynamic || wanted.isDynamic { return true }
        let inner = depth + 1
        switch (found, wanted) {
        case (.list(let left), .list(let right)): return assign(left, right, inner)
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            return assign(leftKey, rightKey, inner) && assign(left, right, inner)
        case (.type, .type): return true
        case (.opaque(let left, let lefts), .opaque(let right, let rights)):
            guard left == right, lefts.count == rights.count else { return false }
            for (left, right) in zip(lefts, rights) {
                guard assign(left, right, inner) else { return false }
            }
            return true
        case (.null, _): return wanted.isNullable
        case (_, .null): return found.isNullable
        // Most calls: told without a comparison of all that types can be.
        case (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double), (.string, .string):
            return true
        case (.bool, _), (.int, _), (.uint, _), (.double, _), (.string, _): return false
        default: return found == wanted
        }
    }

    /// Binds a variable or widens what it is bound to; nil when the variable cannot take the type.
    private mutating func bind(
        _ name: String, _ variable: ValueType, _ type: ValueType, _ depth: Int
    ) -> Bool? {
        if variable == type { return true }
        if let known = bound[name] {
            guard assign(known, type, depth + 1) else { return false }
            let general = Substitution.moreGeneral(known, type)
            if !mentions(general, name) { set(name, general) }
            return true
        }
        guard !mentions(type, name) else { return nil }
        set(name, type)
        return true
    }

    private func mentions(_ type: ValueType, _ name: String) -> Bool {
        var parts = Substitution.partLimit
        return mentions(type, name, &parts)
    }

    /// Whether a type has a variable in it; a type that is too large for an answer has.
    private func mentions(_ type: ValueType, _ name: String, _ parts: inout Int) -> Bool {
        parts -= 1
        guard parts > 0 else { return true }
        switch type {
        case .parameter(let other):
            return other == name || bound[other].map { mentions($0, name, &parts) } ?? false
        case .list(let element): return mentions(element, name, &parts)
        case .map(let key, let value):
            return mentions(key, name, &parts) || mentions(value, name, &parts)
        case .type(let inner): return mentions(inner, name, &parts)
        case .opaque(_, let parameters):
            for parameter in parameters where mentions(parameter, name, &parts) { return true }
            return false
        default: return false
        }
    }

    /// The more general of two types that fit each other.
    static func moreGeneral(_ left: ValueType, _ right: ValueType) -> ValueType {
        isNotMoreSpecific(left, right) ? left : right
    }

    private static func isNotMoreSpecific(_ left: ValueType, _ right: ValueType) -> Bool {
        if left.isOpen { return true }
        if right.isOpen { return false }
        switch (left, right) {
        case (.list(let left), .list(let right)): return isNotMoreSpecific(left, right)
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            return isNotMoreSpecific(leftKey, rightKey) && isNotMoreSpecific(left, right)
        case (.opaque(_, let lefts), .opaque(_, let rights)):
            return lefts.count == rights.count
                && zip(lefts, rights).allSatisfy { isNotMoreSpecific($0, $1) }
        case (.null, .null): return true
        case (.null, _): return false
        default: return true
        }
    }

    /// The type with what its variables stand for; variables without a binding stay.
    func resolved(_ type: ValueType, freeAsDynamic: Bool = false) -> ValueType {
        guard type.hasVariables else { return type }
        var parts = Substitution.partLimit
        return resolved(type, freeAsDynamic, &parts)
    }

    private func resolved(
        _ type: ValueType, _ freeAsDynamic: Bool, _ parts: inout Int
    ) -> ValueType {
        parts -= 1
        guard parts > 0 else { return .dyn }
        switch type {
        case .parameter(let name):
            if let known = bound[name] { return resolved(known, freeAsDynamic, &parts) }
            return freeAsDynamic ? .dyn : type
        case .list(let element): return .list(resolved(element, freeAsDynamic, &parts))
        case .map(let key, let value):
            let key = resolved(key, freeAsDynamic, &parts)
            return .map(key, resolved(value, freeAsDynamic, &parts))
        case .type(let inner): return .type(resolved(inner, freeAsDynamic, &parts))
        case .opaque(let name, let parameters):
            var made: [ValueType] = []
            for parameter in parameters { made.append(resolved(parameter, freeAsDynamic, &parts)) }
            return .opaque(name, made)
        default: return type
        }
    }
}

extension ValueType {
    /// Whether the type says nothing: `dyn`, or a fault that has been told already.
    var isDynamic: Bool {
        switch self {
        case .dyn, .error: true
        default: false
        }
    }

    /// Whether it is the type of what is faulty.
    var isFaulty: Bool {
        if case .error = self { return true }
        return false
    }

    /// Whether a type parameter is in it.
    var isGeneric: Bool {
        switch self {
        case .parameter: true
        case .list(let element): element.isGeneric
        case .map(let key, let value): key.isGeneric || value.isGeneric
        case .type(let inner): inner.isGeneric
        case .opaque(_, let parameters): parameters.contains { $0.isGeneric }
        default: false
        }
    }

    fileprivate var isOpen: Bool {
        if case .parameter = self { return true }
        return isDynamic
    }

    /// Whether a variable is in it.
    fileprivate var hasVariables: Bool {
        switch self {
        case .parameter: true
        case .list(let element): element.hasVariables
        case .map(let key, let value): key.hasVariables || value.hasVariables
        case .type(let inner): inner.hasVariables
        case .opaque(_, let parameters): parameters.contains { $0.hasVariables }
        default: false
        }
    }

    /// The type; `dyn` when it has too many parts.
    var bounded: ValueType {
        switch self {
        case .list, .map, .type, .opaque:
            var parts = Substitution.partLimit
            return takes(from: &parts) ? self : .dyn
        default: return self
        }
    }

    /// Takes its parts from those that are left; false when there are not enough.
    private func takes(from parts: inout Int) -> Bool {
        parts -= 1
        guard parts >= 0 else { return false }
        switch self {
        case .list(let element): return element.takes(from: &parts)
        case .map(let key, let value):
            return key.takes(from: &parts) && value.takes(from: &parts)
        case .type(let inner): return inner.takes(from: &parts)
        case .opaque(_, let parameters):
            for parameter in parameters where !parameter.takes(from: &parts) { return false }
            return true
        default: return true
        }
    }

    fileprivate var isNullable: Bool {
        switch self {
        case .object, .opaque, .timestamp, .duration, .null: true
        default: false
        }
    }

    var isNumber: Bool {
        switch self {
        case .int, .uint, .double: true
        default: false
        }
    }
}
