/// What stops an evaluation from within a host function: the end of its budget or of its memory, or
/// a value that cannot be made.
///
/// Host functions let it pass.
public struct EvaluationStop: Error {
    let fault: Fault

    /// For a value that is not of the kind that was needed.
    public static func wrongKind(_ value: View) -> EvaluationStop {
        EvaluationStop(fault: Fault(.wrongKind, value.cell))
    }
}

/// One call of a host function: its arguments, and the means to make a result.
///
/// It is valid inside the function's body, and no longer. All values are made in the memory of the
/// evaluation, which is bounded and given back at its end; making one counts as work.
public struct HostCall {
    let evaluation: Evaluation
    private let arguments: UnsafePointer<Cell>
    /// How many arguments there are, the receiver included.
    public let count: Int

    init(_ evaluation: Evaluation, _ arguments: UnsafePointer<Cell>, _ count: Int) {
        self.evaluation = evaluation
        self.arguments = arguments
        self.count = count
    }

    /// An argument; `null` where there is none.
    public subscript(index: Int) -> View {
        View(index >= 0 && index < count ? arguments[index] : .null, evaluation)
    }

    /// Counts work that the function does, in units of about one element or 16 bytes of text.
    @inline(__always)
    public func spend(_ work: Int) throws(EvaluationStop) {
        do throws(Fault) { try evaluation.spend(max(work, 0)) } catch {
            throw EvaluationStop(fault: error)
        }
    }

    // MARK: Results

    /// `null`.
    public var null: View { View(.null, evaluation) }

    /// A bool.
    public func bool(_ value: Bool) -> View { View(Cell(value), evaluation) }

    /// An int.
    public func int(_ value: Int64) -> View { View(Cell(value), evaluation) }

    /// A double.
    public func double(_ value: Double) -> View { View(Cell(value), evaluation) }

    /// A span of time; one over 292 years stops the evaluation.
    public func duration(_ value: Duration) throws(EvaluationStop) -> View {
        guard let nanoseconds = value.wholeNanoseconds else {
            throw EvaluationStop(fault: Fault(.outOfRange))
        }
        return View(Cell(nanoseconds: nanoseconds), evaluation)
    }

    /// A text.
    public func text(_ value: String) throws(EvaluationStop) -> View {
        try made { () throws(Fault) in try evaluation.make(value) }
    }

    /// A list of those values.
    public func list(_ elements: some Collection<View>) throws(EvaluationStop) -> View {
        try made { () throws(Fault) in
            let memory = try evaluation.allocate(cells: elements.count)
            var count = 0
            for element in elements {
                memory[count] = element.cell
                count += 1
            }
            return Cell(.list, at: memory, length: count)
        }
    }

    /// The elements of a list that `isWanted` names by their index, in their order.
    ///
    /// Elements are shared, not copied; what is no list has none.
    @inline(__always)
    public func elements(
        of list: View, where isWanted: (Int) throws(EvaluationStop) -> Bool
    ) throws(EvaluationStop) -> View {
        let source = list.cell
        guard source.is(.list), source.count > 0 else { return View(Cell(.list), evaluation) }
        var memory: UnsafeMutablePointer<Cell>?
        var count = 0
        for index in 0..<source.count where try isWanted(index) {
            let room: UnsafeMutablePointer<Cell>
            if let memory {
                room = memory
            } else {
                room = try cells(source.count - index)
                memory = room
            }
            room[count] = source.child(index)
            count += 1
        }
        guard let memory else { return View(Cell(.list), evaluation) }
        return View(Cell(.list, at: memory, length: count), evaluation)
    }

    /// A copy of an object or a map with one entry more; its entries are shared.
    ///
    /// `name`: The entry's name; one that is there already is replaced.
    public func copy(
        of object: View, setting name: String, to value: View
    ) throws(EvaluationStop) -> View {
        let source = object.cell
        guard source.isMap else { return object }
        return try made { () throws(Fault) in
            let added = try evaluation.make(name)
            let memory = try evaluation.allocate(cells: (source.count + 1) * 2)
            var count = 0
            for index in 0..<source.count {
                let key = evaluation.key(source, index)
                if key.is(.string), equalBytes(key.text, added.text) { continue }
                memory[count * 2] = key
                memory[count * 2 + 1] = evaluation.entryValue(source, index)
                count += 1
            }
            memory[count * 2] = added
            memory[count * 2 + 1] = value.cell
            return Cell(.map, at: memory, length: count + 1)
        }
    }

    /// The root of a tape, which is kept for the rest of the evaluation.
    ///
    /// `size`: What the tape takes, in bytes, roughly: it counts as built.
    public func keep(_ tape: Tape, size: Int) throws(EvaluationStop) -> View {
        try made { () throws(Fault) in
            // A constant expression is evaluated before there is anybody to keep the tape.
            guard evaluation.pointee.activation != nil else { throw Fault(.unknownName) }
            try evaluation.charge(bytes: max(size, 0))
            evaluation.extras.lazyTapes.append(tape)
            let number = evaluation.pointee.tapeCount + evaluation.extras.lazyTapes.count
            return tape.rootCell.noted(UInt32(truncatingIfNeeded: number))
        }
    }

    // MARK: Memory

    /// Room for so many numbers while the evaluation lasts.
    public func scratch<Element: BitwiseCopyable>(
        _ count: Int, of initial: Element
    ) throws(EvaluationStop) -> Scratch<Element> {
        let (size, overflow) = max(count, 0).multipliedReportingOverflow(
            by: MemoryLayout<Element>.stride)
        do throws(Fault) {
            if overflow { throw Fault(.memoryExceeded) }
            let memory = UnsafeMutableRawPointer(try evaluation.allocate(bytes: size))
            let elements = memory.bindMemory(to: Element.self, capacity: max(count, 0))
            elements.initialize(repeating: initial, count: max(count, 0))
            return Scratch(UnsafeMutableBufferPointer(start: elements, count: max(count, 0)))
        } catch {
            throw EvaluationStop(fault: error)
        }
    }

    private func cells(_ count: Int) throws(EvaluationStop) -> UnsafeMutablePointer<Cell> {
        do throws(Fault) { return try evaluation.allocate(cells: count) } catch {
            throw EvaluationStop(fault: error)
        }
    }

    private func made(_ body: () throws(Fault) -> Cell) throws(EvaluationStop) -> View {
        do throws(Fault) { return View(try body(), evaluation) } catch {
            throw EvaluationStop(fault: error)
        }
    }
}

/// Numbers in the memory of an evaluation: valid as long as the call that asked for them.
public struct Scratch<Element: BitwiseCopyable> {
    private let elements: UnsafeMutableBufferPointer<Element>

    fileprivate init(_ elements: UnsafeMutableBufferPointer<Element>) { self.elements = elements }

    /// How many there are.
    public var count: Int { elements.count }

    /// The number at an index, which must be there.
    @inline(__always)
    public subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < elements.count, "an index out of range")
            return elements[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < elements.count, "an index out of range")
            elements[index] = newValue
        }
    }
}
