import ArgumentParser
import CEL
import Clouds
import JSON
import Networking
import Pipeline

/// `reply`: one reply from its bytes to its alerts, part by part.
struct ReplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reply", abstract: "Times one reply of 40 KB from its bytes to its alerts.")

    @Option(help: "Run this line alone, untimed: for a profiler.")
    var only: String?
    @Option(help: "How often to run it.")
    var times = 1000

    func run() throws {
        let path = try ReplyPath()
        let reply = try path.decoded()
        // Each step holds those before it but for `facts`, which starts from the decoded reply.
        let steps: [(name: String, without: String?, body: () throws -> Void)] = [
            ("parse", nil, { consume(try JSON.parse(path.bytes)) }),
            ("decode", "parse", { consume(try path.decoded()) }),
            ("facts", nil, { consume(path.judged(reply, path.noRules)) }),
            ("rules", "facts", { consume(path.judged(reply, path.conditions)) }),
            ("alerts", "rules", { consume(path.judged(reply, path.rules)) }),
            ("whole", nil, { consume(path.judged(try path.decoded(), path.rules)) }),
        ]
        if let only {
            guard let step = steps.first(where: { $0.name == only }) else {
                throw ValidationError("no line is called \(only)")
            }
            for _ in 0..<times { try step.body() }
            return
        }
        let sentences = reply.conversations[0].sentences.count
        let alerts = path.judged(reply, path.rules)
        print("\(path.bytes.count) bytes, \(sentences) sentences, 100 rules, \(alerts) alerts")
        var known: [String: Double] = [:]
        for step in steps {
            let spent = try Stopwatch.processor(step.body).least
            known[step.name] = spent
            let own = spent - (step.without.flatMap { known[$0] } ?? 0)
            let tenths = Int((own / 100).rounded())
            let padding = String(repeating: " ", count: 10 - step.name.count)
            print("\(step.name)\(padding)\(tenths / 10).\(tenths % 10) us")
        }
    }
}

/// The product's own way from a reply to its alerts.
private struct ReplyPath {
    let bytes: [UInt8]
    let rules: RuleSet
    /// The same without evidence and messages.
    let conditions: RuleSet
    /// One rule that never fires: what is left is the making of the facts.
    let noRules: RuleSet
    private let cloud: AliyunCCAI
    private let task: TaskRecord
    private let now = Pipeline.Timestamp(milliseconds: 1_791_439_500_000)

    init() throws {
        bytes = ReplyFile.bytes(of: Dialogue(seed: 9_100, sentences: 200, clauses: 2...4))
        rules = try Self.rules(ReplyRules.file(.evidence))
        conditions = try Self.rules(ReplyRules.file(.conditions))
        noRules = try Self.rules("rules:\n  - rule: never\n    when: \"false\"\n")
        cloud = AliyunCCAI(
            try AliyunCCAI.Settings(
                roles: try SpeakerRoles(agent: ["客服"], customer: ["客户"])),
            credentials: NoCredentials(), transport: NoTransport())
        task = TaskRecord(
            id: TaskID(source: "calls", id: ReplyFile.taskID), submittedAt: now, acceptedAt: now,
            labels: ["agent": "W2031", "queue": "报修"], dueAt: nil)
    }

    func decoded() throws -> TaskReply { try cloud.decode(bytes) }

    /// How many alerts a decoded reply gives.
    func judged(_ reply: TaskReply, _ rules: RuleSet) -> Int {
        reply.conversations.reduce(0) { count, conversation in
            count
                + Evaluation.judge(conversation, of: reply, task: task, rules: rules, at: now)
                .alerts.count
        }
    }

    private static func rules(_ text: String) throws -> RuleSet {
        let findings = Findings()
        let document = Document(name: "rules.yaml", text: text)
        guard let rules = RuleLoader.load([document], findings: findings) else {
            let first = findings.all.first?.rendered(in: .english) ?? ""
            throw InputError(reason: "the rules are not sound: \(first)")
        }
        return rules
    }
}

/// Nothing is sent: the reply is at hand.
private struct NoTransport: Transport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        throw TransportError(.stopped, message: "nothing is sent here")
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        throw TransportError(.stopped, message: "nothing is sent here")
    }
}

private struct NoCredentials: CredentialsProvider {
    func credentials(renewed: Bool) async throws(CredentialsError) -> Credentials {
        Credentials(accessKeyID: "", accessKeySecret: "")
    }
}
