import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct HubSignatureTests {
    @Test("The published example is signed as published")
    func published() {
        let signature = HubSignature.text(
            of: Array("Hello, World!".utf8), secret: Secret("It's a Secret to Everybody"))
        #expect(
            signature
                == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }

    @Test("Every signature vector", .enabled(if: Golden.isThere, "no golden data here"))
    func vectors() throws {
        let group = try #require(try GoldenReplies.object("signatures")["github"] as? [String: Any])
        let vectors = try #require(group["vectors"] as? [[String: Any]])
        #expect(vectors.count >= 3)
        for vector in vectors {
            let secret = try #require(vector["secret"] as? String)
            let body = try #require(vector["body_utf8"] as? String)
            let signature = HubSignature.text(of: Array(body.utf8), secret: Secret(secret))
            #expect(signature == vector["x_hub_signature_256"] as? String)
        }
    }

    @Test("The bytes that are sent are signed, under the same id at every attempt")
    func request() async throws {
        let settings = try WebhookChannel.Settings(
            url: "https://example.com/hook", secrets: [Secret("a plain secret")],
            signature: "hub-sha256")
        let channel = WebhookChannel(
            name: "h", settings: settings, context: Sample.chinese,
            transport: ReplayTransport([]))
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        for moment in [Sample.now, Sample.now + .seconds(60)] {
            let request = channel.request(for: Sample.delivery(message), at: moment)
            func header(_ name: String) -> String? {
                request.headers.first { $0.isNamed(name) }?.value
            }
            #expect(
                header(HubSignature.header)
                    == HubSignature.text(of: request.body, secret: Secret("a plain secret")))
            #expect(header("X-GitHub-Delivery") == "abc123-lq1-1")
            #expect(header("webhook-signature") == nil)
        }
    }

    @Test("Settings name what is wrong")
    func settings() {
        func failure(_ signature: String?, _ secrets: [String]) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try WebhookChannel.Settings(
                    url: "https://example.com/", secrets: secrets.map { Secret($0) },
                    signature: signature)
            }
        }
        #expect(failure(nil, []) == nil && failure("none", []) == nil)
        #expect(failure("hub-sha256", ["any text"]) == nil)
        #expect(failure("standard", [WebhookTests.secret, "AAECAwQFBgc="]) == nil)
        #expect(failure("standard", ["AAECAwQFBgc"]) == nil)
        #expect(failure("standard", ["not base64!"]) == "secret")
        #expect(failure("standard", ["A"]) == "secret")
        #expect(failure("hub-sha256", []) == "secret" && failure("hub-sha256", [""]) == "secret")
        #expect(failure("hub-sha256", ["a", "b"]) == "secret")
        #expect(failure("none", ["a"]) == "secret" && failure("md5", ["a"]) == "signature")
    }
}
