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
        let count = parameters.count, kinds = result.kinds
        switch body {
        case .values(let body):
            return CEL.Overload(id, parameters, result, isReceiver: isReceiver) {
                evaluation, arguments throws(Fault) in
                try evaluation.call(body, arguments, count).required(kinds)
            }
        case .views(let body):
            return CEL.Overload(id, parameters, result, isReceiver: isReceiver) {
                evaluation, arguments throws(Fault) in
                try evaluation.call(body, arguments, count).required(kinds)
            }
        }
    }
}

extension Cell {
    /// The cell, which must be of one of some kinds: the rest of the program relies on declared types.
    fileprivate func required(_ kinds: UInt32) throws(Fault) -> Cell {
        guard kinds & kind.bit != 0 else { throw Fault(.wrongKind, self) }
        return self
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

    fileprivate func call(
        _ body: (HostCall) throws -> View, _ arguments: UnsafePointer<Cell>, _ count: Int
    ) throws(Fault) -> Cell {
        do {
            return try body(HostCall(self, arguments, count)).cell
        } catch {
            throw fault(of: error)
        }
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
