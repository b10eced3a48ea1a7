// Functions of the host, and the options that add overloads.
extension HostFunction {
    /// The function as a row of the language's table.
    var planned: Function {
        Function(
            name, documentation.english, documentation.chinese,
            overloads.map { overload in
                let count = overload.parameters.count
                let body = overload.body
                return CEL.Overload(
                    overload.id, overload.parameters, overload.result,
                    isReceiver: overload.isReceiver
                ) { evaluation, arguments throws(Fault) in
                    try evaluation.call(body, arguments, count)
                }
            })
    }
}

extension UnsafeMutablePointer<Frame> {
    fileprivate func call(
        _ body: ([Value]) throws -> Value, _ arguments: UnsafePointer<Cell>, _ count: Int
    ) throws(Fault) -> Cell {
        var values: [Value] = []
        for index in 0..<count { values.append(try value(of: arguments[index])) }
        let result: Value
        do {
            result = try body(values)
        } catch {
            extras.hostFailure = (error as? HostFailure)?.message ?? ""
            throw Fault(.host)
        }
        return try cell(of: result)
    }
}

extension Declarations {
    /// Adds, or takes away, the overloads that compare int, uint and double with each other.
    mutating func setMixedNumbers(allowed: Bool) {
        let numbers: [ValueType] = [.int, .uint, .double]
        for name in ["_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", Operator.within] {
            guard var function = functions[name] else { continue }
            function.overloads.removeAll { $0.id.hasPrefix("mixed_") }
            for left in allowed ? numbers : [] {
                for right in numbers where left != right {
                    let second = name == Operator.within ? .list(right) : right
                    function.overloads.append(
                        Overload("mixed_\(name)_\(left)_\(right)", [left, second], .bool) {
                            _, arguments throws(Fault) in
                            throw Fault(.noSuchOverload, arguments[0])
                        })
                }
            }
            functions[name] = function
        }
    }
}
