import CEL

/// A tape filled with anything, as faulty code in C would, and expressions that walk all over it.
enum TapeCase {
    static func complaint(about input: FuzzInput) -> String? {
        var input = input
        let tape: Tape?
        if input.choice(4) == 0 {
            tape = built(&input)
        } else {
            tape = filled(&input)
        }
        guard let tape else { return nil }
        return complaint(about: tape)
    }

    private static func filled(_ input: inout FuzzInput) -> Tape? {
        let cells = input.choice(40), bytes = input.choice(64), names = 1 + input.choice(6)
        let isTidy = input.choice(4) != 0
        return try? Tape.filling(cells: cells, bytes: bytes, names: names) { filling in
            for index in 0..<bytes { filling.bytes[index] = input.byte() }
            for index in 0..<names where index > 0 {
                filling.names[index] = text(.string, &input, bytes, isTidy)
            }
            var first = 0
            for index in 0..<cells {
                let kind = Kind(rawValue: input.byte() & 15) ?? .null
                var cell: Cell
                switch kind {
                case .string, .bytes, .type: cell = text(kind, &input, bytes, isTidy)
                case .list, .map, .object:
                    // Now and then the children that belong to this container, else any.
                    let isRight = input.choice(3) != 0
                    let from = isRight ? UInt64(first) : input.wildNumber()
                    var count = isRight ? index - first : Int(input.byte())
                    if isRight, kind == .map { count /= 2 }
                    cell = Cell(kind, bits: from, length: UInt32(truncatingIfNeeded: count))
                    if isRight { first = index }
                case .bool where isTidy: cell = Cell(.bool, bits: UInt64(input.choice(2)))
                default:
                    cell = Cell(
                        kind, bits: input.wildNumber(),
                        length: isTidy ? 0 : UInt32(truncatingIfNeeded: input.wildNumber()))
                }
                let name = input.byte()
                if name > 127 { cell.tag |= UInt32(name & 7) << 8 }
                if !isTidy, name == 3 { cell.tag = UInt32(truncatingIfNeeded: input.wildNumber()) }
                filling.cells[index] = cell
            }
            filling.cellCount = isTidy ? cells : Int(truncatingIfNeeded: input.wildNumber())
            filling.byteCount = isTidy ? bytes : Int(truncatingIfNeeded: input.wildNumber())
            filling.nameCount = isTidy ? names : Int(truncatingIfNeeded: input.wildNumber())
        }
    }

    private static func text(
        _ kind: Kind, _ input: inout FuzzInput, _ bytes: Int, _ isTidy: Bool
    ) -> Cell {
        guard isTidy else {
            return Cell(
                kind, bits: input.wildNumber(),
                length: UInt32(truncatingIfNeeded: input.wildNumber()))
        }
        let start = input.choice(bytes + 1)
        return Cell(kind, bits: UInt64(start), length: UInt32(input.choice(bytes - start + 1)))
    }

    private static func built(_ input: inout FuzzInput) -> Tape? {
        var builder = TapeBuilder()
        for _ in 0..<200 where !input.isEmpty {
            switch input.choice(16) {
            case 0: builder.null()
            case 1: builder.bool(input.byte() > 127)
            case 2: builder.int(Int64(bitPattern: input.wildNumber()))
            case 3: builder.uint(input.wildNumber())
            case 4: builder.double(Double(bitPattern: input.wildNumber()))
            case 5: builder.string(utf8: (0..<input.choice(8)).map { _ in input.byte() })
            case 6: builder.bytes((0..<input.choice(8)).map { _ in input.byte() })
            case 7:
                builder.timestamp(
                    Timestamp(
                        seconds: Int64(bitPattern: input.wildNumber()),
                        nanoseconds: Int32(truncatingIfNeeded: input.wildNumber())))
            case 8: builder.duration(.nanoseconds(Int64(bitPattern: input.wildNumber())))
            case 9: builder.beginList()
            case 10: builder.beginMap()
            case 11: builder.beginObject()
            case 12: builder.name(["name", "size", "parts", "labels", "你"][input.choice(5)])
            default: builder.end()
            }
        }
        return try? builder.finish()
    }

    /// Reads all of a tape in each way that there is.
    static func complaint(about tape: Tape) -> String? {
        let value = tape.root.value
        if let again = try? Tape.of(value), !again.root.value.isSame(as: value) {
            return "\(value) becomes \(again.root.value)"
        }
        var builder = TapeBuilder()
        builder.append(tape.root)
        if let copy = try? builder.finish(), !copy.root.value.isSame(as: value) {
            return "\(value) is copied as \(copy.root.value)"
        }
        var activation = Activation(environment)
        for name in ["any", "thing", "list", "map"] { activation.set(name, to: tape.root) }
        activation.set("lazy") { tape.root }
        for program in programs {
            do {
                _ = try program.evaluate(activation)
            } catch {
                for language in Language.allCases where error.message(in: language).isEmpty {
                    return "\(error.code): no text"
                }
            }
        }
        return nil
    }

    private static let environment: Environment = {
        var environment = FuzzEnvironment.tight
        environment.declare(variable: "any", as: .dyn)
        environment.declare(variable: "lazy", as: .dyn)
        environment.declare(variable: "thing", as: .object("Thing"))
        environment.declare(variable: "list", as: .list(.object("Thing")))
        environment.declare(variable: "map", as: .map(.string, .int))
        return environment
    }()

    private static let programs: [Program] = [
        "any == any", "any", "lazy == any ? lazy : any.name", "any.map(x, type(x))",
        "any.all(k, v, k == v || v in any)", "string(any) + any", "any.exists(x, x.size() > 1)",
        "size(any)", "any[0]", "any['name']", "any.filter(x, x == any[0])", "'%s'.format([any])",
        "thing.name + string(thing.size)", "thing.parts.map(p, p.parts.map(q, q.name))",
        "thing.labels.map(k, k + thing.labels[k])", "thing.made.getFullYear() + thing.parts.size()",
        "list.map(t, t.name).join(',')", "list.exists(t, t.weight >= 1 && t.isOpen)",
        "list.filter(t, has(t.made)).map(t, t.made)", "map.exists(k, v, k == 'a' && v > 0)",
        "map.transformMap(k, v, v + 1)", "any.matches(any)", "timestamp(any)", "duration(any)",
        "int(any)", "any < any", "any.?name.orValue(any)", "any + any", "{any: any}",
        "[any] + [lazy]",
    ].compactMap { source in
        if let checked = try? environment.compile(source) { return checked }
        return (try? environment.parse(source)).flatMap { try? environment.planUnchecked($0) }
    }
}
