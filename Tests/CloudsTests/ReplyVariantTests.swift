import CEL
import Clouds
import JSON
import Networking
import Pipeline
import Testing

/// Every golden reply, judged as its expectation says.
@Suite(.enabled(if: Golden.isThere("reply_variants"), "the golden data is not there"))
struct ReplyVariantTests {
    private let ccai: AliyunCCAI
    private let qualitycheck: AliyunQualitycheck
    private let now = Pipeline.Timestamp(milliseconds: 1_725_525_000_000)

    init() throws {
        let credentials = try FixedCredentials(accessKeyID: "ak", accessKeySecret: "secret")
        let transport = ScriptedTransport([])
        ccai = AliyunCCAI(try AliyunCCAI.Settings(), credentials: credentials, transport: transport)
        qualitycheck = AliyunQualitycheck(
            try AliyunQualitycheck.Settings(appKey: "app-1"), credentials: credentials,
            transport: transport)
    }

    @Test func everyReplyIsReadAsItsExpectationSays() async throws {
        var kinds: [String: Int] = [:]
        for row in try Golden.read("reply_variants")["replies"]?.elements.map({ $0 }) ?? [] {
            let expected = try #require(row["expect"])
            let kind = expected["kind"]?.string ?? ""
            kinds[kind, default: 0] += 1
            if kind == "result" {
                try await expectResult(row, expected)
            } else {
                try await expectFailure(row, expected, kind)
            }
        }
        #expect(kinds == ["result": 46, "apiFailure": 4, "httpError": 28, "badReply": 4])
    }

    private func response(_ row: Tape.Node) -> HTTPResponse {
        var response = HTTPResponse(
            status: Int(row["http_status"]?.int ?? 0),
            headers: [HTTPHeader("Content-Type", row["content_type"]?.string ?? "")],
            body: Array((row["body"]?.string ?? "").utf8))
        for (name, value) in row["headers"]?.members.map({ ($0.name, $0.value) }) ?? [] {
            let text = value.string ?? ""
            response.headers.append(HTTPHeader(name, text))
            // The transport reads this header itself.
            if name == "Retry-After" { response.retryAfter = Int64(text).map { .seconds($0) } }
        }
        return response
    }

    /// Reads through the whole client, and again from the stored bytes.
    private func read(_ row: Tape.Node, taskID: String) async throws(CloudError) -> TaskReply {
        let isQualitycheck = row["api"]?.string == "GetAudioDataStatus"
        let transport = ScriptedTransport([response(row)], repeating: true)
        let task = TaskRecord(
            id: TaskID(source: "calls", id: taskID), submittedAt: now, acceptedAt: now, dueAt: now)
        let fixed = AlwaysCredentials()
        let cloud: any Cloud
        do {
            cloud =
                isQualitycheck
                ? AliyunQualitycheck(
                    try AliyunQualitycheck.Settings(appKey: "app-1"), credentials: fixed,
                    transport: transport)
                : AliyunCCAI(try AliyunCCAI.Settings(), credentials: fixed, transport: transport)
        } catch {
            throw .unavailable(reason: "settings")
        }
        return try await cloud.read(task, at: now)
    }

    private func expectResult(_ row: Tape.Node, _ expected: Tape.Node) async throws {
        let id = row["id"]?.string ?? ""
        let taskID = expected["taskId"]?.string ?? "t"
        let reply = try await read(row, taskID: taskID)
        let again =
            row["api"]?.string == "GetTaskResult"
            ? try ccai.decode(reply.bytes) : try qualitycheck.decode(reply.bytes)
        #expect(again.status == reply.status, "\(id)")
        #expect(again.conversations.map(\.sentences) == reply.conversations.map(\.sentences))
        if let items = expected["items"] {
            #expect(reply.conversations.count == items.count, "\(id)")
            for (conversation, item) in zip(reply.conversations, items.elements) {
                expectRecord(id, conversation, item)
            }
            return
        }
        let conversation = try #require(reply.conversations.first)
        #expect(reply.status.isTerminal == expected["terminal"]?.bool, "\(id)")
        let state = expected["state"]?.string ?? ""
        #expect(reply.status == TaskStatus(rawValue: state) ?? .running, "\(id)")
        for (name, text) in [
            ("text", conversation.text), ("taskErrorMessage", conversation.errorMessage),
            ("ragStatus", conversation.ragStatus),
            ("ragErrorMessage", conversation.ragErrorMessage),
        ] {
            if let value = expected[name] { #expect(text == value.string ?? "", "\(id) \(name)") }
        }
        expectSentences(id, conversation, expected)
    }

    private func expectSentences(_ id: String, _ conversation: Conversation, _ expected: Tape.Node)
    {
        if let count = expected["sentences"]?.int {
            #expect(conversation.sentences.count == Int(count), "\(id)")
        }
        if let loudest = expected["maxEmotion"] {
            #expect(conversation.sentences.compactMap(\.emotionValue).max() == loudest.int, "\(id)")
        }
        guard let names = expected["roleNames"] else { return }
        #expect(conversation.sentences.count == names.count, "\(id)")
        for (sentence, name) in zip(conversation.sentences, names.elements) {
            // A name that the sentence lacks comes from `extra`.
            let text = name.string ?? ""
            if text.isEmpty { continue }
            #expect(sentence.roleName == text, "\(id)")
        }
    }

    private func expectRecord(_ id: String, _ conversation: Conversation, _ item: Tape.Node) {
        #expect(conversation.tid == item["tid"]?.string, "\(id)")
        #expect(conversation.status.isTerminal == item["terminal"]?.bool, "\(id)")
        let statuses: [Int64: TaskStatus] = [
            0: .queue, 1: .running, 2: .running, 3: .finish, -1: .error,
        ]
        #expect(conversation.status == item["statusCode"]?.int.flatMap { statuses[$0] }, "\(id)")
        expectSentences(id, conversation, item)
        for (name, block, member) in [
            ("clientMaxEmotion", "clientEvStat", "cmaxEmotionValue"),
            ("clientAvgEmotion", "clientEvStat", "cavgEmotionValue"),
            ("serviceAvgSpeechRate", "serviceSrStat", "savgSpeechRate"),
        ] {
            if let value = item[name] {
                #expect(conversation.statistics[block]?[member] == value.double, "\(id) \(name)")
            }
        }
        if let count = item["interactiveCount"] {
            #expect(conversation.interactiveCount == count.int, "\(id)")
        }
        if let message = item["errorMessage"]?.string {
            #expect(conversation.errorMessage.contains(message), "\(id)")
            #expect(
                conversation.errorMessage.contains(item["asrStatusCode"]?.string ?? ""), "\(id)")
        }
    }

    private func expectFailure(_ row: Tape.Node, _ expected: Tape.Node, _ kind: String) async throws
    {
        let id = row["id"]?.string ?? ""
        let answer = response(row)
        let failure = try #require(throws: ReplyFailure.self, "\(id)") {
            let body = try ReplyBody(bytes: answer.body, httpStatus: answer.status)
            #expect(Bool(false), "\(id) \(body.bytes.count)")
        }.completed(from: answer, at: now)
        #expect(failure.code == expected["code"]?.string, "\(id)")
        if let request = expected["requestId"]?.string {
            #expect(failure.requestID == request, "\(id)")
        }
        let classes: [String: ErrorClass] = [
            "throttle": .throttled, "transient": .unavailable, "later": .later, "resign": .resign,
            "refreshCredentials": .renewCredentials, "auth": .refusedAccess, "clock": .clock,
            "permanent": failure.code == "InvalidApi.NotFound" ? .refusedEndpoint : .refusedTask,
        ]
        let name = expected["class"]?.string ?? expected["retry"]?.string ?? "transient"
        #expect(failure.errorClass == classes[name], "\(id)")
        #expect(failure.wait == expected["waitMs"]?.int.map { .milliseconds($0) }, "\(id)")
        if failure.errorClass == .later {
            let reply = try await read(row, taskID: "t")
            #expect(reply.status == .queue && reply.conversations.isEmpty, "\(id)")
        } else {
            await #expect(throws: CloudError.self, "\(id)") { try await read(row, taskID: "t") }
        }
    }
}
