import CEL
import Text

/// What the expressions of the fuzzer may use, and the values that they read.
enum FuzzEnvironment {
    /// With small bounds, so that an input takes little time.
    static let tight: Environment = {
        var environment = roomy
        environment.limits.cost = 20_000
        environment.limits.builtBytes = 64 << 10
        return environment
    }()

    /// With the bounds that every host gets.
    static let roomy: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.timeZones = SystemTimeZones()
        environment.comparesMixedNumbers = true
        environment.declare(
            object: "Thing",
            fields: [
                Field("name", .string), Field("size", .int), Field("weight", .double),
                Field("isOpen", .bool), Field("parts", .list(.object("Thing"))),
                Field("labels", .map(.string, .string)), Field("made", .timestamp),
                Field("any", .dyn),
            ])
        for (name, type, _) in variables { environment.declare(variable: name, as: type) }
        return environment
    }()

    static let activation: Activation = {
        var activation = Activation(roomy)
        for (name, _, value) in variables {
            guard let value else { continue }
            do {
                try activation.set(name, to: value)
            } catch {
                preconditionFailure("the value of \(name) fits a tape: \(error)")
            }
        }
        return activation
    }()

    /// Name, type and value of each variable; `absent` has none.
    static let variables: [(String, ValueType, Value?)] = [
        ("yes", .bool, true), ("n", .int, 3), ("u", .uint, .uint(7)), ("d", .double, 1.5),
        ("s", .string, "客户要退款 refund"), ("y", .bytes, .bytes([0, 0x80, 0xFF, 0x41])),
        ("ns", .list(.int), [3, 0, -1, 9_223_372_036_854_775_807]),
        ("ss", .list(.string), ["a", "", "投诉", "曝光, a"]),
        ("m", .map(.string, .int), ["a": 1, "投诉": 2]),
        ("when", .timestamp, .timestamp(Timestamp(seconds: 1_790_000_000, nanoseconds: 5))),
        ("span", .duration, .duration(.seconds(3_723) + .milliseconds(4))),
        ("raw", .dyn, ["a": ["b": [1, 2.5, "x", .null, ["c": true]]], "n": 3]),
        ("thing", .object("Thing"), thing),
        ("things", .list(.object("Thing")), [thing, ["size": 9]]),
        ("absent", .int, nil),
    ]

    private static let thing: Value = [
        "name": "壹", "size": 4, "weight": 2, "isOpen": true, "labels": ["k": "v"],
        "parts": [["name": "贰", "size": .null]],
        "made": .timestamp(Timestamp(seconds: 0, nanoseconds: 0)),
        "any": [1, "2"],
    ]
}

extension Value {
    /// Whether two values are the same to the bit; all that are not a number are alike.
    func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.double(let left), .double(let right)):
            left.isNaN && right.isNaN || left.bitPattern == right.bitPattern
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.map(let left), .map(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in
                    // A key that is not a number equals none, itself included.
                    let found = right[key] ?? right.first { $0.key.isSame(as: key) }?.value
                    return found.map { value.isSame(as: $0) } ?? false
                }
        case (.optional(let left?), .optional(let right?)): left.isSame(as: right)
        default: self == other
        }
    }
}
