import Foundation
import Pipeline
import Testing

@testable import StandIns

@Suite("Signatures of the clouds") struct CloudSignatureTests {
    @Test("The published worked example of ACS3 comes out") func workedExample() {
        let empty = Digest.sha256([])
        let headers = [
            ("host", "contactcenterai.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "GetTaskResult"), ("x-acs-content-sha256", empty),
            ("x-acs-date", "2024-09-05T08:30:00Z"),
            ("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
            ("x-acs-version", "2024-06-03"),
        ]
        let result = CloudSignatures.acs3(
            secret: "testAccessKeySecret", method: "GET", path: "/ccai/app/getTaskResult",
            query: FormPair.decode(
                Array("taskId=20240905-11111111-93E9-5D45-B4EF-045743A34071".utf8)),
            signedHeaders: headers.map { ($0.0, [$0.1]) }, payloadHash: empty)
        #expect(
            result.signature
                == "b9a00d2aab5354695ce55babd3c0776cdb27fa6578a28d71570ad54c9ca604c7")
    }

    @Test("The published DescribeRegions example of the RPC signature comes out")
    func legacyExample() {
        let query =
            "Timestamp=2016-02-23T12%3A46%3A24Z&Format=XML&AccessKeyId=testid"
            + "&Action=DescribeRegions&SignatureMethod=HMAC-SHA1"
            + "&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Version=2014-05-26"
            + "&SignatureVersion=1.0"
        let result = CloudSignatures.legacyRPC(
            secret: "testsecret", method: "GET", parameters: FormPair.decode(Array(query.utf8)))
        #expect(
            result.stringToSign.hasPrefix("GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribe"))
        #expect(result.signature == "OLeaidS1JvxuMvnyHOwuJ+uX5qY=")
    }

    private static let captures = "aliyun/captured_requests.json"

    @Test(
        "Every request that the official clients sent is admitted, and no altered one",
        .enabled(
            if: GoldenData.isThere(captures), "the captured requests are not beside the repository")
    )
    func capturedRequests() throws {
        let file = try GoldenData.read(Self.captures)
        var admitted = 0
        for entry in try #require(file["requests"]?.list) {
            let name = entry["case"]?.text ?? ""
            let inputs = try #require(entry["inputs"])
            let isBearer = inputs["accessKeyId"]?.text == nil
            // The oldest of the three signatures, for paths, is not taken here.
            let isOldROA = name.hasPrefix("gtr.v2") || name == "gtr.core.roa"
            if isBearer || isOldROA { continue }
            let admission = Admission(credentials: [
                CloudCredentials(
                    accessKeyID: inputs["accessKeyId"]?.text ?? "",
                    accessKeySecret: inputs["accessKeySecret"]?.text ?? "",
                    securityToken: inputs["securityToken"]?.text)
            ])
            let request = try request(entry)
            let call = try? admission.verify(request)
            #expect(call != nil, "\(name)")
            #expect(
                call?.parameters.first("taskId") == entry.query("taskId"), "\(name)")
            let altered = LoopbackRequest(
                method: request.method == "GET" ? "POST" : "GET",
                target: entry.target, headers: request.headers, body: request.body)
            #expect(throws: CloudRefusal.self, "\(name)") { try admission.verify(altered) }
            admitted += 1
        }
        #expect(admitted >= 50)
    }

    private func request(_ entry: JSONValue) throws -> LoopbackRequest {
        let raw = try #require(Data(base64Encoded: entry["raw_base64"]?.text ?? ""))
        let blank = try #require(raw.range(of: Data("\r\n\r\n".utf8)))
        var headers: [String: [String]] = [:]
        for header in try #require(entry["headers"]?.list) {
            let pair = try #require(header.list)
            headers[pair[0].text?.lowercased() ?? "", default: []].append(pair[1].text ?? "")
        }
        return LoopbackRequest(
            method: entry["method"]?.text ?? "", target: entry.target, headers: headers,
            body: Array(raw[blank.upperBound...]))
    }
}

extension JSONValue {
    fileprivate var target: String {
        let line = self["request_line"]?.text ?? ""
        return line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    }

    fileprivate func query(_ name: String) -> String? {
        self["query"]?.list?.first { $0.list?.first?.text == name }?.list?.last?.text
    }
}

@Suite("Who is let in") struct AdmissionTests {
    /// What is done to a good request, and the reason it is refused for.
    struct Row: CustomTestStringConvertible, Sendable {
        let reason: String
        let code: String
        let change: @Sendable (inout ACS3Request) -> Void

        var testDescription: String { reason }
    }

    static let rows: [Row] = [
        Row(reason: "unsigned", code: "IncompleteSignature") { $0.headers["authorization"] = nil },
        Row(reason: "format", code: "IncompleteSignature") {
            $0.headers["authorization"] = "ACS3-HMAC-SHA256 Credential=testAccessKeyId"
        },
        Row(reason: "missing x-acs-date", code: "Missingx-acs-date") {
            $0.headers["x-acs-date"] = nil
        },
        Row(reason: "unsignedHeader", code: "IncompleteSignature") {
            $0.headers["x-acs-retry-attempts"] = "1"
        },
        Row(reason: "bodyHash", code: "SignatureDoesNotMatch") { $0.body = [1] },
        Row(reason: "accessKey", code: "InvalidAccessKeyId.NotFound") {
            $0.credentials.accessKeyID = "somebody"
            $0.signAgain()
        },
        Row(reason: "token", code: "InvalidSecurityToken.MismatchWithAccessKey") {
            $0.headers["x-acs-security-token"] = "t"
            $0.signAgain()
        },
        Row(reason: "signature", code: "SignatureDoesNotMatch") {
            $0.credentials.accessKeySecret = "another"
            $0.signAgain()
        },
        Row(reason: "signature", code: "SignatureDoesNotMatch") { $0.query[0].1 = "t-2" },
        Row(reason: "signature", code: "SignatureDoesNotMatch") {
            $0.headers["host"] = "example.com"
        },
        Row(reason: "dateFormat", code: "InvalidTimeStamp.Format") {
            $0.headers["x-acs-date"] = "2026-11-21T04:00:00.000Z"
            $0.signAgain()
        },
        Row(reason: "skew", code: "InvalidTimeStamp.Expired") {
            $0.headers["x-acs-date"] = (noon - .seconds(901)).rfc3339
            $0.signAgain()
        },
        Row(reason: "skew", code: "InvalidTimeStamp.Expired") {
            $0.headers["x-acs-date"] = (noon + .seconds(901)).rfc3339
            $0.signAgain()
        },
    ]

    @Test("A request is refused for what is wrong with it", arguments: rows)
    func refusals(row: Row) throws {
        let cloud = try cloud()
        var request = ACS3Request(task: "t-1", nonce: "n-1")
        row.change(&request)
        let answer = cloud.answer(request.request)
        #expect(answer.json["Code"]?.text == row.code)
        #expect(cloud.statistics["reject"]?[row.reason]?.integer == 1)
    }

    @Test("The good request that the others are made of is let in, also 15 minutes off")
    func good() throws {
        let cloud = try cloud()
        for (number, moment) in [noon, noon - .seconds(900), noon + .seconds(900)].enumerated() {
            let request = ACS3Request(task: "t-1", at: moment, nonce: "n-\(number)")
            #expect(cloud.answer(request.request).status == 200)
        }
    }

    @Test("A nonce is good once, in either scheme") func replays() throws {
        let cloud = try cloud()
        let question: JSONValue = ["taskId": "q-1", "appKey": "app-1"]
        #expect(cloud.answer(ACS3Request(task: "t-1", nonce: "n").request).status == 200)
        let again = cloud.answer(legacyRequest(question: question, nonce: "n"))
        #expect(again.json["Code"]?.text == "SignatureNonceUsed")
        #expect(cloud.statistics["replays"]?.integer == 1)
        #expect(cloud.statistics["uniqueNonces"]?.integer == 1)
    }

    @Test(
        "The RPC signature is refused for what is wrong with it",
        arguments: [
            ("AccessKeyId", "somebody", "accessKey"), ("SignatureMethod", "HMAC-MD5", "method"),
            ("SignatureNonce", "", "missing SignatureNonce"),
            ("Timestamp", "yesterday", "dateFormat"),
            ("SecurityToken", "t", "token"),
        ])
    func legacyRefusals(name: String, value: String, reason: String) throws {
        let cloud = try cloud()
        let request = legacyRequest(
            question: ["taskId": "q-1"], nonce: "n", changing: [name: value])
        #expect(cloud.answer(request).status >= 400)
        #expect(cloud.statistics["reject"]?[reason]?.integer == 1)
    }

    @Test("A temporary key must bring its token") func temporaryKey() throws {
        let key = CloudCredentials(
            accessKeyID: "STS.1", accessKeySecret: "s", securityToken: "t/+==")
        let cloud = try cloud(credentials: [key])
        var request = ACS3Request(task: "t-1", nonce: "n")
        request.credentials = key
        request.signAgain()
        #expect(cloud.answer(request.request).json["Code"]?.text == "MissingSecurityToken")
        request.headers["x-acs-security-token"] = "t/+=="
        request.signAgain()
        #expect(cloud.answer(request.request).status == 200)
    }

    private func cloud(credentials: [CloudCredentials] = [.test]) throws -> CloudStandIn {
        let file = #"""
            {"ccai": [{"taskId": "t-1", "data": {"taskStatus": "FINISH"}}],
             "qc": [{"taskId": "q-1", "appKey": "app-1", "items": []}]}
            """#
        return CloudStandIn(
            tasks: try TaskFile.parse(Array(file.utf8)), credentials: credentials,
            now: { noon })
    }
}
