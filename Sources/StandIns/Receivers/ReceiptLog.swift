package import Pipeline

/// One request that a receiver judged.
package struct Receipt: Hashable, Sendable {
    package enum Service: String, Hashable, CaseIterable, Sendable {
        case webhook, dingtalk, feishu, wecom, slack, teams, discord, telegram, matrix, mattermost
        case rocketchat, ntfy, pagerduty, alertmanager, apprise
    }

    package enum Verdict: String, Hashable, CaseIterable, Sendable {
        case accepted
        /// The same id again: taken, and not shown a second time.
        case duplicate
        case refused
    }

    /// 1 for the first one.
    package let number: Int
    package let at: Timestamp
    package let service: Service
    package let path: String
    /// `webhook-id`, `msgUuid`, a transaction: the service's key against doubles; empty without
    /// one.
    package let id: String
    package let verdict: Verdict
    /// Why it was refused; or, of a duplicate, `changed` when its body is another than the first
    /// one's.
    package let reason: String
    /// The answer's HTTP status.
    package let status: Int
    /// The body, cut at `ReceiptLog.bodyLimit`.
    package let body: String
}

/// What a receiver decided, before it is written down.
struct Judgement: Sendable {
    let service: Receipt.Service
    var id = ""
    /// What the service calls the message from now on.
    var name = ""
    /// The message that this one answers, and that must be there.
    var answered: String?
    /// Nil when it is to be taken.
    var refusal: String?
    var answer: LoopbackAnswer
}

/// What arrived, newest last, in bounded memory: beyond it the oldest go, the counters stay.
struct ReceiptLog: Sendable {
    /// The most bytes of one body that are kept.
    static let bodyLimit = 64 << 10
    /// The most bytes of all bodies together.
    static let totalLimit = 32 << 20
    /// The most ids remembered for telling duplicates.
    static let identityLimit = 200_000

    private(set) var receipts: [Receipt] = []
    private(set) var counts: [Receipt.Service: [Receipt.Verdict: Int]] = [:]
    private(set) var reasons: [String: Int] = [:]
    private var bytes = 0
    private var number = 0
    /// The digest of the first body, by service and id.
    private var identities: [String: String] = [:]
    /// The names of the messages that were taken.
    private var names: [Receipt.Service: Set<String>] = [:]
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Writes a judgement down, and finds out whether it is a duplicate.
    mutating func add(
        _ judgement: Judgement, path: String, body: [UInt8], at now: Timestamp
    ) {
        var verdict = judgement.refusal == nil ? Receipt.Verdict.accepted : .refused
        var reason = judgement.refusal ?? ""
        if verdict == .accepted && !judgement.id.isEmpty {
            let key = "\(judgement.service.rawValue) \(path) \(judgement.id)"
            let digest = Digest.sha256(body)
            if let first = identities[key] {
                verdict = .duplicate
                if first != digest { reason = "changed" }
            } else if identities.count < Self.identityLimit {
                identities[key] = digest
            }
        }
        if judgement.refusal == nil, !judgement.name.isEmpty,
            names[judgement.service, default: []].count < Self.identityLimit
        {
            names[judgement.service, default: []].insert(judgement.name)
        }
        if !reason.isEmpty { reasons[reason, default: 0] += 1 }
        counts[judgement.service, default: [:]][verdict, default: 0] += 1
        number += 1
        let text = String(decoding: body.prefix(Self.bodyLimit), as: UTF8.self)
        receipts.append(
            Receipt(
                number: number, at: now, service: judgement.service, path: path,
                id: judgement.id, verdict: verdict, reason: reason,
                status: judgement.answer.status, body: text))
        bytes += text.utf8.count
        trim()
    }

    /// Whether a message of that name was taken.
    func knows(_ name: String, of service: Receipt.Service) -> Bool {
        names[service]?.contains(name) ?? false
    }

    private mutating func trim() {
        // A quarter goes at a time, so that the array is not moved for each receipt.
        guard receipts.count > limit || bytes > Self.totalLimit else { return }
        let count = max(1, receipts.count / 4)
        bytes -= receipts.prefix(count).reduce(0) { $0 + $1.body.utf8.count }
        receipts.removeFirst(count)
    }

    /// `GET /__stats`.
    var statistics: JSONValue {
        let services = Receipt.Service.allCases.filter { counts[$0] != nil }.map { service in
            let verdicts = Receipt.Verdict.allCases.map { verdict in
                JSONValue.Member(
                    verdict.rawValue, .integer(counts[service]?[verdict] ?? 0))
            }
            return JSONValue.Member(service.rawValue, .object(verdicts))
        }
        return [
            "requests": .integer(number), "services": .object(services),
            "reasons": .counts(reasons),
        ]
    }

    /// `GET /__log?service=…&since=…&limit=…`: the receipts after that number, oldest first.
    func page(_ query: [FormPair]) -> JSONValue {
        let service = query.first("service")
        let since = query.first("since").flatMap { Int($0) } ?? 0
        let limit = query.first("limit").flatMap { Int($0) } ?? limit
        let found = receipts.lazy.filter { receipt in
            receipt.number > since && (service == nil || service == receipt.service.rawValue)
        }
        return ["receipts": .list(found.prefix(max(0, limit)).map(\.listed))]
    }
}

extension Receipt {
    fileprivate var listed: JSONValue {
        [
            "number": .integer(number), "at": .text(at.rfc3339),
            "service": .text(service.rawValue), "path": .text(path), "id": .text(id),
            "verdict": .text(verdict.rawValue), "reason": .text(reason),
            "status": .integer(status), "body": .text(body),
        ]
    }
}
