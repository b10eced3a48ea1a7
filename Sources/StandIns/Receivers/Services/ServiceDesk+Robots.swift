import Crypto
import Foundation
import Pipeline

/// Robots that answer HTTP 200 with a code of their own: Feishu and WeCom.
extension ServiceDesk {
    /// How far a signature's time may be from now, either way.
    private static let tolerance = Duration.seconds(3600)

    static let feishu = ServiceDesk(
        service: .feishu, owns: { $0.hasPrefix("/open-apis/bot/v2/hook/") }, sizeLimit: 20 * 1024,
        key: { request, _ in request.pieces.count == 5 ? request.pieces[4] : "" },
        check: { body throws(Complaint) in
            switch body["msg_type"]?.text {
            case "text": try body.needObject("content").needText("text")
            case "post": _ = try body.needObject("content").needObject("post")
            case "interactive":
                let card = try body.needObject("card")
                if let header = card["header"] {
                    try header.needObject("title").needText("content")
                    if header["template"] != nil { try header.needChoice("template", colors) }
                }
                let place = card["schema"]?.text == "2.0" ? try card.needObject("body") : card
                for element in try place.needList("elements", upTo: 200) {
                    try element.needText("tag")
                }
            default: throw Complaint(.message, "msg_type is none of its values")
            }
        },
        taken: { _, _ in .json(["code": 0, "data": [:], "msg": "success"]) },
        refused: { complaint in
            switch complaint.kind {
            case .key: feishu(19001, "param invalid: incoming webhook access token invalid")
            case .signature: feishu(19021, "sign match fail or timestamp is not within one hour")
            case .keyword: feishu(19024, "Key Words Not Found")
            case .json, .size: feishu(9499, "Bad Request", status: 400)
            case .method, .message, .reference: feishu(19002, "params error, \(complaint.reason)")
            }
        },
        throttled: { _ in feishu(11232, "frequency limited psm[lark.oapi.app_platform_runtime]") },
        failed: feishu(2200, "internal error"))

    private static let colors: Set = [
        "blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet",
        "purple", "indigo", "grey", "default",
    ]

    private static func feishu(_ code: Int, _ text: String, status: Int = 200) -> LoopbackAnswer {
        .json(["code": .integer(code), "data": [:], "msg": .text(text)], status: status)
    }

    /// The time and the secret are the key, and nothing is signed with it.
    static func checkFeishuSignature(
        _ body: JSONValue, secret: String, at now: Timestamp
    ) throws(Complaint) {
        guard let text = body["timestamp"]?.text, text.utf8.count == 10, let seconds = Int64(text)
        else { throw Complaint(.signature, "timestamp") }
        let sentAt = Timestamp(milliseconds: seconds * 1000)
        let isGood = HMAC<SHA256>.isValidAuthenticationCode(
            Data(base64Encoded: body["sign"]?.text ?? "") ?? Data(), authenticating: Data(),
            using: SymmetricKey(data: Data("\(text)\n\(secret)".utf8)))
        guard (sentAt < now ? now - sentAt : sentAt - now) <= tolerance, isGood else {
            throw Complaint(.signature, "sign")
        }
    }

    static let weCom = ServiceDesk(
        service: .wecom, owns: { $0 == "/cgi-bin/webhook/send" },
        key: { request, _ in request.query.first("key") ?? "" },
        check: { body throws(Complaint) in
            switch body["msgtype"]?.text {
            case "text":
                let text = try body.needObject("text")
                try text.needText("content", upTo: 2048, .bytes)
                for name in ["mentioned_list", "mentioned_mobile_list"] {
                    if let list = text[name], list.list?.allSatisfy({ $0.text != nil }) != true {
                        throw Complaint(.message, "\(name) is no list of texts")
                    }
                }
            case "markdown": try body.needObject("markdown").needText("content", upTo: 4096, .bytes)
            default: throw Complaint(.message, "msgtype")
            }
        },
        taken: { _, _ in weCom(0, "ok") },
        refused: { complaint in
            switch complaint.kind {
            case .key: weCom(93000, "invalid webhook url")
            case .method: weCom(43002, "require POST method")
            case .message where complaint.reason == "msgtype": weCom(40008, "invalid message type")
            case .message where complaint.reason.hasSuffix("is missing"):
                weCom(44004, "empty content")
            default: weCom(40058, "exceed max length 4096: \(complaint.reason)")
            }
        },
        throttled: { _ in weCom(45009, "api freq out of limit") },
        failed: weCom(-1, "system busy"))

    private static func weCom(_ code: Int, _ text: String) -> LoopbackAnswer {
        .json([
            "errcode": .integer(code), "errmsg": .text("\(text), hint: [1], from ip: 127.0.0.1"),
        ])
    }
}
