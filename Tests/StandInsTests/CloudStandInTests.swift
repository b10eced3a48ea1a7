import Pipeline
import Testing

@testable import StandIns

@Suite("The stand-in for the clouds") struct CloudStandInTests {
    static let file = #"""
        {"ccai": [{"taskId": "t-1\n", "queuePolls": 2, "runPolls": 1,
                   "data": {"taskId": "t-1\n", "taskStatus": "FINISH", "text": "好",
                            "asrResult": [{"begin": 80, "words": "Hello"}]}},
                  {"taskId": "t-2", "queuePolls": 0, "runPolls": 0,
                   "data": {"taskStatus": "ERROR", "taskErrorMessage": "异常"}}],
         "qc": [{"taskId": "q-1", "appKey": "app-1", "items": [
                   {"tid": "a", "steps": [1, 0, 2],
                    "final": {"statusCode": 3, "statusMsg": "质检完成",
                              "asrResult": {"asrstatus": "SUCCEED",
                                            "clientEvStat": {"cavgEmotionValue": 5.18},
                                            "sentenceResults": [{"text": "喂"}]}}},
                   {"tid": "b", "steps": [1, 1, 9], "final": {"statusCode": -1}}]}]}
        """#

    private func cloud(faults: Faults = .none) throws -> CloudStandIn {
        CloudStandIn(
            tasks: try TaskFile.parse(Array(Self.file.utf8)), faults: faults, now: { noon })
    }

    @Test("A call walks from QUEUE over RUNNING to its end, one step a poll") func callWalk() throws
    {
        let cloud = try cloud()
        let statuses = (0..<5).map { poll in
            let request = ACS3Request(task: "t-1", nonce: "n-\(poll)").request
            return cloud.answer(request).json["data"]?["taskStatus"]?.text
        }
        #expect(statuses == ["QUEUE", "QUEUE", "RUNNING", "FINISH", "FINISH"])
        #expect(cloud.statistics["terminalTold"]?.integer == 1)
        #expect(cloud.statistics["pollsAfterTerminal"]?.integer == 1)
    }

    @Test("The transcript comes when it is asked for, and the reply is the file's to the letter")
    func transcript() throws {
        let cloud = try cloud()
        for poll in 0..<3 { _ = cloud.answer(ACS3Request(task: "t-1", nonce: "p\(poll)").request) }
        let with = cloud.answer(ACS3Request(task: "t-1", nonce: "a").request).json
        let data = #"{"taskId":"t-1\n","taskStatus":"FINISH","text":"好","#
        #expect(
            with["data"]?.spelling == data + #""asrResult":[{"begin":80,"words":"Hello"}]}"#)
        #expect(with["success"] == "True")
        let without = cloud.answer(ACS3Request(task: "t-1", fields: nil, nonce: "b").request).json
        #expect(without["data"]?["asrResult"] == nil)
        #expect(without["data"]?["text"] == "好")
    }

    @Test("Records go their ways one by one, and a failed one skips the transcript")
    func recordWalk() throws {
        let cloud = try cloud()
        let question: JSONValue = ["taskId": "q-1", "appKey": "app-1"]
        let codes = (0..<5).map { poll in
            let request = ACS3Request(question: question, nonce: "n-\(poll)").request
            let data = cloud.answer(request).json["Data"]?["TaskAsrResult"]?.list ?? []
            return data.map { $0["StatusCode"]?.integer }
        }
        #expect(codes == [[0, 0], [2, 1], [2, -1], [3, -1], [3, -1]])
        #expect(cloud.statistics["terminalTold"]?.integer == 1)
        #expect(cloud.statistics["pollsAfterTerminal"]?.integer == 1)
    }

    @Test("One record can be asked for alone") func oneRecord() throws {
        let cloud = try cloud()
        let question: JSONValue = ["taskId": "q-1", "appKey": "app-1", "tid": "b"]
        let reply = cloud.answer(ACS3Request(question: question, nonce: "n").request).json
        #expect(reply["Data"]?["TaskAsrResult"]?.list?.map { $0["Tid"] } == ["b"])
        #expect(reply["Count"] == 2)
    }

    @Test(
        "Names and wrappers are those of the version",
        arguments: [
            (
                "2019-01-15",
                #"{"TaskAsrResult":[{"Tid":"a","StatusCode":3,"StatusMsg":"质检完成","#
                    + #""AsrResult":{"Asrstatus":"SUCCEED","#
                    + #""ClientEvStat":{"CavgEmotionValue":5.18},"#
                    + #""SentenceResults":{"SentenceResult":[{"Text":"喂"}]}}}]}"#
            ),
            (
                "2016-08-01",
                #"{"TaskAsrResult":[{"tid":"a","statusCode":3,"statusMsg":"质检完成","#
                    + #""asrResult":{"asrstatus":"SUCCEED","#
                    + #""clientEvStat":{"cavgEmotionValue":5.18},"#
                    + #""sentenceResults":{"SentenceResult":[{"text":"喂"}]}}}]}"#
            ),
        ])
    func shapes(version: String, expected: String) throws {
        let cloud = try cloud()
        let question: JSONValue = ["taskId": "q-1", "appKey": "app-1", "tid": "a"]
        var reply = JSONValue.null
        for poll in 0..<4 {
            let request = ACS3Request(
                question: question, version: version, asForm: poll % 2 == 0, nonce: "n\(poll)")
            reply = cloud.answer(request.request).json
        }
        #expect((reply["Data"] ?? reply["data"])?.spelling == expected)
        #expect((reply["Code"] ?? reply["code"]) == "200")
    }

    @Test("Both schemes and both methods are taken") func schemes() throws {
        let cloud = try cloud()
        let question: JSONValue = ["taskId": "q-1", "appKey": "app-1"]
        let requests = [
            legacyRequest(question: question, nonce: "1"),
            legacyRequest(question: question, method: "POST", nonce: "2"),
            ACS3Request(question: question, nonce: "3").request,
        ]
        #expect(requests.map { cloud.answer($0).status } == [200, 200, 200])
        #expect(cloud.statistics["scheme"]?["RPC HMAC-SHA1"] == 2)
        #expect(cloud.statistics["scheme"]?["ACS3-HMAC-SHA256"] == 1)
    }

    @Test("What nobody knows is answered as documented") func unknown() throws {
        let cloud = try cloud()
        func code(_ request: ACS3Request) -> String? {
            cloud.answer(request.request).json["Code"]?.text
        }
        #expect(code(ACS3Request(task: "t-9", nonce: "1")) == "CCAI.InvalidParam.NotExist")
        #expect(code(ACS3Request(task: " ", nonce: "2")) == "CCAI.ParamNotfound.MissParam")
        #expect(
            code(ACS3Request(task: "t-1", fields: "all", nonce: "3"))
                == "CCAI.ParamInvalid.IllegalParamValue")
        let stranger: JSONValue = ["taskId": "q-1", "appKey": "app-2"]
        #expect(code(ACS3Request(question: stranger, nonce: "4")) == "AccessDenied")
        #expect(
            code(ACS3Request(question: stranger, version: "2020-01-01", nonce: "5"))
                == "InvalidVersion")
        #expect(code(ACS3Request(question: "text", nonce: "6")) == "InvalidJsonStr")
        let nothing = ACS3Request(question: ["taskId": "q-9", "appKey": "app-1"], nonce: "7")
        let reply = cloud.answer(nothing.request)
        #expect(reply.status == 200)
        #expect(reply.json["Data"]?["TaskAsrResult"] == [])
        #expect(reply.json["Count"] == 0)
        var other = ACS3Request(task: "t-1", nonce: "8")
        other.path = "/ccai/app/other"
        other.signAgain()
        #expect(code(other) == "InvalidApi.NotFound")
    }

    @Test("Faults come as often as asked for, and move no task")
    func faults() throws {
        var faults = Faults(seed: 7, throttled: 1, retryAfterMilliseconds: 250)
        let throttled = try cloud(faults: faults)
        let answer = throttled.answer(ACS3Request(task: "t-1", nonce: "1").request)
        #expect(answer.json["Code"] == "CCAI.Throttling.Qps")
        #expect(answer.headers.contains { $0 == ("x-acs-retry-after", "250") })
        #expect(throttled.statistics["state"] == .object([]))
        let question: JSONValue = ["taskId": "q-1", "appKey": "app-1"]
        let older = throttled.answer(ACS3Request(question: question, nonce: "2").request)
        #expect(older.json["Code"] == "Throttling.User")
        faults = Faults(seed: 7, failed: 0.5)
        let failing = try cloud(faults: faults)
        let statuses = (0..<200).map {
            failing.answer(ACS3Request(task: "t-1", nonce: "\($0)").request).status
        }
        #expect((60...140).contains(statuses.count { $0 == 500 }))
        let again = try cloud(faults: faults)
        #expect(
            statuses
                == (0..<200).map {
                    again.answer(ACS3Request(task: "t-1", nonce: "\($0)").request).status
                })
    }

    @Test("Over a connection: pages, signed requests, resets and cuts", .timeLimit(.minutes(1)))
    func overConnections() async throws {
        let sound = CloudStandIn(tasks: try TaskFile.parse(Array(Self.file.utf8)))
        let resetting = CloudStandIn(
            tasks: try TaskFile.parse(Array(Self.file.utf8)), faults: Faults(reset: 1))
        let cutting = CloudStandIn(
            tasks: try TaskFile.parse(Array(Self.file.utf8)), faults: Faults(cut: 1))
        try await withStandIns([sound, resetting, cutting]) {
            let thisSecond = Timestamp(milliseconds: Timestamp.current.milliseconds / 1000 * 1000)
            func send(_ cloud: CloudStandIn) async throws -> LoopbackClient.Reply {
                var request = ACS3Request(task: "t-2", at: thisSecond, nonce: "once")
                request.headers["host"] = "127.0.0.1:\(try await cloud.port)"
                request.signAgain()
                return try await LoopbackClient.http(
                    cloud.port, request.method, request.target,
                    headers: request.headers.map { ($0.key, $0.value) })
            }
            let reply = try await send(sound)
            #expect(reply.status == 200)
            #expect(reply.body.contains(#""taskErrorMessage":"异常""#))
            #expect(reply.headers.lowercased().contains("x-acs-request-id: "))
            await #expect(throws: (any Error).self) { try await send(resetting) }
            let cut = try await send(cutting)
            #expect(cut.status == 200)
            #expect(cut.headers.lowercased().contains("content-length: \(reply.body.utf8.count)"))
            #expect(cut.body.utf8.count == reply.body.utf8.count / 2)
            let health = try await LoopbackClient.http(sound.port, "GET", "/__health")
            #expect(health.body == #"{"ok":true}"#)
            let tasks = try await LoopbackClient.http(sound.port, "GET", "/__tasks")
            #expect(tasks.body.contains(#""taskId":"t-2","final":"ERROR","queuePolls":0"#))
            let lines = try await LoopbackClient.http(sound.port, "GET", "/__tasks.ndjson")
            #expect(
                lines.body == #"{"source":"calls","taskId":"t-1"}"# + "\n"
                    + #"{"source":"calls","taskId":"t-2"}"# + "\n"
                    + #"{"source":"records","taskId":"q-1"}"# + "\n")
        }
    }
}
