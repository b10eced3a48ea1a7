import ArgumentParser
import Channels
import Foundation
import Networking
import StandIns

/// `deliveries`: the outbox on disk to a receiver over HTTP, beside libcurl alone with the same
/// requests.
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Times deliveries from the outbox on disk over HTTP, beside libcurl alone.")

    /// Who takes the requests.
    enum Receiver: String, ExpressibleByArgument, CaseIterable {
        /// Reads each request as a service does: its signature, its JSON, its id.
        case strict
        /// Answers at once and looks at nothing.
        case sink
    }

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        /// As its settings are by default, and signed: eight sends under way.
        case webhook
        /// A chat robot: one send after the other.
        case robot

        /// Where our own receivers take it.
        var path: String {
            switch self {
            case .webhook: "/webhook/qa"
            case .robot: "/robot/send?access_token=0123456789abcdef"
            }
        }
    }

    @Option(help: "How many deliveries a run makes.")
    var deliveries = 10_000
    @Option(help: "How many rounds; the best of each line counts.")
    var rounds = 3
    @Option(help: "strict or sink.")
    var receiver = Receiver.strict
    @Option(help: "webhook or robot.")
    var channel = Kind.webhook
    @Option(help: "A receiver of your own in the place of ours: http://127.0.0.1:….")
    var url: String?
    @Option(help: "What the webhook signs with.")
    var secret = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()

    func validate() throws {
        guard (1...100_000).contains(deliveries), (1...100).contains(rounds) else {
            throw ValidationError("1 to 100,000 deliveries, 1 to 100 rounds")
        }
        if let url {
            let parts = URLComponents(string: url)
            guard parts?.scheme == "http", parts?.host == "127.0.0.1", parts?.user == nil else {
                throw ValidationError("--url: a receiver on this machine, http://127.0.0.1:…")
            }
        }
    }

    func run() async throws {
        guard let url else {
            let process = try ServerProcess(
                command: [receiver == .sink ? "request-sink" : "strict-receiver", secret])
            defer { process.end() }
            guard let port = process.greeting["http"] else {
                throw InputError(reason: "the receiver did not start")
            }
            let host = "http://127.0.0.1:\(port)"
            return try await compare(
                to: "\(host)\(channel.path)", count: { try process.ask("count") })
        }
        try await compare(to: url, count: { [:] })
    }

    /// `count` tells what the receiver has got since it was asked last.
    private func compare(to url: String, count: () throws -> [String: Int]) async throws {
        let plan = try plan(url)
        let outbox = FullOutbox(plan, messages: deliveries)
        let requests = await outbox.requests()
        var bare = Pace.none
        var ours = Pace.none
        for _ in 0..<rounds {
            bare = bare.best(
                try await BareRequests.pace(requests, concurrency: plan.concurrency))
            let sent = try count()
            ours = ours.best(try await outbox.pace())
            // The same headers and bodies: only what is signed for the moment differs.
            guard sent["requests"] ?? deliveries == deliveries, try count() == sent else {
                throw InputError(reason: "the two sides did not send the same")
            }
        }
        let size = requests.reduce(0) { $0 + $1.body.count } / requests.count
        print(
            "\(channel.rawValue) to \(self.url == nil ? receiver.rawValue : "a receiver given"), "
                + "\(deliveries) bodies of \(size) bytes, "
                + "\(plan.concurrency) under way, best of \(rounds)")
        bare.show("libcurl, one multi loop", of: "deliveries")
        ours.show("tocsin, outbox on disk", of: "deliveries")
        print("tocsin / libcurl: \(ours.share(of: bare))")
    }

    private func plan(_ url: String) throws -> any ChannelPlan {
        let loopback = [AddressRange("127.0.0.1")].compactMap(\.self)
        switch channel {
        case .webhook:
            return try WebhookChannel.Settings(
                url: url, secrets: [Secret(secret)], allowing: loopback)
        case .robot:
            return try DingTalk(url: url, allowing: loopback)
        }
    }
}

/// `strict-receiver`: the stand-in that every channel is tested against.
struct StrictReceiverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strict-receiver", abstract: "A receiver that checks what it gets.",
        shouldDisplay: false)

    @Argument var secret: String

    func run() async throws {
        var options = ReceiverOptions()
        options.webhookSecret = secret
        options.logLimit = 1
        let receiver = try ReceiverStandIn(options: options)
        try await withStandIns([receiver]) {
            print("{\"http\": \(try await receiver.port)}")
            fflush(nil)
            var before = 0
            while let line = readLine(), line != "quit" {
                let services: [Receipt.Service] = [.webhook, .dingtalk]
                let taken = services.reduce(0) { count, service in
                    count + receiver.count(.accepted, of: service)
                        + receiver.count(.duplicate, of: service)
                }
                print("{\"requests\": \(taken - before)}")
                fflush(nil)
                before = taken
            }
        }
    }
}
