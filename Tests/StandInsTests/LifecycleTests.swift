import Testing

@testable import StandIns

@Suite("Starting and stopping", .timeLimit(.minutes(1))) struct LifecycleTests {
    @Test("Everything of the demo listens, answers, and stops when its scope ends")
    func demo() async throws {
        let world = try DemoStandIns(calls: 3, records: 2)
        let addresses = try await withStandIns(world.all) {
            let addresses = try await world.addresses
            for port in [try await world.cloud.port, try await world.receiver.port] {
                let health = try await LoopbackClient.http(port, "GET", "/__health")
                #expect(health.status == 200)
            }
            return addresses
        }
        #expect(addresses.webhook.hasSuffix("/webhook/demo"))
        #expect(addresses.robot.hasSuffix("/robot/send?access_token=demo"))
        for port in [try await world.cloud.port, try await world.mail.port] {
            await #expect(throws: (any Error).self) {
                try await LoopbackClient.http(port, "GET", "/__health")
            }
        }
    }

    @Test("An error of the body comes through") func bodyFails() async throws {
        struct Mishap: Error {}
        let mail = MailStandIn()
        await #expect(throws: Mishap.self) {
            try await withStandIns([mail]) { throw Mishap() }
        }
    }

    @Test("A port that is taken is said so, with its number") func portTaken() async throws {
        let first = MailStandIn()
        try await withStandIns([first]) {
            let port = try await first.port
            let others: [any StandIn] = [
                MailStandIn(port: port), try ReceiverStandIn(port: port),
                CloudStandIn(
                    tasks: try GeneratedTasks(calls: 0, records: 0, seed: 1).tasks, port: port),
            ]
            for other in others {
                let error = await #expect(throws: StandInError.self) {
                    try await withStandIns([other]) {}
                }
                #expect(
                    error?.message.hasPrefix("cannot listen on 127.0.0.1:\(port): ") ?? false)
            }
        }
    }

    @Test("Idle connections do not keep a stand-in from stopping") func idleConnections()
        async throws
    {
        let cloud = CloudStandIn(
            tasks: try GeneratedTasks(calls: 0, records: 0, seed: 1).tasks)
        let mail = MailStandIn()
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await withStandIns([cloud, mail]) {
                let ports = [try await cloud.port, try await mail.port]
                for port in ports {
                    group.addTask { _ = try await LoopbackClient.silent(port) }
                }
                while mail.connectionCount < 1 { try await Task.sleep(for: .milliseconds(10)) }
                try await Task.sleep(for: .milliseconds(100))
            }
            // They end because the servers closed them.
            while await group.nextResult() != nil {}
        }
    }

    @Test("Connections that come while a stand-in stops are closed, and nothing breaks")
    func crowdAtTheEnd() async throws {
        for _ in 0..<50 {
            let (receiver, mail) = (try ReceiverStandIn(), MailStandIn())
            let crowd = try await withStandIns([receiver, mail]) {
                let ports = [try await receiver.port, try await mail.port]
                return ports.flatMap { port in
                    (0..<32).compactMap { _ in PlainConnection(port: port) }
                }
            }
            #expect(!crowd.isEmpty)
        }
    }

    @Test("Waiting for a port ends when the one who waits is cancelled") func waitingEnds()
        async throws
    {
        let bound = BoundPort()
        let waiting = Task { try await bound.value }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        bound.settle(.success(7))
        bound.settle(.success(8))
        let value = try await bound.value
        #expect(value == 7)
    }

    @Test("A mail over a connection is kept, and the newest stay") func mailOverConnection()
        async throws
    {
        var options = MailOptions()
        options.keep = 2
        options.username = "tocsin"
        options.password = "pass"
        let sink = MailStandIn(options: options)
        try await withStandIns([sink]) {
            var pieces = ["EHLO test\r\n", "AUTH PLAIN AHRvY3NpbgBwYXNz\r\n"]
            for number in 1...3 {
                pieces += [
                    "MAIL FROM:<a@example.com>\r\n", "RCPT TO:<b@example.com>\r\n", "DATA\r\n",
                    "Subject: \(number)\r\n\r\n..x\r\n.\r\n",
                ]
            }
            let replies = try await LoopbackClient.dialogue(
                try await sink.port, pieces + ["QUIT\r\n"])
            #expect(replies.first?.hasPrefix("220 ") ?? false)
            #expect(replies.count == 17 - 1)
            #expect(replies.last == "221 2.0.0 Bye\r\n")
        }
        #expect(sink.mails.map(\.subject) == ["2", "3"])
        #expect(sink.mails.map(\.user) == ["tocsin", "tocsin"])
        #expect(sink.mailCount == 3)
        #expect(sink.refusalCount == 0)
    }

    @Test("A body over the limit is answered with 413, and the server lives on")
    func largeBody() async throws {
        let receiver = try ReceiverStandIn()
        try await withStandIns([receiver]) {
            let port = try await receiver.port
            let body = Array(repeating: UInt8(ascii: "a"), count: LoopbackServer.bodyLimit + 1)
            let reply = try await LoopbackClient.http(port, "POST", "/webhook/x", body: body)
            #expect(reply.status == 413)
            let health = try await LoopbackClient.http(port, "GET", "/__health")
            #expect(health.status == 200)
        }
    }
}
