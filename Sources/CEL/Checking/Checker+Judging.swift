// Calls that are sound by their types, and can mean nothing.
extension Checker {
    mutating func judge(_ id: NodeID, _ name: String, _ arguments: [NodeID]) {
        switch arguments.count {
        case 1 where declarations.judgesLiterals: judgeTime(name, arguments[0])
        case 2 where declarations.hasFieldValues: judgeComparison(id, name, arguments)
        default: break
        }
    }

    // MARK: Times

    /// A constant text that is no time.
    private mutating func judgeTime(_ name: String, _ argument: NodeID) {
        guard case .literal(.string(let text)) = tree[argument].kind else { return }
        let bytes = Array(text.utf8)
        switch name {
        case "duration":
            guard bytes.withUnsafeBufferPointer(parseDuration) == nil else { return }
            let meant = meantDuration(text).map { "duration(\"\($0)\")" }
            report(.badDuration(Literal.string(text).description, meant: meant), argument)
        case "timestamp":
            guard Timestamp(rfc3339: text) == nil else { return }
            let meant = ["\(text)T00:00:00Z", "\(text)Z"].first { Timestamp(rfc3339: $0) != nil }
            report(
                .badTimestamp(
                    Literal.string(text).description, meant: meant.map { "timestamp(\"\($0)\")" }),
                argument)
        default: break
        }
    }

    /// Units as people write them.
    private static let units: [(unit: String, names: Set<String>)] = [
        ("ms", ["ms", "millisecond", "milliseconds", "毫秒"]),
        ("s", ["s", "sec", "secs", "second", "seconds", "秒"]),
        ("m", ["m", "min", "mins", "minute", "minutes", "分", "分钟"]),
        ("h", ["h", "hour", "hours", "小时", "时"]),
    ]

    /// `5 minutes` as `5m`, `2 days` as `48h`.
    func meantDuration(_ text: String) -> String? {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        let name = text[number.endIndex...].filter { $0 != " " }.lowercased()
        guard !number.isEmpty, number.count <= 9 else { return nil }
        if ["d", "day", "days", "天", "日"].contains(name) {
            return Int(number).map { "\($0 * 24)h" }
        }
        return Checker.units.first { $0.names.contains(name) }.map { "\(number)\($0.unit)" }
    }

    // MARK: Comparisons

    /// A field beside a constant that it can never be.
    private mutating func judgeComparison(
        _ id: NodeID, _ name: String, _ arguments: [NodeID]
    ) {
        if let (field, values) = field(arguments[0]) {
            if name == Operator.within {
                guard case .list(let elements) = tree[arguments[1]].kind else { return }
                for element in elements {
                    judge(field, values, "_==_", element.value, element.value)
                }
            } else {
                judge(field, values, name, arguments[1], id)
            }
        } else if let (field, values) = field(arguments[1]) {
            let mirrored = ["_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"]
            if name != Operator.within {
                judge(field, values, mirrored[name] ?? name, arguments[0], id)
            }
        }
    }

    /// The field that a node reads, as it was written, and what it can be.
    private func field(_ node: NodeID) -> (name: String, values: FieldValues)? {
        guard case .select(let selection) = tree[node].kind, !selection.isTest,
            !selection.isOptional,
            case .object(let type) = substitution.resolved(types[selection.operand.index]),
            let values = declarations.objects[type]?.fields[selection.field]?.values
        else { return nil }
        return (tree.source.text(tree[node].range), values)
    }

    private mutating func judge(
        _ field: String, _ values: FieldValues, _ comparison: String, _ constant: NodeID,
        _ whole: NodeID
    ) {
        guard case .literal(let literal) = tree[constant].kind else { return }
        switch values {
        case .texts(let known, let instead):
            guard case .string(let text) = literal, ["_==_", "_!=_"].contains(comparison),
                !known.contains(text)
            else { return }
            let meant =
                synonym(text, among: known) ?? Suggestion.nearest(to: text, among: known)
            let names = known.map { "`\"\($0)\"`" }
            report(
                .impossibleText(
                    field, value: literal.description,
                    meant: instead == nil ? meant.map { Literal.string($0).description } : nil,
                    instead: instead
                        ?? Documentation(
                            "it is " + names.joined(separator: " or "),
                            "只会是 " + names.joined(separator: "、"))), constant)
        case .numbers(let range):
            guard let number = literal.number,
                let holds = Checker.outcome(range, comparison, number)
            else { return }
            report(.impossibleNumber(field, range: range, holds: holds), whole)
        }
    }

    /// What comparing any number of a range with a constant gives, nil when that depends on the number
    /// or when the constant is one of the range.
    private static func outcome(
        _ range: ClosedRange<Double>, _ comparison: String, _ number: Double
    ) -> Bool? {
        switch comparison {
        case "_==_": range.contains(number) ? nil : false
        case "_!=_": range.contains(number) ? nil : true
        case "_<_": number <= range.lowerBound ? false : number > range.upperBound ? true : nil
        case "_<=_": number < range.lowerBound ? false : number > range.upperBound ? true : nil
        case "_>_": number >= range.upperBound ? false : number < range.lowerBound ? true : nil
        case "_>=_": number > range.upperBound ? false : number < range.lowerBound ? true : nil
        default: nil
        }
    }
}

extension Literal {
    /// The number that it is, about.
    fileprivate var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .uint(let value): Double(value)
        case .double(let value): value
        case .null, .bool, .string, .bytes: nil
        }
    }
}
