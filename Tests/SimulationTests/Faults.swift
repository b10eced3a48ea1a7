import Pipeline
import TestSupport

/// How often what goes wrong, in one run: a random subset of the faults, the others off (swarm
/// testing), so that rare combinations come up.
struct Faults: Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable {
        case latency, timeout, reset, answerLost, throttled, serverError, cutBody
        /// A mail that is to come later; and a message that its receiver will never take.
        case greylisted, poisoned
        case storeError, crashBefore, crashAfter, clockJump
    }

    private(set) var chances: [Kind: Double] = [:]

    static let none = Faults()

    static func swarm(using random: inout SplitMix64) -> Faults {
        var faults = Faults()
        for kind in Kind.allCases where random.chance(0.6) {
            let most = kind == .crashBefore || kind == .crashAfter ? 0.02 : 0.25
            faults.chances[kind] = Double.random(in: 0.005...most, using: &random)
        }
        return faults
    }

    func has(_ kind: Kind) -> Bool { chances[kind] != nil }

    func strikes(_ kind: Kind, _ random: inout SplitMix64) -> Bool {
        random.chance(chances[kind] ?? 0)
    }

    var description: String {
        let named = chances.sorted { $0.key.rawValue < $1.key.rawValue }
        return named.map { "\($0.key.rawValue)=\($0.value)" }.joined(separator: " ")
    }
}
