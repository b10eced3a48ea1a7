import ArgumentParser
import Pipeline
import TestSupport

@testable import tocsin

/// Someone who retries and cancels while the program runs, by the very code of the commands.
struct Operator {
    let world: World
    let store: any Store

    /// The reason of all that is cancelled.
    static let reason = "not needed"

    func work() async throws {
        for _ in 0..<world.plan.commandCount {
            let pause = Duration.seconds(world.number(in: 30...600))
            try await world.clock.sleep(until: world.clock.now + pause)
            let channel = Scenario.channels[world.number(in: 0...2)]
            switch world.number(in: 0...4) {
            case 0: try await cancel(["--channel", channel, "--rule", "complaint"])
            case 1: try await cancel(["--channel", channel, "--since", "2023-11-01"])
            case 2: try await retry(["--rule", "failed"])
            default: try await retry(["--channel", channel])
            }
        }
        world.with { $0.isOperatorDone = true }
    }

    func retry(_ arguments: [String]) async throws {
        let revived = try await change(arguments, .dead).revive()
        world.note("retried \(revived.count): \(arguments)")
    }

    private func cancel(_ arguments: [String]) async throws {
        let cancelled = try await change(arguments, .waiting).cancel(reason: Self.reason)
        world.note("cancelled \(cancelled.deliveries.count), \(cancelled.alerts): \(arguments)")
    }

    private func change(
        _ arguments: [String], _ kind: DeliveryQuery.Kind
    ) throws -> DeliveryChange {
        DeliveryChange(
            store: store, selection: try DeliverySelection.parse(arguments), kind: kind,
            now: world.clock.now)
    }
}
