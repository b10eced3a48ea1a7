import CEL
import Clouds
import Pipeline
import Testing

/// The decoding that rules depend on, without the golden data.
@Suite struct DecodingTests {
    private let ccai: AliyunCCAI

    init() throws {
        let roles = try SpeakerRoles(agent: ["客服", "坐席"], customer: ["客户"])
        ccai = AliyunCCAI(
            try AliyunCCAI.Settings(roles: roles), credentials: AlwaysCredentials(),
            transport: ScriptedTransport([]))
    }

    private func qualitycheck(agentChannel: Int64?) throws -> AliyunQualitycheck {
        AliyunQualitycheck(
            try AliyunQualitycheck.Settings(appKey: "a", agentChannel: agentChannel),
            credentials: AlwaysCredentials(), transport: ScriptedTransport([]))
    }

    private func conversation(_ data: String) throws -> Conversation {
        let reply = try ccai.decode(Array("{\"success\":\"True\",\"data\":{\(data)}}".utf8))
        return try #require(reply.conversations.first)
    }

    @Test func aFinishedTaskWithAnErrorTextHasFinished() throws {
        let conversation = try conversation(
            #""taskStatus":"finish","taskErrorMessage":"异常","ragErrorMessage":"x""#)
        #expect(conversation.status == .finish)
        #expect(conversation.errorMessage == "异常")
    }

    @Test(arguments: ["RUNNING", "SUSPENDED", "DONE"])
    func anUnknownStateGoesOn(state: String) throws {
        #expect(try conversation("\"taskStatus\":\"\(state)\"").status == .running)
    }

    @Test func speakersComeFromRoleNamesAndNamesFromTheRoleConfig() throws {
        let sentences = try conversation(
            """
            "taskStatus":"FINISH","asrResult":[{"role":"0","words":"a"},{"role":1,"words":"b"},
            {"role":"7","words":"c"},{"role":"0","roleName":"坐席","words":"d"},null,
            {"roleName":"经理","words":"e","begin":"x","end":null}],
            "extra":"{\\"roleConfig\\":{\\"role1Name\\":\\"客户\\",\\"role2Name\\":\\"客服\\"}}"
            """
        ).sentences
        #expect(sentences.map(\.speaker) == [.customer, .agent, .other, .agent, .other])
        #expect(sentences.map(\.roleName) == ["客户", "客服", "", "坐席", "经理"])
        #expect(sentences.map(\.words) == ["a", "b", "c", "d", "e"])
    }

    @Test func numbersAreReadFromTextsAndFractions() throws {
        let sentence = try #require(
            try conversation(
                """
                "taskStatus":"FINISH","asrResult":[{"begin":"80","end":8480.6,"emotionValue":"9.0",
                "speechRate":null,"role":0,"words":5}]
                """
            ).sentences.first)
        #expect(
            sentence
                == Sentence(
                    begin: 80, end: 8481, speaker: .other, role: "0", words: "5", emotionValue: 9))
    }

    @Test func numbersBeyondAllTimeCountAsAbsent() throws {
        let sentence = try #require(
            try conversation(
                """
                "taskStatus":"FINISH","asrResult":[{"begin":9223372036854775807,
                "end":-9223372036854775808,"emotionValue":1e300,"speechRate":"nan"}]
                """
            ).sentences.first)
        #expect(sentence == Sentence(begin: 0, end: 0, speaker: .other, words: ""))
    }

    @Test func extraMayBeAnythingAtAll() throws {
        #expect(try conversation(#""taskStatus":"FINISH","extra":"""#).extra == nil)
        #expect(
            try conversation(#""taskStatus":"FINISH","extra":"{broken""#).extra?.root.value
                == "{broken")
        #expect(
            try conversation(#""taskStatus":"FINISH","extra":{"a":1}"#).extra?.root.value
                == ["a": 1])
    }

    @Test func usageIsATapeOfItsOwn() throws {
        let usage = try conversation(#""taskStatus":"FINISH","usage":{"rag":{"x":{"n":520}}}"#)
            .usage
        #expect(usage?.root.value == ["rag": ["x": ["n": 520]]])
    }

    @Test(arguments: [
        "", "[1]", "{}", "{\"data\":{}}", "{\"data\":null,\"success\":\"True\"}", "<html>",
        "{\"data\":{\"taskStatus\":\"FIN",
    ])
    func whatIsNoReplyIsUnavailable(body: String) {
        let error = #expect(throws: CloudError.self) { try ccai.decode(Array(body.utf8)) }
        guard case .unavailable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private static let records = """
        {"Code":200,"Success":"true","Data":{"TaskAsrResult":[
        {"Tid":" t1\\n","StatusCode":"3","AsrResult":{"Asrstatus":"SUCCEED","InteractiveCount":"42",
        "SentenceResults":{"SentenceResult":[
        {"BeginTime":0,"EndTime":925,"ChannelId":0,"Text":"喂","EmotionValue":6,"SilenceDuration":10},
        {"BeginTime":450,"EndTime":6805,"ChannelId":"1","Text":"您好"},{"Text":"?"}]},
        "ClientEvStat":{"CavgEmotionValue":"5.18","CmaxEmotionValue":6,"Crole":1}}},
        {"tid":"t2","statusCode":-1,"statusMsg":"错误","asrReslut":{"asrStatus":"FAILED",
        "asrStatusCode":422,"errorMessage":"请求内容有误"}},
        {"tid":"t3","statusCode":9}]}}
        """

    @Test func aTaskOfRecordsIsReadInAnyCaseAndWrapping() throws {
        let reply = try qualitycheck(agentChannel: 1).decode(Array(Self.records.utf8))
        #expect(reply.status == .running)
        #expect(reply.conversations.map(\.tid) == ["t1", "t2", "t3"])
        #expect(reply.conversations.map(\.status) == [.finish, .error, .running])
        let first = reply.conversations[0]
        #expect(first.sentences.map(\.speaker) == [.customer, .agent, .other])
        #expect(first.sentences.map(\.role) == ["0", "1", ""])
        #expect(first.interactiveCount == 42)
        #expect(
            first.statistics == ["clientEvStat": ["cavgEmotionValue": 5.18, "cmaxEmotionValue": 6]])
        #expect(reply.conversations[1].errorMessage == "422 请求内容有误")
    }

    @Test func noDamageToAReplyIsMoreThanAnError() throws {
        let cloud = try qualitycheck(agentChannel: 0)
        let sound = Array(Self.records.utf8)
        let marks = Array("{}[],:\"\\019-e.tn".utf8) + [0, 0xFF]
        var state: UInt64 = 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var decoded = 0
        var refused = 0
        for _ in 0..<20_000 {
            var damaged = sound
            for _ in 0...next(3) { damaged[next(damaged.count)] = marks[next(marks.count)] }
            if next(8) == 0 { damaged.removeLast(next(damaged.count)) }
            _ = try? ccai.decode(damaged)
            do throws(CloudError) {
                decoded += try cloud.decode(damaged).conversations.count
            } catch {
                guard case .unavailable = error else { continue }
                refused += 1
            }
        }
        #expect(decoded > 1000 && refused > 1000)
    }

    @Test func withoutAnAgentChannelNobodyIsGuessed() throws {
        let reply = try qualitycheck(agentChannel: nil).decode(Array(Self.records.utf8))
        #expect(reply.conversations[0].sentences.allSatisfy { $0.speaker == .other })
    }

    @Test(
        arguments: [
            ("[]", TaskStatus.queue), ("null", .queue), ("{}", .queue),
            ("[{\"statusCode\":0}]", .queue),
            ("[{\"statusCode\":3},{\"statusCode\":1}]", .running),
            ("[{\"statusCode\":3},{\"statusCode\":0}]", .running),
            ("[{\"statusCode\":3},{\"statusCode\":-1}]", .finish),
            ("[{\"statusCode\":-1},{\"statusCode\":\"-1\"}]", .error),
        ] as [(String, TaskStatus)])
    func aTaskEndsWhenAllItsRecordsHave(data: String, expected: TaskStatus) throws {
        let body = "{\"code\":\"200\",\"success\":true,\"data\":\(data)}"
        #expect(try qualitycheck(agentChannel: nil).decode(Array(body.utf8)).status == expected)
    }
}
