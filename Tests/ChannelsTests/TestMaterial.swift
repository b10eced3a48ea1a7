import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// Alerts, flushes and deliveries for tests.
enum Sample {
    static let now = Timestamp(milliseconds: 1_700_000_000_000)
    static let chinese = MessageContext(language: .chinese, zone: { _ in 8 * 3600 })
    static let english = MessageContext(language: .english)
    static let flush = Flush(id: "abc123-lq1", at: now)

    static func alert(
        _ number: Int = 1, title: String = "客户情绪激动", severity: Severity = .high,
        message: String = "客户在 03:12 情绪值 9：“我要投诉”", evidence: [Quote] = [quote],
        labels: [String: String] = ["team": "一组", "rule": "customer-loud"], tid: String = ""
    ) -> Alert {
        Alert(
            id: Alert.ID(
                rule: "customer-loud", task: TaskID(source: "calls", id: "T-\(number)"), tid: tid),
            title: title, severity: severity, labels: labels, message: message,
            evidence: evidence, raisedAt: now, ruleSetVersion: "v1")
    }

    /// With neighbours, and with a recording whose address has what links must not have.
    static var alertWithContext: Alert {
        var quote = quote
        quote.before = Quote.Context(words: "您好，请讲", at: "03:05", speaker: .agent, roleName: "坐席")
        quote.after = Quote.Context(words: "非常抱歉", at: "03:15", speaker: .agent, roleName: "")
        return alert(
            evidence: [quote],
            labels: [
                "team": "一组", "rule": "customer-loud",
                "recording": "https://rec.example.com/a?b=(1)",
            ])
    }

    static let quote = Quote(
        words: "我要投诉你们", at: "03:12", begin: 192_000, end: 194_000, speaker: .customer,
        roleName: "客户", emotionValue: 9, speechRate: 260)

    static func delivery(_ message: Message, id: String = "abc123-lq1-1") -> Delivery {
        let key = AlertGroup.Key(channel: "here", route: "1", labels: [:])
        return Delivery(
            id: Delivery.ID(id), group: key, message: message, createdAt: now,
            state: .waiting(dueAt: now))
    }

    /// What is unpleasant in every dialect at once.
    static let hostile =
        "</title><b>x</b> *bold* _it_ `code` [l](http://evil.test) ![i](http://evil.test/p.png) "
        + "@all @everyone <!channel> <at user_id=\"all\"></at>\r\nBcc: victim@example.com\r\n"
        + "# heading\n> quote\n---\n.\n..\n\u{0}\u{1B}[31m\u{202E}txt & \"q\" 'q' \\ | a_b 🔥"
}

extension ServiceChannel {
    /// The request for a message at a moment.
    func request(_ body: String, at now: Timestamp = Sample.now) -> HTTPRequest {
        service.request(body, of: Delivery.ID("d-1"), at: now)
    }
}

extension ServiceVerdict {
    /// The outcome of an answer in its pieces.
    static func outcome(
        status: Int, retryAfter: Duration?, body: [UInt8] = [], answer: String, at now: Timestamp
    ) -> Outcome {
        let response = HTTPResponse(status: status, body: body, retryAfter: retryAfter)
        return outcome(response, answer: answer, in: .english, at: now)
    }

    static func outcome(_ response: HTTPResponse, answer: String, at now: Timestamp) -> Outcome {
        outcome(response, answer: answer, in: .english, at: now)
    }
}

extension EmailVerdict {
    static func outcome(of reply: MailReply) -> Outcome { outcome(of: reply, in: .english) }
    static func outcome(of error: TransportError) -> Outcome { outcome(of: error, in: .english) }
}

/// A transport that answers with what it was given and keeps what it was sent.
actor ScriptedTransport: Transport {
    private let http: Result<HTTPResponse, TransportError>
    private let mail: Result<MailReply, TransportError>
    private(set) var requests: [HTTPRequest] = []
    private(set) var mails: [MailSubmission] = []

    init(
        http: Result<HTTPResponse, TransportError> = .success(HTTPResponse(status: 200)),
        mail: Result<MailReply, TransportError> = .failure(
            TransportError(.connect, message: "no connection"))
    ) {
        self.http = http
        self.mail = mail
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        requests.append(request)
        return try http.get()
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        mails.append(mail)
        return try self.mail.get()
    }
}

/// A transport that answers HTTP 200 with what a function of the request says.
actor AnsweringTransport: Transport {
    private let answer: @Sendable (HTTPRequest) -> String
    private(set) var requests: [HTTPRequest] = []

    init(_ answer: @escaping @Sendable (HTTPRequest) -> String) { self.answer = answer }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        requests.append(request)
        return HTTPResponse(status: 200, body: Array(answer(request).utf8))
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        throw TransportError(.connect, message: "no connection")
    }
}

/// A transport that answers with one status after the other.
actor StatusTransport: Transport {
    private var replies: [HTTPResponse]
    private(set) var requests: [HTTPRequest] = []

    init(_ statuses: [Int], bodies: [String] = []) {
        replies = statuses.enumerated().map { place, status in
            let body = bodies.indices.contains(place) ? bodies[place] : ""
            return HTTPResponse(status: status, body: Array(body.utf8))
        }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        requests.append(request)
        guard !replies.isEmpty else { throw TransportError(.connect, message: "no connection") }
        return replies.removeFirst()
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        throw TransportError(.connect, message: "no connection")
    }
}

/// A seeded source of random numbers (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Text of Chinese, emoji (joined ones, too), ASCII, markup and control characters.
    mutating func text(upTo length: Int) -> String {
        let pieces = [
            "投", "诉", "，", "a", "B", " ", "\"", "\\", "*", "_", "<", "&", "@all", "\n", "🔥",
            "👨‍👩‍👧‍👦", "🇨🇳", "é", "e\u{301}", "\u{7}", "# ", "](", "…",
        ]
        let count = Int.random(in: 0...max(0, length), using: &self)
        return (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }
}

/// The golden data, where the checkout has it: the folder `data` beside the package, or the one
/// that `TOCSIN_DATA` names.
enum Golden {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["TOCSIN_DATA"] {
            return URL(fileURLWithPath: path)
        }
        return URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared/data")
    }()

    static var isThere: Bool {
        FileManager.default.fileExists(
            atPath: folder.appendingPathComponent("channels/alerts.json").path)
    }

    static func channel<Content: Decodable>(_ name: String, as type: Content.Type) throws
        -> Content
    {
        let url = folder.appendingPathComponent("channels/\(name).json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Content.self, from: Data(contentsOf: url))
    }

    /// The six alerts that all channels are tried with, in our terms.
    static func alerts() throws -> [String: Alert] {
        struct Entry: Decodable {
            let id, severity, title, summary, body, source: String
            let labels: [String: String]
        }
        let severities: [String: Severity] = [
            "critical": .critical, "warning": .medium, "info": .info,
        ]
        return try channel("alerts", as: [String: Entry].self).mapValues { entry in
            Alert(
                id: Alert.ID(rule: "golden", task: TaskID(source: "golden", id: entry.id)),
                title: entry.title, severity: severities[entry.severity] ?? .high,
                labels: entry.labels, message: entry.summary + "\n" + entry.body, evidence: [],
                raisedAt: Sample.now, ruleSetVersion: "v1")
        }
    }
}

extension Outcome {
    /// `delivered`, `throttled`, `unavailable`, `postponed`, `refusedMessage` or `refusedChannel`.
    var kind: String {
        switch self {
        case .delivered: "delivered"
        case .throttled: "throttled"
        case .unavailable: "unavailable"
        case .postponed: "postponed"
        case .refusedMessage: "refusedMessage"
        case .refusedChannel: "refusedChannel"
        }
    }

    /// As the golden data names it.
    var goldenOutcome: String {
        switch self {
        case .delivered: "delivered"
        case .throttled, .unavailable, .postponed: "retry"
        case .refusedMessage, .refusedChannel: "permanent"
        }
    }

    var text: String {
        switch self {
        case .delivered(let answer, _), .throttled(_, let answer), .unavailable(_, let answer),
            .postponed(let answer):
            answer
        case .refusedMessage(let reason), .refusedChannel(let reason): reason
        }
    }

    /// How long to wait from `now` on, as far as the outcome says.
    func wait(from now: Timestamp) -> Duration? {
        switch self {
        case .throttled(let until, _): until - now
        case .unavailable(let retryAfter, _): retryAfter
        default: nil
        }
    }
}

/// One row of the golden `responses`.
struct GoldenResponse: Decodable, CustomTestStringConvertible {
    let name: String
    let status: Int
    let headers: [String: String]
    let outcome: String
    let retryAfter: Double?
    let body: [UInt8]

    var testDescription: String { name }

    private enum Key: String, CodingKey {
        case name, status, headers, body, outcome
        case json = "bodyJson"
        case retryAfter = "retryAfterS"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        status = try container.decode(Int.self, forKey: .status)
        headers = try container.decode([String: String].self, forKey: .headers)
        outcome = try container.decode(String.self, forKey: .outcome)
        retryAfter = try container.decodeIfPresent(Double.self, forKey: .retryAfter)
        if let json = try container.decodeIfPresent(Value.self, forKey: .json) {
            body = Array(try JSONEncoder().encode(json))
        } else {
            body = Array((try container.decodeIfPresent(String.self, forKey: .body) ?? "").utf8)
        }
    }

    /// Any JSON.
    indirect enum Value: Codable {
        case text(String)
        case number(Double)
        case bool(Bool)
        case null
        case list([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let bool = try? container.decode(Bool.self) {
                self = .bool(bool)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .bool(let bool): try container.encode(bool)
            case .null: try container.encodeNil()
            case .list(let list): try container.encode(list)
            case .object(let members): try container.encode(members)
            }
        }
    }
}
