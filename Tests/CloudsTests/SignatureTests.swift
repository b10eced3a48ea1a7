import CEL
import Clouds
import Networking
import Testing

@Suite struct SignatureTests {
    /// A request of the documents' worked example.
    private static let headers = [
        HTTPHeader("host", "contactcenterai.cn-shanghai.aliyuncs.com"),
        HTTPHeader("x-acs-action", "GetTaskResult"),
        HTTPHeader(
            "x-acs-content-sha256",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        HTTPHeader("x-acs-date", "2024-09-05T08:30:00Z"),
        HTTPHeader("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
        HTTPHeader("x-acs-version", "2024-06-03"),
    ]

    @Test func theWorkedExampleOfTheThirdVersionIsReproduced() {
        let signature = ACS3Signature(
            method: "GET", path: "/ccai/app/getTaskResult",
            query: [QueryItem("taskId", "20240905-11111111-93E9-5D45-B4EF-045743A34071")],
            headers: Self.headers, payloadHash: ACS3Signature.payloadHash(of: []),
            accessKeySecret: "testAccessKeySecret")
        #expect(
            signature.stringToSign.hasSuffix(
                "931e09839249cbbeed7d122090cb8933acab18317c63eec019229a7c20cc5ae8"))
        #expect(
            signature.signature
                == "b9a00d2aab5354695ce55babd3c0776cdb27fa6578a28d71570ad54c9ca604c7")
    }

    @Test func everyReservedByteIsEncodedAndNoOtherIs() {
        #expect(PercentEncoding.encode("aZ09-_.~") == "aZ09-_.~")
        #expect(PercentEncoding.encode(" +*/!'()喂%") == "%20%2B%2A%2F%21%27%28%29%E5%96%82%25")
    }

    @Test func anAbsentParameterIsLeftOutAndAnEmptyOneIsKept() {
        let query = [QueryItem("b", ""), QueryItem("c", nil), QueryItem("a", "1")]
        #expect(ACS3Signature.canonicalQuery(query) == "a=1&b=")
    }

    @Test func oneOtherByteAnywhereChangesTheSignature() {
        func signature(method: String = "GET", path: String = "/a", secret: String = "s") -> String
        {
            ACS3Signature(
                method: method, path: path, query: [QueryItem("k", "v")], headers: Self.headers,
                payloadHash: ACS3Signature.payloadHash(of: []), accessKeySecret: secret
            ).signature
        }
        let all = Set([
            signature(), signature(method: "POST"), signature(path: "/b"), signature(secret: "t"),
        ])
        #expect(all.count == 4)
    }

    @Test func noncesAreThirtyTwoHexadecimalDigitsAndDiffer() {
        let nonces = (0..<100).map { _ in Nonce.system() }
        #expect(Set(nonces).count == 100)
        #expect(nonces.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test(.enabled(if: Golden.isThere("signature_vectors"), "the golden data is not there"))
    func everyVectorOfTheThirdVersionIsReproduced() throws {
        var count = 0
        for vector in try Golden.read("signature_vectors")["vectors"]?.elements.map({ $0 }) ?? []
        where vector["scheme"]?.string == ACS3Signature.algorithm {
            count += 1
            let id = vector["id"]?.string ?? ""
            let input = try #require(vector["input"])
            let expected = try #require(vector["expected"])
            let hash = ACS3Signature.payloadHash(of: body(of: input))
            let headers = (input["headers"]?.elements.map { $0 } ?? []).compactMap { pair in
                pair[1]?.string.map { HTTPHeader(pair[0]?.string ?? "", $0) }
            }
            let query = items(of: input)
            let signature = ACS3Signature(
                method: input["method"]?.string ?? "", path: input["path"]?.string ?? "",
                query: query, headers: headers, payloadHash: hash,
                accessKeySecret: input["accessKeySecret"]?.string ?? "")
            let keyID = input["accessKeyId"]?.string ?? ""
            let found = [
                "canonicalQuery": ACS3Signature.canonicalQuery(query),
                "canonicalHeaders": ACS3Signature.canonicalHeaderText(headers),
                "signedHeaders": signature.signedHeaders, "hashedPayload": hash,
                "canonicalRequest": signature.canonicalRequest,
                "stringToSign": signature.stringToSign, "signature": signature.signature,
                "authorization": signature.authorization(accessKeyID: keyID),
            ]
            for (name, text) in found {
                #expect(text == expected[name]?.string, "\(id) \(name)")
            }
        }
        #expect(count == 46)
    }

    @Test(.enabled(if: Golden.isThere("signature_vectors"), "the golden data is not there"))
    func everyVectorOfTheLegacyRPCSignatureIsReproduced() throws {
        var count = 0
        for vector in try Golden.read("signature_vectors")["vectors"]?.elements.map({ $0 }) ?? []
        where vector["scheme"]?.string == "HMAC-SHA1" {
            count += 1
            let id = vector["id"]?.string ?? ""
            let input = try #require(vector["input"])
            let expected = try #require(vector["expected"])
            let signature = RPCSignature(
                method: input["method"]?.string ?? "",
                parameters: items(of: input) + [QueryItem("Signature", "not signed")],
                accessKeySecret: input["accessKeySecret"]?.string ?? "")
            #expect(signature.canonicalQuery == expected["canonicalQuery"]?.string, "\(id)")
            #expect(signature.stringToSign == expected["stringToSign"]?.string, "\(id)")
            #expect(signature.signature == expected["signature"]?.string, "\(id)")
        }
        #expect(count == 16)
    }

    private func items(of input: Tape.Node) -> [QueryItem] {
        (input["query"]?.elements.map { $0 } ?? []).map { pair in
            QueryItem(pair[0]?.string ?? "", pair[1]?.string)
        }
    }

    private func body(of input: Tape.Node) -> [UInt8] {
        guard let unit = input["body_repeat"]?["unit_utf8"]?.string else {
            return Array((input["body_utf8"]?.string ?? "").utf8)
        }
        let times = Int(input["body_repeat"]?["times"]?.int ?? 0)
        return Array(String(repeating: unit, count: times).utf8)
    }
}
