import Pipeline

/// Rooms of teams: Slack, Teams, Discord, Mattermost and Rocket.Chat.
extension ServiceDesk {
    static let slack = ServiceDesk(
        service: .slack, owns: { $0.hasPrefix("/services/") },
        key: { request, _ in request.pieces.count == 4 ? request.pieces[3] : "" },
        check: { body throws(Complaint) in
            if body["blocks"] == nil { try body.needText("text", upTo: 40_000) }
            guard body["blocks"] != nil else { return }
            var total = 0
            for block in try body.needList("blocks", upTo: 50) {
                switch block["type"]?.text {
                case "header":
                    let text = try block.needObject("text")
                    try text.needChoice("type", ["plain_text"])
                    try text.needText("text", upTo: 150)
                case "section":
                    if let text = block["text"] { try text.needText("text", upTo: 3000) }
                    if block["fields"] != nil {
                        for field in try block.needList("fields", upTo: 10) {
                            try field.needText("text", upTo: 2000)
                        }
                    }
                case "context": _ = try block.needList("elements", upTo: 10)
                case "actions": _ = try block.needList("elements", upTo: 25)
                case "divider": break
                default: throw Complaint(.message, "blocks")
                }
                total += block.texts.reduce(0) { $0 + $1.utf16.count }
            }
            // What users report; the documents do not say it.
            guard total <= 13_000 else { throw Complaint(.size, "msg_blocks_too_long") }
        },
        taken: { _, _ in .text("ok") },
        refused: { complaint in
            switch complaint.kind {
            case .key: .text("no_service", status: 404)
            case .json, .method: .text("invalid_payload", status: 400)
            case .size: .text("msg_blocks_too_long", status: 400)
            case .message where complaint.reason == "text is missing":
                .text("no_text", status: 400)
            default: .text("invalid_blocks", status: 400)
            }
        },
        throttled: { .text("rate_limited", status: 429).retryingAfter(max(1, $0)) },
        failed: .text("rollup_error", status: 500))

    /// A flow answers before it shows the card: what is wrong with one is never told.
    static let teams = ServiceDesk(
        service: .teams, owns: { $0.hasPrefix("/workflows/") },
        key: { request, _ in request.query.first("sig") ?? "" },
        check: { body throws(Complaint) in
            guard body.bytes.count <= 28 * 1024 else { throw Complaint(.message, "lost: too long") }
            try body.needChoice("type", ["message"])
            for attachment in try body.needList("attachments", upTo: 1) {
                try attachment.needChoice(
                    "contentType", ["application/vnd.microsoft.card.adaptive"])
                let card = try attachment.needObject("content")
                try card.needChoice("type", ["AdaptiveCard"])
                try card.needChoice("version", ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"])
                for element in try card.needList("body", upTo: 500) { try element.needText("type") }
                let texts = card.texts
                for entity in card["msteams"]?["entities"]?.list ?? [] {
                    let tag = try entity.needText("text")
                    try entity.needObject("mentioned").needText("id")
                    // Once in the card, once in the entity.
                    guard texts.count(where: { $0.contains(tag) }) > 1 else {
                        throw Complaint(.message, "lost: a mention without its text")
                    }
                }
            }
        },
        taken: { _, _ in .text("", status: 202) },
        refused: { complaint in
            switch complaint.kind {
            case .key: teams("DirectApiAuthorizationRequired", status: 401)
            case .json, .method: teams("InvalidRequestContent", status: 400)
            default: .text("", status: 202)
            }
        },
        throttled: { teams("WorkflowTriggerThrottled", status: 429).retryingAfter(max(1, $0)) },
        failed: teams("NoResponse", status: 502))

    private static func teams(_ code: String, status: Int) -> LoopbackAnswer {
        .json(["error": ["code": .text(code), "message": "see the run history"]], status: status)
    }

    static let discord = ServiceDesk(
        service: .discord, owns: { $0.hasPrefix("/api/") && $0.contains("/webhooks/") },
        key: { request, _ in request.pieces.last ?? "" },
        check: { body throws(Complaint) in
            let content = body["content"]?.text ?? ""
            guard !content.isEmpty || body["embeds"] != nil else {
                throw Complaint(.message, "empty")
            }
            guard content.unicodeScalars.count <= 2000 else { throw Complaint(.message, "content") }
            _ = try body.needObject("allowed_mentions")
            guard body["embeds"] != nil else { return }
            var total = 0
            for embed in try body.needList("embeds", upTo: 10) {
                for (name, limit) in [("title", 256), ("description", 4096)]
                where embed[name] != nil {
                    total += try embed.needText(name, upTo: limit).unicodeScalars.count
                }
                for field in (embed["fields"]?.list ?? []).isEmpty
                    ? [] : try embed.needList("fields", upTo: 25)
                {
                    total += try field.needText("name", upTo: 256).unicodeScalars.count
                    total += try field.needText("value", upTo: 1024).unicodeScalars.count
                }
                if let footer = embed["footer"] {
                    total += try footer.needText("text", upTo: 2048).unicodeScalars.count
                }
            }
            guard total <= 6000 else { throw Complaint(.message, "embeds together") }
        },
        taken: { request, _ in
            request.query.first("wait") == "true"
                ? .json(["id": "1234567890123456789", "type": 0]) : .text("", status: 204)
        },
        refused: { complaint in
            switch complaint.kind {
            case .key: discord(50027, "Invalid Webhook Token", status: 401)
            case .size: discord(40005, "Request entity too large", status: 413)
            case .json: discord(50109, "The request body contains invalid JSON.", status: 400)
            case .message where complaint.reason == "empty":
                discord(50006, "Cannot send an empty message", status: 400)
            default: discord(50035, "Invalid Form Body: \(complaint.reason)", status: 400)
            }
        },
        throttled: { seconds in
            .json(
                [
                    "message": "You are being rate limited.", "global": false,
                    "retry_after": .number("\(max(1, seconds)).0"),
                ], status: 429
            ).retryingAfter(max(1, seconds))
        },
        failed: .text("", status: 500))

    private static func discord(_ code: Int, _ text: String, status: Int) -> LoopbackAnswer {
        .json(["code": .integer(code), "message": .text(text)], status: status)
    }

    static let mattermost = ServiceDesk(
        service: .mattermost, owns: { $0.wholeMatch(of: /\/hooks\/[a-z0-9]{26}\/?/) != nil },
        key: { request, _ in request.pieces.last ?? "" },
        check: { body throws(Complaint) in
            try checkAttachments(body, limit: 16_383, .scalars)
        },
        taken: { _, _ in .text("ok") },
        refused: { complaint in
            switch complaint.kind {
            case .key: mattermost("invalid", status: 400)
            case .size:
                .json(["id": "api.context.request_body_too_large.app_error"], status: 413)
            case .json, .method: mattermost("parse", status: 400)
            default: mattermost("text", status: 400)
            }
        },
        throttled: { seconds in
            var answer = LoopbackAnswer.text("limit exceeded", status: 429)
            answer.headers.append(("x-ratelimit-reset", "\(max(1, seconds))"))
            return answer
        },
        failed: .json(
            ["id": "app.post.save.app_error", "message": "", "status_code": 500], status: 500))

    private static func mattermost(_ id: String, status: Int) -> LoopbackAnswer {
        .json(
            [
                "id": .text("web.incoming_webhook.\(id).app_error"), "message": "",
                "status_code": .integer(status),
            ], status: status)
    }

    static let rocketChat = ServiceDesk(
        service: .rocketchat, owns: { $0.wholeMatch(of: /\/hooks\/[^\/]+\/[^\/]{20,}\/?/) != nil },
        key: { request, _ in request.pieces.last ?? "" },
        check: { body throws(Complaint) in
            guard body["channel"] == nil, body["roomId"] == nil else {
                throw Complaint(.message, "overriding destination channel is disabled")
            }
            try checkAttachments(body, limit: 5000, .utf16)
        },
        taken: { _, _ in .json(["success": true]) },
        refused: { complaint in
            .json(
                ["success": false, "error": .text(complaint.reason)],
                status: complaint.kind == .key ? 401 : 400)
        },
        throttled: { seconds in
            let text = "Please slow down. You must wait \(max(1, seconds)) seconds"
            return .json(["success": false, "error": .text(text)], status: 429)
        },
        failed: .json(["success": false], status: 503))

    private static func checkAttachments(
        _ body: JSONValue, limit: Int, _ unit: LengthUnit
    ) throws(Complaint) {
        if body["attachments"] == nil { try body.needText("text") }
        guard unit.length(of: body["text"]?.text ?? "") <= limit else {
            throw Complaint(.message, "text is too long")
        }
        guard body["attachments"] != nil else { return }
        for attachment in try body.needList("attachments", upTo: 100) {
            guard attachment["title"] ?? attachment["text"] ?? attachment["fallback"] != nil else {
                throw Complaint(.message, "an attachment is empty")
            }
        }
    }
}
