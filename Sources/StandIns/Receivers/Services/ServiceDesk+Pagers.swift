import Pipeline

/// Pagers and gateways: PagerDuty, Alertmanager and the Apprise API.
extension ServiceDesk {
    static let pagerDuty = ServiceDesk(
        service: .pagerduty, owns: { $0 == "/v2/enqueue" }, sizeLimit: 512 * 1024,
        key: { _, body in
            let key = body["routing_key"]?.text ?? ""
            return key.utf8.count == 32 ? key : ""
        },
        check: { body throws(Complaint) in
            try body.needChoice("event_action", ["trigger", "acknowledge", "resolve"])
            let isTrigger = body["event_action"]?.text == "trigger"
            if !isTrigger || body["dedup_key"] != nil { try body.needText("dedup_key", upTo: 255) }
            guard isTrigger else { return }
            let payload = try body.needObject("payload")
            try payload.needText("summary", upTo: 1024)
            try payload.needText("source")
            try payload.needChoice("severity", ["critical", "error", "warning", "info"])
            if body["links"] != nil {
                for link in try body.needList("links", upTo: 100) { try link.needText("href") }
            }
        },
        identity: { _, body in
            "\(body["event_action"]?.text ?? "") \(body["dedup_key"]?.text ?? "")"
        },
        taken: { _, body in
            .json(
                [
                    "status": "success", "message": "Event processed",
                    "dedup_key": body["dedup_key"] ?? "made-here",
                ], status: 202)
        },
        refused: { complaint in
            let reason = complaint.kind == .key ? "'routing_key' is invalid" : complaint.reason
            return .json(
                [
                    "status": "invalid event", "message": "Event object is invalid",
                    "errors": [.text(reason)],
                ], status: 400)
        },
        throttled: { .text("", status: 429).retryingAfter($0) },
        failed: .text("", status: 500))

    static let alertmanager = ServiceDesk(
        service: .alertmanager, owns: { $0.hasSuffix("/api/v2/alerts") },
        // It asks nobody who he is.
        key: { request, _ in request.authorization.isEmpty ? "-" : request.authorization },
        check: { body throws(Complaint) in
            guard let alerts = body.list else { throw Complaint(.message, "no list of alerts") }
            for alert in alerts {
                let labels = try alert.needObject("labels").members ?? []
                guard labels.contains(where: { $0.value.text?.isEmpty == false }) else {
                    throw Complaint(.message, "at least one label pair required")
                }
                for label in labels {
                    guard label.name.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil,
                        label.value.text != nil
                    else { throw Complaint(.message, "invalid label set: \(label.name)") }
                }
                for name in ["startsAt", "endsAt"] {
                    if let text = alert[name]?.text, Timestamp(rfc3339: text) == nil {
                        throw Complaint(.message, "\(name) is no time")
                    }
                }
                if let start = alert["startsAt"]?.text.flatMap(Timestamp.init(rfc3339:)),
                    let end = alert["endsAt"]?.text.flatMap(Timestamp.init(rfc3339:)), end < start
                {
                    throw Complaint(.message, "start time must be before end time")
                }
            }
        },
        taken: { _, _ in .text("") },
        refused: { complaint in
            switch complaint.kind {
            case .key: .text("unauthorized", status: 401)
            case .method: .text("", status: 405)
            case .json where complaint.reason == "content-type": .text("", status: 415)
            default: .json(.text(complaint.reason), status: 400)
            }
        },
        throttled: { .text("", status: 429).retryingAfter($0) },
        failed: .json("internal", status: 500))

    static let apprise = ServiceDesk(
        service: .apprise, owns: { $0 == "/notify" || $0.hasPrefix("/notify/") },
        sizeLimit: 3_000_000,
        key: { request, body in
            request.pieces.count > 1 ? request.pieces[1] : body["urls"]?.text ?? ""
        },
        check: { body throws(Complaint) in
            try body.needText("body")
            if body["type"] != nil {
                try body.needChoice("type", ["info", "success", "warning", "failure"])
            }
            if body["format"] != nil {
                try body.needChoice("format", ["text", "markdown", "html"])
            }
        },
        taken: { _, _ in .json(["error": .null, "details": []]) },
        refused: { complaint in
            switch complaint.kind {
            // The unknown key is no error to it: there is nobody to tell.
            case .key: .text("", status: 204)
            case .size: .json(["error": "the payload is too large"], status: 431)
            case .method: .json(["error": "method"], status: 405)
            default: .json(["error": .text(complaint.reason)], status: 400)
            }
        },
        throttled: { .json(["error": "too many"], status: 429).retryingAfter($0) },
        failed: .json(["error": "at least one notification failed"], status: 424))
}
