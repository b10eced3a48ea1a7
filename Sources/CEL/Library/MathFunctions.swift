// The math library.
extension Library {
    static let mathFunctions: [Function] =
        [
            extreme("math.@max", "the greatest number", "最大的数") { $0 > 0 },
            extreme("math.@min", "the least number", "最小的数") { $0 < 0 },
            rounding("math.ceil", "rounded up", "向上取整", .up),
            rounding("math.floor", "rounded down", "向下取整", .down),
            rounding(
                "math.round", "rounded, half away from zero", "四舍五入", .toNearestOrAwayFromZero),
            rounding("math.trunc", "rounded towards zero", "向零取整", .towardZero),
            Function(
                "math.sqrt", "the square root", "平方根",
                numbers.map { type in
                    Overload("math_sqrt_\(type)", [type], .double) { _, arguments throws(Fault) in
                        Cell(arguments[0].asDouble.squareRoot())
                    }
                }),
            Function(
                "math.abs", "the number without its sign", "绝对值",
                numbers.map { type in
                    Overload("math_abs_\(type)", [type], type) { _, arguments throws(Fault) in
                        try absolute(arguments[0])
                    }
                }),
            Function(
                "math.sign", "-1, 0 or 1", "符号",
                numbers.map { type in
                    Overload("math_sign_\(type)", [type], type) { _, arguments throws(Fault) in
                        sign(arguments[0])
                    }
                }),
            test("math.isNaN", "whether not a number", "是否为 NaN") { $0.isNaN },
            test("math.isInf", "whether infinite", "是否为无穷") { $0.isInfinite },
            test("math.isFinite", "whether finite", "是否为有限数") { $0.isFinite },
        ] + bitFunctions

    private static let numbers: [ValueType] = [.int, .uint, .double]

    private static func extreme(
        _ name: String, _ english: String, _ chinese: String,
        _ isBetter: @escaping @Sendable (Int) -> Bool
    ) -> Function {
        let id = name.replacing(".@")
        var overloads: [Overload] = []
        for type in numbers + [.dyn] {
            overloads.append(
                Overload("\(id)_\(type)", [type], type) { _, arguments throws(Fault) in
                    guard arguments[0].isNumber || arguments[0].is(.list) else {
                        throw Fault(.noSuchOverload, arguments[0])
                    }
                    return arguments[0]
                })
            overloads.append(
                Overload("\(id)_list_\(type)", [.list(type)], type) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.extreme(of: arguments[0], isBetter)
                })
        }
        for left in numbers {
            for right in numbers {
                overloads.append(
                    Overload(
                        "\(id)_\(left)_\(right)", [left, right], left == right ? left : .dyn
                    ) { _, arguments throws(Fault) in
                        let order = compareNumbers(arguments[1], arguments[0]) ?? 0
                        return isBetter(order) ? arguments[1] : arguments[0]
                    })
            }
        }
        return Function(name, english, chinese, overloads.filter { $0.parameters != [.dyn] })
    }

    private static func rounding(
        _ name: String, _ english: String, _ chinese: String, _ rule: FloatingPointRoundingRule
    ) -> Function {
        Function(
            name, english, chinese,
            [
                Overload("\(name)_double", [.double], .double) { _, arguments throws(Fault) in
                    Cell(arguments[0].double.rounded(rule))
                }
            ])
    }

    private static func test(
        _ name: String, _ english: String, _ chinese: String,
        _ test: @escaping @Sendable (Double) -> Bool
    ) -> Function {
        Function(
            name, english, chinese,
            [
                Overload("\(name)_double", [.double], .bool) { _, arguments throws(Fault) in
                    Cell(test(arguments[0].double))
                }
            ])
    }

    private static func absolute(_ value: Cell) throws(Fault) -> Cell {
        switch value.kind {
        case .int:
            guard value.int != .min else { throw Fault(.overflow, value) }
            return Cell(abs(value.int))
        case .double: return Cell(value.double.magnitude)
        default: return value
        }
    }

    private static func sign(_ value: Cell) -> Cell {
        switch value.kind {
        case .int: Cell(value.int.signum())
        case .uint: Cell(value.uint == 0 ? 0 : 1 as UInt64)
        default:
            // -0.0 has the sign 0.0.
            Cell(
                value.double.isNaN ? value.double : value.double < 0 ? -1 : value.double > 0 ? 1 : 0
            )
        }
    }

    // MARK: Bits

    private static let bitFunctions: [Function] = [
        bits("math.bitAnd", "bits set in both", "按位与") { $0 & $1 },
        bits("math.bitOr", "bits set in either", "按位或") { $0 | $1 },
        bits("math.bitXor", "bits set in one of both", "按位异或") { $0 ^ $1 },
        Function(
            "math.bitNot", "all bits turned", "按位取反",
            ([.int, .uint] as [ValueType]).map { type in
                Overload("math_bitNot_\(type)", [type], type) { _, arguments throws(Fault) in
                    var value = arguments[0]
                    value.bits = ~value.bits
                    return value
                }
            }),
        shift("math.bitShiftLeft", "bits moved up", "左移") { $0 << $1 },
        shift("math.bitShiftRight", "bits moved down", "右移") { $0 >> $1 },
    ]

    private static func bits(
        _ name: String, _ english: String, _ chinese: String,
        _ operation: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        Function(
            name, english, chinese,
            ([.int, .uint] as [ValueType]).map { type in
                Overload("\(name)_\(type)", [type, type], type) { _, arguments throws(Fault) in
                    var value = arguments[0]
                    value.bits = operation(value.bits, arguments[1].bits)
                    return value
                }
            })
    }

    /// Shifts are on the bits without a sign; by 64 and more gives 0, by less than 0 is a fault.
    private static func shift(
        _ name: String, _ english: String, _ chinese: String,
        _ operation: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        Function(
            name, english, chinese,
            ([.int, .uint] as [ValueType]).map { type in
                Overload("\(name)_\(type)", [type, .int], type) { _, arguments throws(Fault) in
                    guard arguments[1].int >= 0 else { throw Fault(.badArgument, arguments[1]) }
                    var value = arguments[0]
                    value.bits =
                        arguments[1].int > 63
                        ? 0 : operation(value.bits, UInt64(arguments[1].int))
                    return value
                }
            })
    }
}

extension String {
    /// The name with another text's first place turned into an underscore.
    fileprivate func replacing(_ part: String) -> String {
        split(separator: ".").joined(separator: "_").filter { $0 != "@" }
    }
}

extension UnsafeMutablePointer<Frame> {
    fileprivate func extreme(
        of list: Cell, _ isBetter: (Int) -> Bool
    ) throws(Fault) -> Cell {
        guard list.count > 0 else { throw Fault(.badArgument, list) }
        var best = list.child(0)
        for index in 0..<list.count {
            let element = list.child(index)
            guard element.isNumber else { throw Fault(.noSuchOverload, element) }
            try spend(1)
            if isBetter(compareNumbers(element, best) ?? 0) { best = element }
        }
        return best
    }
}
