/// What the type variables of one check stand for, and how types fit each other.
///
/// A type variable is a `.parameter` whose name starts with `@`. Types are gradual: `dyn` fits
/// everything, both ways.
struct Substitution {
    private var bound: [String: ValueType] = [:]
    private var fresh = 0
    /// What the attempt under way has bound, with what was there before.
    private var trail: [(name: String, type: ValueType?)] = []

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
        guard assign(found, wanted) else {
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

    /// As ``fits(_:_:)``, for all arguments of a call together.
    mutating func fits(_ found: [ValueType], _ wanted: [ValueType]) -> Bool {
        trail.removeAll(keepingCapacity: true)
        for (found, wanted) in zip(found, wanted) {
            guard assign(found, wanted) else {
                undo()
                return false
            }
        }
        return true
    }

    private mutating func assign(_ found: ValueType, _ wanted: ValueType) -> Bool {
        if case .parameter(let name) = found, let result = bind(name, found, wanted) {
            return result
        }
        if case .parameter(let name) = wanted, let result = bind(name, wanted, found) {
            return result
        }
        if found.isDynamic || wanted.isDynamic { return true }
        switch (found, wanted) {
        case (.list(let left), .list(let right)): return assign(left, right)
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            return assign(leftKey, rightKey) && assign(left, right)
        case (.type, .type): return true
        case (.opaque(let left, let lefts), .opaque(let right, let rights)):
            guard left == right, lefts.count == rights.count else { return false }
            for (left, right) in zip(lefts, rights) {
                guard assign(left, right) else { return false }
            }
            return true
        case (.null, _): return wanted.isNullable
        case (_, .null): return found.isNullable
        default: return found == wanted
        }
    }

    /// Binds a variable or widens what it is bound to; nil when the variable cannot take the type.
    private mutating func bind(
        _ name: String, _ variable: ValueType, _ type: ValueType
    ) -> Bool? {
        if variable == type { return true }
        if let known = bound[name] {
            guard assign(known, type) else { return false }
            let general = Substitution.moreGeneral(known, type)
            if !mentions(general, name) { set(name, general) }
            return true
        }
        guard !mentions(type, name) else { return nil }
        set(name, type)
        return true
    }

    private func mentions(_ type: ValueType, _ name: String) -> Bool {
        switch type {
        case .parameter(let other):
            other == name || bound[other].map { mentions($0, name) } ?? false
        case .list(let element): mentions(element, name)
        case .map(let key, let value): mentions(key, name) || mentions(value, name)
        case .type(let inner): mentions(inner, name)
        case .opaque(_, let parameters): parameters.contains { mentions($0, name) }
        default: false
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
        switch type {
        case .parameter(let name):
            if let known = bound[name] { return resolved(known, freeAsDynamic: freeAsDynamic) }
            return freeAsDynamic ? .dyn : type
        case .list(let element): return .list(resolved(element, freeAsDynamic: freeAsDynamic))
        case .map(let key, let value):
            return .map(
                resolved(key, freeAsDynamic: freeAsDynamic),
                resolved(value, freeAsDynamic: freeAsDynamic))
        case .type(let inner): return .type(resolved(inner, freeAsDynamic: freeAsDynamic))
        case .opaque(let name, let parameters):
            return .opaque(
                name, parameters.map { resolved($0, freeAsDynamic: freeAsDynamic) })
        default: return type
        }
    }
}

extension ValueType {
    /// Whether the type says nothing: `dyn`, or a fault that has been told already.
    var isDynamic: Bool { self == .dyn || self == .error }

    fileprivate var isOpen: Bool {
        if case .parameter = self { return true }
        return isDynamic
    }

    fileprivate var isNullable: Bool {
        switch self {
        case .object, .opaque, .timestamp, .duration, .null: true
        default: false
        }
    }

    var isNumber: Bool { self == .int || self == .uint || self == .double }
}
