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
        switch name {
        case "duration":
            guard !isDuration(text) else { return }
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
        let isDays = ["d", "day", "days", "天", "日"].contains(name)
        let meant =
            isDays
            ? Int(number).map { "\($0 * 24)h" }
            : Checker.units.first { $0.names.contains(name) }.map { "\(number)\($0.unit)" }
        return meant.flatMap { isDuration($0) ? $0 : nil }
    }

    /// Whether a text is one of a duration, and not of one that is too long.
    func isDuration(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer(parseDuration) != nil
    }

    // MARK: Comparisons

    /// A field beside a constant that it can never be.
    private mutating func judgeComparison(
        _ id: NodeID, _ name: String, _ arguments: [NodeID]
    ) {
        if let values = values(of: arguments[0]) {
            if name == Operator.within {
                guard case .list(let elements) = tree[arguments[1]].kind else { return }
                for element in elements {
                    judge(arguments[0], values, "_==_", element.value, within: true, id)
                }
            } else {
                judge(arguments[0], values, name, arguments[1], id)
            }
        } else if name != Operator.within, let values = values(of: arguments[1]) {
            let mirrored = ["_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"]
            judge(arguments[1], values, mirrored[name] ?? name, arguments[0], id)
        }
    }

    /// What the field that a node reads can be.
    private func values(of node: NodeID) -> FieldValues? {
        guard case .select(let selection) = tree[node].kind, !selection.isTest,
            !selection.isOptional,
            case .object(let type) = substitution.resolved(types[selection.operand.index]),
            let values = declarations.objects[type]?.fields[selection.field]?.values
        else { return nil }
        return values
    }

    private mutating func judge(
        _ node: NodeID, _ values: FieldValues, _ comparison: String, _ constant: NodeID,
        within isElement: Bool = false, _ whole: NodeID
    ) {
        guard hasRoom, case .literal(let literal) = tree[constant].kind else { return }
        var field: String { tree.source.text(tree[node].range) }
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
            if isElement {
                let shown = tree.source.text(tree[constant].range)
                report(.impossibleElement(field, range: range, value: shown), constant)
            } else {
                report(.impossibleNumber(field, range: range, holds: holds), whole)
            }
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
