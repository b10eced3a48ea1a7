import ArgumentParser
import Channels
import Networking
import Pipeline

struct ChannelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channels", abstract: "Where alerts go.", subcommands: [Test.self, Keys.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send one test alert the way of real ones; show request, answer, verdict.",
            discussion: "Exit code 1 when a message was not delivered.")

        @OptionGroup var options: CommonOptions
        @Argument(help: "Channels; default: all.") var names: [String] = []

        func run() async throws {
            let settings = try Workspace.load(options, for: .connections).settings
            let channels = try settings.channels.chosen(
                names, by: \.name, what: ("启用的通道", "channel that is on"))
            let transport = Assembly.transport(settings.network)
            let context = MessageContext(language: settings.language, zone: HostZone.offset)
            var results: [ChannelTest.Result] = []
            for channel in channels {
                let test = ChannelTest(channel, context: context, transport: transport)
                for result in await test.run(clock: SystemClock()) {
                    if options.format == .text { Output.line(result.text(in: Output.language)) }
                    results.append(result)
                }
            }
            await transport.shutdown()
            if options.format == .json { try Output.json(results) }
            if results.contains(where: { !$0.delivered }) { throw Exit.findings }
        }
    }
}
