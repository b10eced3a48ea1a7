import Foundation

/// What Slack's blocks must keep, counted as its own libraries do.
enum SlackRules {
    static func areSound(_ value: Any?) -> Bool {
        guard let blocks = value as? [[String: Any]], blocks.count <= 50 else { return false }
        return blocks.allSatisfy(isSound)
    }

    private static func isSound(_ block: [String: Any]) -> Bool {
        switch block["type"] as? String {
        case "header": return isText(block["text"], ["plain_text"], 150)
        case "section":
            return isText(block["text"], ["plain_text", "mrkdwn"], 3000)
        case "context":
            let elements = block["elements"] as? [Any] ?? []
            return (1...10).contains(elements.count)
                && elements.allSatisfy { isText($0, ["plain_text", "mrkdwn"], 3000) }
        case "actions":
            let elements = block["elements"] as? [[String: Any]] ?? []
            return (1...25).contains(elements.count)
                && elements.allSatisfy { button in
                    isText(button["text"], ["plain_text"], 75)
                        && (button["url"] as? String ?? "").utf16.count <= 3000
                }
        case "divider": return true
        default: return false
        }
    }

    private static func isText(_ value: Any?, _ types: [String], _ limit: Int) -> Bool {
        guard let object = value as? [String: Any], let text = object["text"] as? String,
            let type = object["type"] as? String
        else { return false }
        let known: Set = ["type", "text", "emoji", "verbatim"]
        return types.contains(type) && (1...limit).contains(text.utf16.count)
            && Set(object.keys).isSubset(of: known)
            && !(type == "mrkdwn" && object["emoji"] != nil)
            && !(type == "plain_text" && object["verbatim"] != nil)
    }
}

/// What Discord counts of embeds.
enum DiscordRules {
    static func total(_ value: Any?) -> Int {
        (value as? [[String: Any]] ?? []).reduce(0) { $0 + total(of: $1) }
    }

    private static func total(of embed: [String: Any]) -> Int {
        func size(_ value: Any?) -> Int { (value as? String)?.utf16.count ?? 0 }
        let fields = embed["fields"] as? [[String: Any]] ?? []
        return size(embed["title"]) + size(embed["description"])
            + size((embed["footer"] as? [String: Any])?["text"])
            + fields.reduce(0) { $0 + size($1["name"]) + size($1["value"]) }
    }
}
