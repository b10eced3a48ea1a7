import Clouds
import Networking
import Pipeline
import Testing

/// What a read sends, and what it does about each kind of answer.
@Suite struct ClientTests {
    private let now = Timestamp(milliseconds: 1_725_525_000_123)
    private let task = TaskRecord(
        id: TaskID(source: "calls", id: "20240905-a b"), submittedAt: Timestamp(milliseconds: 0),
        acceptedAt: Timestamp(milliseconds: 0), dueAt: nil)
    private static let queued = HTTPResponse(
        status: 200,
        body: Array(
            #"{"success":"True","data":{"taskStatus":"QUEUE","taskId":"20240905-a b\n"}}"#.utf8))

    private func cloud(
        _ transport: ScriptedTransport, endpoint: String = "http://127.0.0.1:8443"
    ) throws -> AliyunCCAI {
        AliyunCCAI(
            try AliyunCCAI.Settings(endpoint: endpoint), credentials: AlwaysCredentials(),
            transport: transport)
    }

    private func failure(
        _ status: Int, _ code: String, headers: [HTTPHeader] = [], message: String = "m"
    ) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: headers,
            body: Array(#"{"Code":"\#(code)","Message":"\#(message)","RequestId":"R-1"}"#.utf8))
    }

    private func error(of transport: ScriptedTransport) async throws -> CloudError {
        let cloud = try cloud(transport)
        return try await #require(throws: CloudError.self) { try await cloud.read(task, at: now) }
    }

    @Test func oneReadIsOneSignedRequestForTheTranscript() async throws {
        let transport = ScriptedTransport([Self.queued])
        let reply = try await cloud(transport).read(task, at: now)
        #expect(reply.status == .queue)
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(request.method == .get)
        #expect(
            request.url == "http://127.0.0.1:8443/ccai/app/getTaskResult"
                + "?requiredFieldList=asr_result&taskId=20240905-a%20b")
        let fields = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(fields["Host"] == "127.0.0.1:8443")
        #expect(fields["x-acs-date"] == "2024-09-05T08:30:00Z")
        #expect(fields["x-acs-security-token"] == "token+/0==")
        #expect(fields["Authorization"]?.hasPrefix("ACS3-HMAC-SHA256 Credential=ak,") == true)
        #expect(request.responseLimit == CloudCall.replyLimit)
        #expect(request.body.isEmpty)
    }

    @Test func everySignedHeaderIsSentAndVerifies() async throws {
        let transport = ScriptedTransport([Self.queued])
        _ = try await cloud(transport).read(task, at: now)
        let request = try #require(transport.requests.first)
        let authorization = try #require(request.headers.first { $0.isNamed("Authorization") })
        let sent = request.headers.filter { !$0.isNamed("Authorization") }
        let signature = ACS3Signature(
            method: "GET", path: "/ccai/app/getTaskResult",
            query: [
                QueryItem("taskId", "20240905-a b"), QueryItem("requiredFieldList", "asr_result"),
            ],
            headers: sent, payloadHash: ACS3Signature.payloadHash(of: []),
            accessKeySecret: "verysecret")
        #expect(authorization.value == signature.authorization(accessKeyID: "ak"))
    }

    @Test func theRequestForRecordsFollowsItsSettings() async throws {
        let answer = HTTPResponse(status: 200, body: Array(#"{"Code":"200","Success":true}"#.utf8))
        let transport = ScriptedTransport([answer], repeating: true)
        let rpc = AliyunQualitycheck(
            try AliyunQualitycheck.Settings(
                endpoint: "https://host:443", appKey: "app\"1", version: "2016-08-01",
                method: "GET", signature: "rpc"),
            credentials: AlwaysCredentials(), transport: transport)
        var task = task
        task.tid = "t-1"
        #expect(try await rpc.read(task, at: now).status == .queue)
        let request = try #require(transport.requests.first)
        #expect(request.method == .get)
        #expect(
            request.url.hasPrefix(
                "https://host/?AccessKeyId=ak&Action=GetAudioDataStatus&Format=JSON"))
        let json = PercentEncoding.encode(
            #"{"appKey":"app\"1","taskId":"20240905-a b","tid":"t-1"}"#)
        #expect(request.url.contains("&JsonStr=\(json)&SecurityToken=token%2B%2F0%3D%3D&"))
        #expect(
            request.url.contains(
                "&Timestamp=2024-09-05T08%3A30%3A00Z&Version=2016-08-01&Signature="))
        #expect(!request.headers.contains { $0.name.lowercased().hasPrefix("x-acs-") })

        let v3 = AliyunQualitycheck(
            try AliyunQualitycheck.Settings(appKey: "app-1"), credentials: AlwaysCredentials(),
            transport: transport)
        _ = try await v3.read(task, at: now)
        let second = try #require(transport.requests.last)
        #expect(second.method == .post && second.body.isEmpty)
        #expect(second.url.hasPrefix("https://qualitycheck.cn-hangzhou.aliyuncs.com/?JsonStr="))
        #expect(!second.url.contains("&"))
    }

    @Test func aUsedNonceIsSignedAnewOnceWithAnother() async throws {
        let used = failure(400, "SignatureNonceUsed")
        let mended = ScriptedTransport([used, Self.queued])
        #expect(try await cloud(mended).read(task, at: now).status == .queue)
        let nonces = mended.requests.compactMap { request in
            request.headers.first { $0.isNamed("x-acs-signature-nonce") }?.value
        }
        #expect(Set(nonces).count == 2)
        let stubborn = ScriptedTransport([used], repeating: true)
        guard case .unavailable = try await error(of: stubborn) else {
            Issue.record("not unavailable")
            return
        }
        #expect(stubborn.requests.count == 2)
    }

    @Test func anExpiredTokenIsRenewedOnce() async throws {
        let expired = failure(400, "InvalidSecurityToken.Expired")
        let mended = ScriptedTransport([expired, Self.queued])
        #expect(try await cloud(mended).read(task, at: now).status == .queue)
        let tokens = mended.requests.compactMap { request in
            request.headers.first { $0.isNamed("x-acs-security-token") }?.value
        }
        #expect(tokens == ["token+/0==", "token+/1=="])
        let stubborn = ScriptedTransport([expired], repeating: true)
        guard case .refusedSource = try await error(of: stubborn) else {
            Issue.record("not refused")
            return
        }
        #expect(stubborn.requests.count == 2)
    }

    @Test func nothingElseIsSentTwice() async throws {
        for (status, code) in [
            (500, "CCAI.InternalError"), (400, "CCAI.Throttling.Qps"), (403, "Forbidden.RAM"),
        ] {
            let transport = ScriptedTransport([failure(status, code)], repeating: true)
            _ = try await error(of: transport)
            #expect(transport.requests.count == 1, "\(code)")
        }
    }

    @Test func throttlingTellsTheWishAndTheKindOfLimit() async throws {
        let hint = [HTTPHeader("x-acs-retry-after", "1500")]
        let hinted = try await error(
            of: ScriptedTransport([failure(400, "ccai.throttling.qpm", headers: hint)]))
        guard case .throttled(.milliseconds(1500), true, _) = hinted else {
            Issue.record("\(hinted)")
            return
        }
        let bare = try await error(of: ScriptedTransport([failure(429, "Ccai.Throttling.Qps")]))
        guard case .throttled(nil, false, _) = bare else {
            Issue.record("\(bare)")
            return
        }
    }

    @Test func aWrongClockSaysByHowMuch() async throws {
        var answer = failure(400, "InvalidTimeStamp.Expired")
        answer.serverTime = now.milliseconds / 1000 + 3660
        guard case .refusedSource(let reason) = try await error(of: ScriptedTransport([answer]))
        else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("61 min behind the cloud's"))
    }

    @Test func noErrorShowsASecretThatTheCloudRepeats() async throws {
        let message = "verysecret token+/0== \(PercentEncoding.encode("token+/0=="))"
        guard
            case .refusedSource(let reason) = try await error(
                of: ScriptedTransport([failure(400, "SignatureDoesNotMatch", message: message)]))
        else {
            Issue.record("not refused")
            return
        }
        #expect(!reason.contains("secret") && !reason.contains("token"))
        #expect(reason.contains("R-1") && reason.contains("HTTP 400"))
    }

    @Test func aReplyAboutAnotherTaskIsABadReply() async throws {
        let other = HTTPResponse(
            status: 200, body: Array(#"{"data":{"taskStatus":"FINISH","taskId":"other"}}"#.utf8))
        guard case .unavailable(let reason) = try await error(of: ScriptedTransport([other])) else {
            Issue.record("not unavailable")
            return
        }
        #expect(reason.contains("another task"))
    }

    @Test func aReplyAboutAnotherRecordIsABadReply() async throws {
        let body = #"{"Code":"200","Data":{"TaskAsrResult":[{"Tid":"t-2","StatusCode":3}]}}"#
        let transport = ScriptedTransport(
            [HTTPResponse(status: 200, body: Array(body.utf8))], repeating: true)
        let cloud = AliyunQualitycheck(
            try AliyunQualitycheck.Settings(appKey: "a"), credentials: AlwaysCredentials(),
            transport: transport)
        var one = task
        one.tid = "t-1"
        await #expect(throws: CloudError.self) { try await cloud.read(one, at: now) }
        #expect(try await cloud.read(task, at: now).status == .finish)
    }

    @Test func aLongMessageIsCutAndTheRequestStillNamed() async throws {
        let message = String(repeating: "喂", count: 5000)
        guard
            case .unavailable(let reason) = try await error(
                of: ScriptedTransport([failure(500, "X", message: message)]))
        else {
            Issue.record("not unavailable")
            return
        }
        #expect(reason.count < 500)
        #expect(reason.hasSuffix("(HTTP 500, request R-1)"))
    }

    @Test func whatTheTransportSaysIsUnavailable() async throws {
        let transport = ScriptedTransport(
            failing: TransportError(.responseTooLarge, message: "the answer is too large"))
        #expect(try await error(of: transport) == .unavailable(reason: "the answer is too large"))
    }

    @Test func aMissingTaskTellsThatASourceWorks() async throws {
        let works = try await cloud(
            ScriptedTransport([failure(400, "CCAI.InvalidParam.NotExist")])
        ).probe(at: now)
        guard case .works = works else {
            Issue.record("\(works)")
            return
        }
        let fails = try await cloud(
            ScriptedTransport([failure(404, "InvalidAccessKeyId.NotFound")])
        ).probe(at: now)
        #expect(fails.explanation.contains("InvalidAccessKeyId.NotFound"))
        guard case .fails(.refusedSource) = fails else {
            Issue.record("\(fails)")
            return
        }
    }
}
