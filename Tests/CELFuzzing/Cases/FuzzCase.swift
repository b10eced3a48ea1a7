/// One kind of fuzzing: what bytes of anybody's making are turned into, and what must hold then.
///
/// The first byte of an input chooses the kind. The fuzzer and the tests that replay its corpus run
/// the same code.
enum FuzzCase: UInt8, CaseIterable {
    case syntax = 0x73  // s
    case evaluation = 0x65  // e
    case tape = 0x74  // t
    case rules = 0x72  // r

    /// What does not hold for an input, nil when all does.
    static func complaint(about input: [UInt8]) -> String? {
        guard let first = input.first else { return nil }
        let kind = FuzzCase(rawValue: first) ?? allCases[Int(first) % allCases.count]
        let rest = input.dropFirst()
        switch kind {
        case .syntax: return SyntaxCase.complaint(about: String(decoding: rest, as: UTF8.self))
        case .evaluation: return EvaluationCase.complaint(about: FuzzInput(rest))
        case .tape: return TapeCase.complaint(about: FuzzInput(rest))
        case .rules: return RulesCase.complaint(about: FuzzInput(rest))
        }
    }
}

/// Bytes that decide; behind their end all decisions are 0.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// A number from 0 up to, not including, `bound`, which is at most 256.
    mutating func choice(_ bound: Int) -> Int { Int(byte()) % bound }

    /// The next bytes as a number.
    mutating func number(bytes: Int) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<bytes { value = value << 8 | UInt64(byte()) }
        return value
    }

    /// A number that is small, near a power of two, or anything.
    mutating func wildNumber() -> UInt64 {
        switch choice(4) {
        case 0: return UInt64(byte())
        case 1: return number(bytes: 2)
        case 2:
            let power = choice(64)
            return (1 << UInt64(power)) &- 1 &+ UInt64(choice(3))
        default: return number(bytes: 8)
        }
    }
}
