import Foundation
import TestSupport
import Testing

/// The real program (loops, stages, clouds, channels, SQL) in a world whose clock, network,
/// scheduling and crashes come from one seed: first faults rage, then they stop and everything
/// must come to its end.
///
/// A failure prints its seed; run it again with `SEED=n swift test --filter SimulationTests`.
/// `SEEDS=n` runs that many.
@Suite(.serialized) struct SimulationTests {
    static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["SEED"].flatMap(UInt64.init) { return [seed] }
        return Array(1...(environment["SEEDS"].flatMap(UInt64.init) ?? 300))
    }()

    @Test(arguments: seeds)
    func nothingIsLostWhateverGoesWrong(seed: UInt64) throws {
        let run = try Scenario(seed: seed).run()
        #expect(run.problems == [], "SEED=\(seed) swift test --filter SimulationTests")
    }

    @Test func aSeedGivesTheSameRunEveryTime() throws {
        for seed in UInt64(1)...5 {
            let first = try Scenario(seed: seed).run().journal
            let second = try Scenario(seed: seed).run().journal
            #expect(first == second, "SEED=\(seed)")
        }
    }

    @Test func differentSeedsGiveDifferentRuns() throws {
        let journals = try (UInt64(1)...10).map { try Scenario(seed: $0).run().journal }
        #expect(Set(journals).count == journals.count)
    }
}
