import Pipeline

/// One service as its documents describe it: whose paths it has, what it takes, how it answers.
///
/// All of them are rows of ``ServiceDesk/all``; what they share is in here.
struct ServiceDesk: Sendable {
    let service: Receipt.Service
    var method = "POST"
    /// Whether a path is this service's.
    let owns: @Sendable (String) -> Bool
    /// The most bytes of a body.
    var sizeLimit = LoopbackServer.bodyLimit
    /// The key that a request shows; empty when it shows none.
    let key: @Sendable (LoopbackRequest, JSONValue) -> String
    /// Throws what is wrong with a message.
    let check: @Sendable (JSONValue) throws(Complaint) -> Void
    /// What makes a repeated request the same one; empty where the service knows nothing of it.
    var identity: @Sendable (LoopbackRequest, JSONValue) -> String = { _, _ in "" }
    /// The name that the service gives a message it takes; empty where it tells none.
    var name: @Sendable (LoopbackRequest, JSONValue) -> String = { _, _ in "" }
    /// The message that a request must not answer unless it is there; nil when it answers none.
    var answered: @Sendable (JSONValue) -> String? = { _ in nil }
    /// The answer to a request that is taken.
    let taken: @Sendable (LoopbackRequest, JSONValue) -> LoopbackAnswer
    let refused: @Sendable (Complaint) -> LoopbackAnswer
    /// The answer to one too many, with the seconds to wait.
    let throttled: @Sendable (Int) -> LoopbackAnswer
    /// The answer when the service fails.
    let failed: LoopbackAnswer

    /// Why a request is not taken.
    struct Complaint: Error, Hashable {
        enum Kind: Hashable {
            case key, signature, keyword, method, json, size, message
            /// It answers a message that is not there.
            case reference
        }

        let kind: Kind
        let reason: String

        init(_ kind: Kind, _ reason: String) {
            self.kind = kind
            self.reason = reason
        }
    }

    static let all = [
        feishu, weCom, slack, teams, discord, telegram, matrix, mattermost, rocketChat, ntfy,
        pagerDuty, alertmanager, apprise,
    ]

    /// `rules` is what the operator of the service has set.
    func judge(
        _ request: LoopbackRequest, _ rules: ReceiverOptions.Rules, at now: Timestamp
    ) -> Judgement {
        do throws(Complaint) {
            guard request.method == method else { throw Complaint(.method, "method") }
            guard request.mediaType == "application/json" else {
                throw Complaint(.json, "content-type")
            }
            guard request.body.count <= sizeLimit else { throw Complaint(.size, "size") }
            guard let body = try? JSONReader.read(request.body) else {
                throw Complaint(.json, "json")
            }
            let key = key(request, body)
            guard !key.isEmpty, rules.key == nil || rules.key == key else {
                throw Complaint(.key, "key")
            }
            if let secret = rules.secret, service == .feishu {
                try Self.checkFeishuSignature(body, secret: secret, at: now)
            }
            if let keyword = rules.keyword, !body.texts.contains(where: { $0.contains(keyword) }) {
                throw Complaint(.keyword, "keyword")
            }
            try check(body)
            return Judgement(
                service: service, id: identity(request, body), name: name(request, body),
                answered: answered(body), answer: taken(request, body))
        } catch {
            return Judgement(service: service, refusal: error.reason, answer: refused(error))
        }
    }
}

/// What a length is counted in.
enum LengthUnit {
    case bytes, scalars, utf16

    func length(of text: String) -> Int {
        switch self {
        case .bytes: text.utf8.count
        case .scalars: text.unicodeScalars.count
        case .utf16: text.utf16.count
        }
    }
}

extension JSONValue {
    typealias Complaint = ServiceDesk.Complaint

    /// A text that is not blank, of at most so many units.
    @discardableResult
    func needText(
        _ name: String, upTo limit: Int = .max, _ unit: LengthUnit = .scalars
    ) throws(Complaint) -> String {
        guard let text = self[name]?.text, !text.unicodeScalars.trimmingWhitespace.isEmpty else {
            throw Complaint(.message, "\(name) is missing")
        }
        guard unit.length(of: text) <= limit else {
            throw Complaint(.message, "\(name) is too long")
        }
        return text
    }

    /// A text of one of these values.
    func needChoice(_ name: String, _ values: Set<String>) throws(Complaint) {
        guard let text = self[name]?.text, values.contains(text) else {
            throw Complaint(.message, "\(name) is none of its values")
        }
    }

    func needObject(_ name: String) throws(Complaint) -> JSONValue {
        guard let value = self[name], value.members != nil else {
            throw Complaint(.message, "\(name) is no object")
        }
        return value
    }

    /// A list of one to so many objects.
    func needList(_ name: String, upTo limit: Int) throws(Complaint) -> [JSONValue] {
        guard let list = self[name]?.list, (1...limit).contains(list.count),
            list.allSatisfy({ $0.members != nil })
        else { throw Complaint(.message, "\(name) is no list of objects, or too long") }
        return list
    }

    /// Every text in it, at any depth.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let elements): elements.flatMap(\.texts)
        case .object(let members): members.flatMap(\.value.texts)
        case .null, .bool, .number: []
        }
    }
}

extension LoopbackAnswer {
    /// The same with `Retry-After`.
    func retryingAfter(_ seconds: Int) -> LoopbackAnswer {
        var answer = self
        if seconds > 0 { answer.headers.append(("retry-after", "\(seconds)")) }
        return answer
    }
}

extension LoopbackRequest {
    /// The pieces of the path between slashes, as they stand there.
    var pieces: [String] { path.split(separator: "/").map(String.init) }

    /// What stands behind `Bearer` or `Basic`; empty when nobody shows who it is.
    var authorization: String {
        let value = header("authorization") ?? ""
        return value.split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    }
}
