// Functions of the host, and the options that add overloads.
extension HostFunction {
    /// The function as a row of the language's table.
    var planned: Function {
        var function = Function(
            name, documentation.english, documentation.chinese, overloads.map(\.planned))
        function.forms = forms
        return function
    }
}

extension HostFunction.Overload {
    fileprivate var planned: CEL.Overload {
        let count = parameters.count
        switch body {
        case .values(let body):
            return CEL.Overload(id, parameters, result, isReceiver: isReceiver) {
                evaluation, arguments throws(Fault) in
                try evaluation.call(body, arguments, count)
            }
        case .views(let body):
            let kinds = result.kinds
            return CEL.Overload(id, parameters, result, isReceiver: isReceiver) {
                evaluation, arguments throws(Fault) in
                let made: View
                do {
                    made = try body(HostCall(evaluation, arguments, count))
                } catch {
                    throw evaluation.fault(of: error)
                }
                // The rest of the program relies on the declared type.
                guard kinds & made.cell.kind.bit != 0 else { throw Fault(.wrongKind, made.cell) }
                return made.cell
            }
        }
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
            throw fault(of: error)
        }
        return try cell(of: result)
    }

    /// What a host function threw.
    fileprivate func fault(of error: any Error) -> Fault {
        if let stop = error as? EvaluationStop { return stop.fault }
        extras.hostFailure = (error as? HostFailure)?.message ?? ""
        return Fault(.host)
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
