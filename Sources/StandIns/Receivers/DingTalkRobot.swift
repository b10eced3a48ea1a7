import Crypto
import Foundation
import Pipeline

/// A DingTalk group robot: judges a message as the real one does, and answers with its bodies.
///
/// Every answer has HTTP 200.
struct DingTalkRobot: Sendable {
    /// The most bytes of a body.
    static let bodyLimit = 20_000
    /// How far `timestamp` may be from now, either way.
    static let tolerance = Duration.seconds(3600)
    /// The most people that one message may mention.
    static let mentionLimit = 50

    /// Its `access_token`, secret and keyword.
    var rules = ReceiverOptions.Rules()

    private struct Complaint: Error {
        let code: Int
        let message: String
        let reason: String
    }

    func judge(_ request: LoopbackRequest, at now: Timestamp) -> Judgement {
        var id = ""
        do {
            try judgeEnvelope(request, at: now)
            let message = try content(of: request)
            id = message["msgUuid"]?.text ?? ""
            return Judgement(service: .dingtalk, id: id, answer: Self.answer(0, "ok"))
        } catch {
            return Judgement(
                service: .dingtalk, id: id, refusal: error.reason,
                answer: Self.answer(error.code, error.message))
        }
    }

    static func answer(_ code: Int, _ message: String) -> LoopbackAnswer {
        .json(["errcode": .integer(code), "errmsg": .text(message)])
    }

    private func judgeEnvelope(
        _ request: LoopbackRequest, at now: Timestamp
    ) throws(Complaint) {
        guard request.method == "POST" else {
            throw Complaint(code: 43002, message: "需要POST请求", reason: "method")
        }
        guard let sentToken = request.query.first("access_token"), !sentToken.isEmpty else {
            throw Complaint(code: 40035, message: "缺少参数 access_token", reason: "access_token")
        }
        if let key = rules.key, key != sentToken {
            throw Complaint(code: 300005, message: "token is not exist", reason: "access_token")
        }
        guard request.mediaType == "application/json" else {
            throw Complaint(
                code: 43004, message: "无效的HTTP HEADER Content-Type", reason: "content-type")
        }
        guard request.body.count <= Self.bodyLimit else {
            throw Complaint(
                code: 460101, message: "message too long, exceed 20000 bytes", reason: "size")
        }
        if let secret = rules.secret { try judgeSignature(request.query, secret: secret, at: now) }
    }

    private func judgeSignature(
        _ query: [FormPair], secret: String, at now: Timestamp
    ) throws(Complaint) {
        guard let text = query.first("timestamp"), text.utf8.count == 13,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text)
        else {
            throw Complaint(code: 310000, message: "invalid timestamp", reason: "timestamp")
        }
        let sentAt = Timestamp(milliseconds: number)
        guard (sentAt < now ? now - sentAt : sentAt - now) <= Self.tolerance else {
            throw Complaint(code: 310000, message: "invalid timestamp", reason: "timestamp")
        }
        let isGood = HMAC<SHA256>.isValidAuthenticationCode(
            Data(base64Encoded: query.first("sign") ?? "") ?? Data(),
            authenticating: Data("\(text)\n\(secret)".utf8),
            using: SymmetricKey(data: Data(secret.utf8)))
        guard isGood else {
            throw Complaint(
                code: 310000,
                message: "description:机器人发送签名不匹配;"
                    + "solution:请确认签名和生成签名的时间戳必须都放在调用的网址中;",
                reason: "sign")
        }
    }

    private func content(of request: LoopbackRequest) throws(Complaint) -> JSONValue {
        guard let message = try? JSONReader.read(request.body), message.members != nil else {
            throw Complaint(code: 40035, message: "缺少参数 json", reason: "json")
        }
        guard let type = message["msgtype"]?.text else {
            throw Complaint(code: 40035, message: "缺少参数 msgtype", reason: "msgtype")
        }
        guard let required = Self.requiredMembers[type] else {
            throw Complaint(code: 400105, message: "不支持的消息类型", reason: "msgtype")
        }
        guard let content = message[type], content.members != nil else {
            throw Self.missing(type)
        }
        for name in required where !Self.isText(content[name]) {
            throw Self.missing("\(type).\(name)")
        }
        if type == "actionCard" { try judgeButtons(content) }
        if type == "feedCard" {
            let needed = ["title", "messageURL", "picURL"]
            try judgeList(content["links"], of: needed, name: "feedCard.links")
        }
        try judgeMentions(message["at"])
        if let keyword = rules.keyword, !content.texts.contains(where: { $0.contains(keyword) }) {
            throw Complaint(
                code: 310000,
                message: "description:关键词不匹配;"
                    + "solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;",
                reason: "keyword")
        }
        return message
    }

    private static let requiredMembers = [
        "text": ["content"], "markdown": ["title", "text"],
        "link": ["title", "text", "messageUrl"], "actionCard": ["title", "text"],
        "feedCard": [],
    ]

    private func judgeButtons(_ card: JSONValue) throws(Complaint) {
        guard let buttons = card["btns"] else {
            for name in ["singleTitle", "singleURL"] where !Self.isText(card[name]) {
                throw Self.missing("actionCard.\(name)")
            }
            return
        }
        try judgeList(buttons, of: ["title", "actionURL"], name: "actionCard.btns")
    }

    private func judgeList(
        _ value: JSONValue?, of names: [String], name: String
    ) throws(Complaint) {
        guard let elements = value?.list, !elements.isEmpty,
            elements.allSatisfy({ element in names.allSatisfy { Self.isText(element[$0]) } })
        else { throw Self.missing(name) }
    }

    private func judgeMentions(_ value: JSONValue?) throws(Complaint) {
        guard let value else { return }
        let wrong = { (name: String) in
            Complaint(code: 40035, message: "不合法的参数 \(name)", reason: name)
        }
        guard value.members != nil else { throw wrong("at") }
        var count = 0
        for name in ["atMobiles", "atUserIds"] {
            guard let list = value[name] else { continue }
            guard let people = list.list, people.allSatisfy({ $0.text != nil }) else {
                throw wrong("at.\(name)")
            }
            count += people.count
        }
        guard count <= Self.mentionLimit else { throw wrong("at") }
        if let isAtAll = value["isAtAll"] {
            guard case .bool = isAtAll else { throw wrong("at.isAtAll") }
        }
    }

    private static func isText(_ value: JSONValue?) -> Bool {
        guard let text = value?.text else { return false }
        return !text.unicodeScalars.trimmingWhitespace.isEmpty
    }

    private static func missing(_ name: String) -> Complaint {
        Complaint(code: 40035, message: "缺少参数 \(name)", reason: name)
    }
}
