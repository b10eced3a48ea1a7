import Crypto
import Foundation
import Pipeline

/// A receiver of Standard Webhooks: an id, a time, and a signature over both and the body.
struct WebhookReceiver: Sendable {
    /// How far `webhook-timestamp` may be from now, either way.
    static let tolerance = Duration.seconds(5 * 60)
    /// The most characters of `webhook-id`.
    static let idLimit = 256

    /// Nil when signatures are not looked at.
    private let key: SymmetricKey?

    /// Throws when the secret is not `whsec_` and the base64 of 24 to 64 bytes.
    init(secret: String?) throws(StandInError) {
        guard let secret else {
            key = nil
            return
        }
        let prefix = "whsec_"
        let text = secret.hasPrefix(prefix) ? String(secret.dropFirst(prefix.count)) : secret
        guard let bytes = Data(base64Encoded: text), (24...64).contains(bytes.count) else {
            throw StandInError(
                "the webhook secret must be whsec_ and the base64 of 24 to 64 bytes")
        }
        key = SymmetricKey(data: bytes)
    }

    func judge(_ request: LoopbackRequest, at now: Timestamp) -> Judgement {
        let id = request.header("webhook-id") ?? ""
        guard request.method == "POST" else { return refuse(405, "method", id) }
        guard ["application/json", "application/cloudevents+json"].contains(request.mediaType)
        else { return refuse(415, "content-type", id) }
        guard !id.isEmpty, id.count <= Self.idLimit, id.utf8.allSatisfy(Self.isIDByte) else {
            return refuse(400, "webhook-id", "")
        }
        if let key {
            guard let text = request.header("webhook-timestamp"), let seconds = Int64(text),
                text == String(seconds)
            else { return refuse(400, "webhook-timestamp", id) }
            let (milliseconds, isOver) = seconds.multipliedReportingOverflow(by: 1000)
            let sentAt = Timestamp(milliseconds: isOver ? .max : milliseconds)
            guard (sentAt < now ? now - sentAt : sentAt - now) <= Self.tolerance else {
                return refuse(401, "webhook-timestamp too far", id)
            }
            let content = Data("\(id).\(text).".utf8) + Data(request.body)
            let signatures = (request.header("webhook-signature") ?? "").split(separator: " ")
            let isGood = signatures.contains { signature in
                guard signature.hasPrefix("v1,"),
                    let code = Data(base64Encoded: String(signature.dropFirst(3)))
                else { return false }
                return HMAC<SHA256>.isValidAuthenticationCode(
                    code, authenticating: content, using: key)
            }
            guard isGood else { return refuse(401, "webhook-signature", id) }
        }
        guard let body = try? JSONReader.read(request.body), body.members != nil else {
            return refuse(400, "body", id)
        }
        return Judgement(service: .webhook, id: id, answer: .json(["received": true]))
    }

    private func refuse(_ status: Int, _ reason: String, _ id: String) -> Judgement {
        Judgement(
            service: .webhook, id: id, refusal: reason,
            answer: .json(["error": .text(reason)], status: status))
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
