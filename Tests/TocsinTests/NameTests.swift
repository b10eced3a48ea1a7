import ArgumentParser
import Foundation
import Pipeline
import Storage
import TestSupport
import Testing

@testable import tocsin

/// Names that commands are given: what nothing has is said, and what is printed is taken.
struct NameTests {
    typealias Place = StoreCommandTests.Place

    @Test(
        "A channel that nobody knows is a mistake, for every command that takes one",
        arguments: [
            ["deliveries", "list"], ["deliveries", "status"], ["deliveries", "retry"],
            ["deliveries", "retry", "--dry-run"], ["deliveries", "cancel", "--reason", "gone"],
        ])
    func channels(_ command: [String]) async throws {
        try await Place.with { place in
            #expect(await place.run(arguments: command + ["--channel", "hok"]) == 64)
            // On, off, and removed with something left of it.
            #expect(await place.run(arguments: command + ["--channel", "hook"]) == 0)
            #expect(await place.run(arguments: command + ["--channel", "room"]) == 0)
            #expect(await place.run(arguments: command + ["--channel", "old"]) == 64)
            try await place.fill(["old"])
            #expect(await place.run(arguments: command + ["--channel", "old"]) == 0)
        }
    }

    @Test("The error names what was probably meant, or what there is")
    func words() {
        func text(_ wanted: String, _ known: [String]) -> String {
            KnownName.error(wanted, among: known, what: ("通道", "channel")).message
        }
        let (near, far) = (text("hok", ["hook", "mail"]), text("zzzzzz", ["hook", "mail"]))
        #expect(near.contains("hok") && near.contains("hook") && !near.contains("mail"))
        #expect(far.contains("zzzzzz") && far.contains("hook") && far.contains("mail"))
        #expect(text("hok", []).contains("hok"))
    }

    @Test("An alert is shown and listed by every form that is printed of its task")
    func alerts() async throws {
        try await Place.with { place in
            let id = TaskID(source: "calls", id: "t/1")
            let rule = Samples.alert().id.rule
            try await place.change { transaction throws(StoreError) in
                for tid in ["", "r-1"] {
                    let alert = Samples.alert(task: "t/1", tid: tid)
                    _ = try transaction.insert(alert)
                }
            }
            let alert = try #require(
                try await place.store.read { reader throws(StoreError) in
                    try reader.alert(Alert.ID(rule: rule, task: id, tid: "r-1"))
                })
            let view = AlertView(alert)
            #expect(view.task == "calls/t/1#r-1")
            for task in [
                view.task, view.taskId, "\(view.source)/\(view.taskId)", "\(view.taskId)#r-1",
            ] {
                #expect(await place.run("alerts", "show", rule, task) == 0, "\(task)")
                #expect(await place.run("alerts", "list", "--task", task) == 0, "\(task)")
            }
            #expect(await place.run("alerts", "show", rule, view.taskId, "--tid", view.tid) == 0)
            for task in ["t-2", "calls/t-2", "other/t/1", "t/1#r-2"] {
                #expect(await place.run("alerts", "show", rule, task) == 1, "\(task)")
            }
            #expect(await place.run("alerts", "show", rule, " ") == 64)
        }
    }

    @Test("An id that tasks of two sources have is asked for by its source")
    func severalSources() async throws {
        let sources = ["a", "b"]
        let name = try TaskName("x/1")
        #expect(name.tasks(of: sources).map(\.description) == ["x/1", "a/x/1", "b/x/1"])
        #expect(try TaskName("1#r").tid == "r")
        #expect(try TaskName("1#r", tid: "s").tid == "s")
        #expect(throws: (any Error).self) { try TaskName("#r") }
        try await Place.with { place in
            try await place.change { transaction throws(StoreError) in
                for source in sources {
                    _ = try transaction.insert(Samples.alert(task: "1", source: source))
                }
            }
            var settings = try #require(Reading.read(Place.settings).settings)
            let rule = Samples.alert().id.rule
            settings.sources = sources.compactMap { name in
                var source = settings.sources.first
                source?.name = name
                return source
            }
            let found = try await Alert.ID.found(
                rule: rule, task: try TaskName("b/1"), in: place.store, by: settings)
            #expect(found.taskName == "b/1")
            await #expect(throws: ValidationError.self) {
                try await Alert.ID.found(
                    rule: rule, task: try TaskName("1"), in: place.store, by: settings)
            }
        }
    }
}
