import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// A transport that gives its answers one after the other, the last one for ever.
actor ReplayTransport: Transport {
    private var replies: [HTTPResponse]
    private(set) var requests: [HTTPRequest] = []

    init(_ replies: [HTTPResponse]) { self.replies = replies }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        requests.append(request)
        guard let reply = replies.first else {
            throw TransportError(.connect, message: "no answer is left")
        }
        if replies.count > 1 { replies.removeFirst() }
        return reply
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        throw TransportError(.connect, message: "no mail here")
    }
}

/// The golden `responses` of a service, whose bodies are JSON of any shape.
enum GoldenReplies {
    struct Row {
        let name: String
        let status: Int
        let headers: [String: String]
        let body: [UInt8]
        let outcome: String
        let retryAfter: Int?

        /// What the transport makes of the header.
        var header: Duration? {
            headers["Retry-After"].flatMap { Int($0) }.map { .seconds($0) }
        }
    }

    static func object(_ name: String) throws -> [String: Any] {
        let url = Golden.folder.appendingPathComponent("channels/\(name).json")
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        return try #require(json as? [String: Any])
    }

    static func rows(_ name: String) throws -> [Row] {
        let rows = try #require(try object(name)["responses"] as? [[String: Any]])
        return try rows.map { row in
            let json = row["body_json"].flatMap { $0 is NSNull ? nil : $0 }
            let body =
                try json.map {
                    Array(
                        try JSONSerialization.data(withJSONObject: $0, options: .fragmentsAllowed))
                } ?? Array((row["body"] as? String ?? "").utf8)
            return Row(
                name: try #require(row["name"] as? String),
                status: try #require(row["status"] as? Int),
                headers: row["headers"] as? [String: String] ?? [:], body: body,
                outcome: try #require(row["outcome"] as? String),
                retryAfter: row["retry_after_s"] as? Int)
        }
    }

    /// Each reply means what the data says, and is waited for as long.
    static func check(_ name: String, least: Int, _ judge: (Row) -> Outcome) throws {
        let rows = try rows(name)
        #expect(rows.count >= least)
        for row in rows {
            let outcome = judge(row)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
            if let seconds = row.retryAfter {
                #expect(outcome.wait(from: Sample.now) == .seconds(seconds), "\(row.name)")
            }
        }
    }
}
