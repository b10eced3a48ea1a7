import ArgumentParser
import Pipeline
import StandIns

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve both cloud APIs on loopback, with made-up Chinese conversations.",
        discussion: """
            Prints one line of JSON when it is ready, then serves until SIGTERM. Signatures are
            verified against testAccessKeyId / testAccessKeySecret; the app key is app-1.
            GET /__tasks lists its tasks, GET /__tasks.ndjson in the form of tasks add --file,
            GET /__stats its counters. With --receivers every kind of webhook channel has a stand-in,
            too, on a port of its own: the line names the addresses.
            """)

    @Option(help: "The port on 127.0.0.1; 0 for any.") var port = 0
    @Option(help: "ContactCenterAI tasks to make.") var calls = 32
    @Option(help: "Qualitycheck tasks to make.") var records = 12
    @Option(help: "The same seed makes the same conversations.") var seed: UInt64 = 1
    @Option(help: "A JSON file of tasks to serve instead.") var tasksFile: String?
    @Flag(help: "Serve the services that alerts go to as well.") var receivers = false

    func run() async throws {
        var options = SimulateOptions()
        options.port = port
        options.calls = calls
        options.records = records
        options.seed = seed
        options.tasksFile = tasksFile
        let cloud = try options.makeCloud()
        let receiver = receivers ? try ReceiverStandIn() : nil
        let standIns: [any StandIn] = [cloud] + (receiver.map { [$0] } ?? [])
        let stop = StopSignal()
        try await Termination.handled(stop: stop) {
            try await withStandIns(standIns) {
                Output.line(try await cloud.readyLine(with: receiver))
                await stop.wait()
            }
        }
    }
}
