import Foundation
import Pipeline

/// Bots and accounts with a token: Telegram, Matrix and ntfy.
extension ServiceDesk {
    static let telegram = ServiceDesk(
        service: .telegram, owns: { $0.hasPrefix("/bot") && $0.hasSuffix("/sendMessage") },
        key: { request, _ in String(request.pieces.first?.dropFirst(3) ?? "") },
        check: { body throws(Complaint) in
            guard body["chat_id"]?.integer != nil || body["chat_id"]?.text?.hasPrefix("@") == true
            else { throw Complaint(.message, "Bad Request: chat not found") }
            guard let text = body["text"]?.text else {
                throw Complaint(.message, "Bad Request: message text is empty")
            }
            let seen =
                switch body["parse_mode"]?.text {
                case "HTML": try seenText(text)
                // An escape is not seen.
                case "MarkdownV2": text.replacing(/\\(?<sign>[!-\/:-@\[-`{-~])/) { $0.output.sign }
                default: text
                }
            guard !seen.unicodeScalars.trimmingWhitespace.isEmpty else {
                throw Complaint(.message, "Bad Request: message text is empty")
            }
            guard seen.utf16.count <= 4096 else {
                throw Complaint(.message, "Bad Request: message is too long")
            }
            if let reply = body["reply_parameters"] {
                guard let number = reply["message_id"]?.integer, number > 0 else {
                    throw Complaint(.message, "Bad Request: invalid message identifier")
                }
            }
        },
        name: { _, body in String(messageNumber(body)) },
        answered: { body in
            let reply = body["reply_parameters"]
            if reply?["allow_sending_without_reply"] == .bool(true) { return nil }
            return reply?["message_id"]?.integer.map(String.init)
        },
        taken: { _, body in
            .json(["ok": true, "result": ["message_id": .integer(messageNumber(body))]])
        },
        refused: { complaint in
            switch complaint.kind {
            case .key: telegram(401, "Unauthorized")
            case .size: telegram(413, "Request Entity Too Large")
            case .message: telegram(400, complaint.reason)
            case .reference: telegram(400, "Bad Request: message to be replied not found")
            default: telegram(400, "Bad Request: \(complaint.reason)")
            }
        },
        throttled: { seconds in
            let seconds = max(1, seconds)
            return .json(
                [
                    "ok": false, "error_code": 429,
                    "description": "Too Many Requests: retry after \(seconds)",
                    "parameters": ["retry_after": .integer(seconds)],
                ], status: 429
            ).retryingAfter(seconds)
        },
        failed: telegram(500, "Internal Server Error"))

    /// The same for the same message: its digest's first digits.
    private static func messageNumber(_ body: JSONValue) -> Int {
        let text = body["text"]?.text ?? ""
        return 1 + (Int(Digest.sha256(Array(text.utf8)).prefix(8), radix: 16) ?? 0)
    }

    private static func telegram(_ code: Int, _ text: String) -> LoopbackAnswer {
        .json(
            ["ok": false, "error_code": .integer(code), "description": .text(text)], status: code)
    }

    private static let tags: Set = [
        "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre",
        "blockquote",
    ]

    /// What is seen of a text in HTML; throws when a tag is not known or not closed.
    private static func seenText(_ text: String) throws(Complaint) -> String {
        let fault = Complaint(.message, "Bad Request: can't parse entities: unsupported tag")
        var seen = ""
        var open: [Substring] = []
        var rest = Substring(text)
        while let sign = rest.firstIndex(of: "<") {
            seen += rest[..<sign]
            guard let end = rest[sign...].firstIndex(of: ">") else { throw fault }
            let tag = rest[rest.index(after: sign)..<end]
            let isClosing = tag.hasPrefix("/")
            let name = (isClosing ? tag.dropFirst() : tag).prefix { $0 != " " }
            guard tags.contains(String(name)) else { throw fault }
            if isClosing {
                guard open.popLast() == name else { throw fault }
            } else {
                open.append(name)
            }
            rest = rest[rest.index(after: end)...]
        }
        seen += rest
        guard open.isEmpty else { throw fault }
        for (entity, sign) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&"),
        ] { seen = seen.replacing(entity, with: sign) }
        return seen
    }

    /// The same transaction again is the same event.
    static let matrix = ServiceDesk(
        service: .matrix, method: "PUT", owns: { $0.hasPrefix("/_matrix/client/v3/rooms/") },
        key: { request, _ in request.authorization },
        check: { body throws(Complaint) in
            guard body.bytes.count <= 64_000 else { throw Complaint(.size, "size") }
            try body.needChoice("msgtype", ["m.text", "m.notice"])
            try body.needText("body")
            _ = try body.needObject("m.mentions")
            if body["formatted_body"] != nil {
                try body.needChoice("format", ["org.matrix.custom.html"])
            }
            if let relation = body["m.relates_to"] {
                try relation.needChoice("rel_type", ["m.thread", "m.replace"])
                try relation.needText("event_id")
            }
        },
        identity: { request, _ in request.pieces.last ?? "" },
        name: { request, _ in eventID(request) },
        answered: { body in body["m.relates_to"]?["event_id"]?.text },
        taken: { request, _ in .json(["event_id": .text(eventID(request))]) },
        refused: { complaint in
            switch complaint.kind {
            case .key: matrix("M_UNKNOWN_TOKEN", status: 401)
            case .size: matrix("M_TOO_LARGE", status: 413)
            case .json: matrix("M_NOT_JSON", status: 400)
            case .reference: matrix("M_UNKNOWN", status: 400)
            default: matrix("M_BAD_JSON", status: 400)
            }
        },
        throttled: { seconds in
            .json(
                [
                    "errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests",
                    "retry_after_ms": .integer(max(1, seconds) * 1000),
                ], status: 429
            ).retryingAfter(seconds)
        },
        failed: matrix("M_UNKNOWN", status: 500))

    private static func eventID(_ request: LoopbackRequest) -> String {
        "$\(Digest.sha256(Array(request.path.utf8)).prefix(43))"
    }

    private static func matrix(_ code: String, status: Int) -> LoopbackAnswer {
        .json(["errcode": .text(code), "error": "no"], status: status)
    }

    /// A message over its limit would become a file.
    static let ntfy = ServiceDesk(
        service: .ntfy, owns: { $0 == "/" || $0.hasSuffix("/ntfy") || $0.hasSuffix("/ntfy/") },
        key: { request, body in
            request.authorization.isEmpty ? body["topic"]?.text ?? "" : request.authorization
        },
        check: { body throws(Complaint) in
            guard body.bytes.count <= 8192 else { throw Complaint(.size, "size") }
            let topic = try body.needText("topic")
            guard topic.wholeMatch(of: /[-_A-Za-z0-9]{1,64}/) != nil else {
                throw Complaint(.message, "topic")
            }
            try body.needText("message", upTo: 4096, .bytes)
            if let priority = body["priority"], !(1...5).contains(priority.integer ?? 0) {
                throw Complaint(.message, "priority")
            }
            if let tags = body["tags"], tags.list?.allSatisfy({ $0.text != nil }) != true {
                throw Complaint(.message, "tags")
            }
        },
        taken: { _, body in
            .json(["id": "sPs71M8A2T", "event": "message", "topic": body["topic"] ?? "", "time": 1])
        },
        refused: { complaint in
            switch complaint.kind {
            case .key: ntfy(40101, "unauthorized")
            case .size: ntfy(41303, "JSON body too large")
            case .message where complaint.reason == "topic": ntfy(40009, "invalid topic")
            case .message where complaint.reason == "priority": ntfy(40007, "invalid priority")
            default: ntfy(40024, "invalid: \(complaint.reason)")
            }
        },
        throttled: { ntfy(42901, "limit reached: too many requests").retryingAfter($0) },
        failed: ntfy(50001, "internal server error"))

    private static func ntfy(_ code: Int, _ text: String) -> LoopbackAnswer {
        .json(
            ["code": .integer(code), "http": .integer(code / 100), "error": .text(text)],
            status: code / 100)
    }
}
