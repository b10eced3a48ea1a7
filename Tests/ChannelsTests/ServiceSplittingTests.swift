import Foundation
import Pipeline
import Testing

@testable import Channels

/// The promises of `SplittingTests`, kept by the services that take messages in one text, each with
/// its limit counted as the service counts.
struct ServiceSplittingTests {
    typealias Format = SplittingTests.Format

    /// One member of a body, as a text.
    static func text(_ message: Message, _ member: String) -> String {
        let json = try? JSONSerialization.jsonObject(with: Data(message.body.utf8))
        return (json as? [String: Any])?[member] as? String ?? ""
    }

    static let telegram = Format(
        testDescription: "telegram",
        messages: { alerts, limit in
            TelegramFormat(
                mentions: Mentions(People(users: ["@alice", "42"])), context: Sample.chinese
            )
            .messages(for: alerts, in: Sample.flush, limit: limit)
        }, size: { TelegramText.plain(text($0, "text")).utf16.count })

    static let matrix = Format(
        testDescription: "matrix",
        messages: { alerts, limit in
            MatrixFormat(
                mentions: Mentions(People(users: ["@alice:localhost"])), thread: "$abc",
                context: Sample.chinese
            ).messages(for: alerts, in: Sample.flush, limit: limit)
        }, size: { $0.body.utf8.count })

    static let ntfy = Format(
        testDescription: "ntfy",
        messages: { alerts, limit in
            NtfyFormat(topic: "alerts", context: Sample.chinese)
                .messages(for: alerts, in: Sample.flush, limit: limit)
        }, size: { text($0, "message").utf8.count })

    static let apprise = Format(
        testDescription: "apprise",
        messages: { alerts, limit in
            AppriseFormat(tag: "qa", context: Sample.chinese)
                .messages(for: alerts, in: Sample.flush, limit: limit)
        }, size: { $0.body.utf8.count })

    static func attachments(
        _ name: String, _ dialect: ChatHook.Dialect,
        _ length: @escaping @Sendable (String) -> Int
    ) -> Format {
        Format(
            testDescription: name,
            messages: { alerts, limit in
                AttachmentFormat(
                    dialect: dialect, mentions: Mentions(People(users: ["@alice"], all: true)),
                    context: Sample.chinese
                ).messages(for: alerts, in: Sample.flush, limit: limit)
            },
            size: { message in
                (try? AttachmentTests.body(message))?.texts.reduce(0) { $0 + length($1) } ?? -1
            })
    }

    static let formats = [
        telegram, matrix, ntfy, apprise,
        attachments("mattermost", .mattermost) { $0.unicodeScalars.count },
        attachments("rocketchat", .rocketChat) { $0.utf16.count },
    ]

    @Test("A message of exactly the limit is one, one unit less makes two", arguments: formats)
    func exactLimit(_ format: Format) throws { try SplittingTests().exactLimit(format) }

    @Test("One alert of exactly the limit is whole, one unit less cuts it", arguments: formats)
    func exactLimitOfOne(_ format: Format) throws { try SplittingTests().exactLimitOfOne(format) }

    @Test("Any alerts keep any limit, in order, and none is left out", arguments: formats)
    func property(_ format: Format) {
        for seed in 0..<12 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let alerts = (1...Int.random(in: 1...25, using: &random)).map { number in
                Sample.alert(
                    number, title: random.text(upTo: 30), message: random.text(upTo: 500),
                    evidence: (0..<Int.random(in: 0...12, using: &random)).map { _ in
                        Quote(words: random.text(upTo: 40), at: "00:01", speaker: .agent)
                    },
                    labels: ["team": random.text(upTo: 20)])
            }
            let limit = Int.random(in: 2500...4000, using: &random)
            let messages = format.messages(alerts, limit)
            #expect(messages.flatMap(\.alerts) == alerts.map(\.id), "seed \(seed)")
            #expect(messages.allSatisfy { format.size($0) <= limit }, "seed \(seed)")
            #expect(messages.map(\.part) == Array(1...messages.count), "seed \(seed)")
            #expect(messages.allSatisfy { $0.parts == messages.count }, "seed \(seed)")
            #expect(messages == format.messages(alerts, limit), "seed \(seed)")
            for message in messages {
                let json = try? JSONSerialization.jsonObject(with: Data(message.body.utf8))
                #expect(json is [String: Any], "seed \(seed)")
            }
        }
    }

    @Test("Identifiers of any length do not break the limit of a cut alert", arguments: formats)
    func longIdentifiers(_ format: Format) { SplittingTests().longIdentifiers(format) }
}
