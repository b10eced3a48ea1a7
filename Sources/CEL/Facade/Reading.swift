// Reading results where they lie.
extension Program {
    /// Evaluates, and reads the result before it is given back: nothing is copied.
    ///
    /// `budget`: Bounds for this evaluation; the environment's when nil.
    /// `body`: Reads the result, which is valid inside it alone.
    /// Throws an ``EvaluationError`` with the part of the expression that failed.
    public func withResult<Result>(
        _ activation: Activation, budget: Budget? = nil,
        _ body: (View) throws(EvaluationStop) -> Result
    ) throws(EvaluationError) -> Result {
        try plan.run(activation, budget) { evaluation throws(Fault) in
            let cell = try plan.code.cell(evaluation)
            do throws(EvaluationStop) {
                return try body(View(cell, evaluation))
            } catch {
                throw error.fault
            }
        }
    }
}

extension View {
    /// What a value takes in a tape beside its text, in bytes, roughly.
    private static let valueBytes = 48

    /// A copy for the host, as ``Program/evaluate(_:budget:)`` gives it; its size counts as built.
    public func value() throws(EvaluationStop) -> Value {
        do throws(Fault) {
            return try evaluation.value(of: cell)
        } catch {
            throw EvaluationStop(fault: error)
        }
    }

    /// A copy that outlives the evaluation, as values are kept between evaluations.
    ///
    /// Its size counts as built. Objects in a list that all lie in one tape are not copied: the
    /// result keeps that tape alive. A value that a tape cannot hold (an optional, say) stops the
    /// evaluation.
    public func tape() throws(EvaluationStop) -> Tape {
        if let listing = try listing() { return listing }
        var builder = TapeBuilder()
        do throws(Fault) {
            try append(cell, to: &builder, depth: 0)
        } catch {
            throw EvaluationStop(fault: error)
        }
        do {
            return try builder.finish()
        } catch {
            throw EvaluationStop(fault: Fault(.badConversion, cell))
        }
    }

    /// A list of objects of one tape, where they lie; nil when the value is something else.
    private func listing() throws(EvaluationStop) -> Tape? {
        guard cell.is(.list), cell.count > 0 else { return nil }
        let number = cell.child(0).note
        let elements = (0..<cell.count).lazy.map { cell.child($0) }
        guard number != 0, elements.allSatisfy({ $0.is(.object) && $0.note == number }) else {
            return nil
        }
        do throws(Fault) {
            try evaluation.charge(bytes: cell.count * Self.valueBytes)
        } catch {
            throw EvaluationStop(fault: error)
        }
        return Tape(listing: elements.map { $0.noted(0) }, of: evaluation.tape(number))
    }

    private func append(
        _ cell: Cell, to builder: inout TapeBuilder, depth: Int
    ) throws(Fault) {
        let isText = cell.is(.string) || cell.is(.bytes) || cell.is(.type)
        try evaluation.charge(bytes: Self.valueBytes + (isText ? cell.count : 0))
        switch cell.kind {
        case .absent, .null: builder.null()
        case .bool: builder.bool(cell.bool)
        case .int: builder.int(cell.int)
        case .uint: builder.uint(cell.uint)
        case .double: builder.double(cell.double)
        case .string: builder.string(utf8: cell.text)
        case .bytes: builder.bytes(cell.text)
        case .type: builder.append(.type(cell.string))
        case .timestamp: builder.timestamp(cell.timestamp)
        case .duration: builder.duration(Duration(wholeNanoseconds: cell.nanoseconds))
        case .list:
            let inner = try evaluation.deeper(than: depth)
            builder.beginList()
            for index in 0..<cell.count {
                try append(cell.child(index), to: &builder, depth: inner)
            }
            builder.end()
        case .map where !isNamed(cell):
            let inner = try evaluation.deeper(than: depth)
            builder.beginMap()
            for index in 0..<cell.count * 2 {
                try append(cell.child(index), to: &builder, depth: inner)
            }
            builder.end()
        case .map, .object:
            let inner = try evaluation.deeper(than: depth)
            builder.beginObject()
            for index in 0..<cell.count {
                builder.name(evaluation.key(cell, index).string)
                try append(evaluation.entryValue(cell, index), to: &builder, depth: inner)
            }
            builder.end()
        case .optional, .opaque: throw Fault(.badConversion, cell)
        }
    }

    /// Whether all keys of a map are texts, so that it can be an object.
    private func isNamed(_ map: Cell) -> Bool {
        (0..<map.count).allSatisfy { map.child($0 * 2).is(.string) }
    }
}
