import Foundation
import Pipeline
import Testing

@testable import Channels

struct SplittingTests {
    /// One way to make messages under a limit, and the bytes that the limit counts.
    struct Format: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let messages: @Sendable ([Alert], Int) -> [Message]
        let size: @Sendable (Message) -> Int

        static let webhook = Format(
            testDescription: "webhook",
            messages: { alerts, limit in
                WebhookFormat(channel: "hook", context: Sample.chinese)
                    .messages(for: alerts, in: Sample.flush, limit: limit)
            }, size: { $0.body.utf8.count })

        static let dingTalk = Format(
            testDescription: "dingtalk",
            messages: { alerts, limit in
                DingTalkFormat(
                    channel: "room", keyword: "质检",
                    mentions: Mentions(People(mobiles: ["13800000001"])), context: Sample.chinese
                ).messages(for: alerts, in: Sample.flush, limit: limit)
            }, size: { $0.body.utf8.count })

        static let feishu = Format(
            testDescription: "feishu",
            messages: { alerts, limit in
                FeishuFormat(
                    keyword: "质检", mentions: Mentions(People(users: ["ou_1"])),
                    context: Sample.chinese, isSigned: true
                ).messages(for: alerts, in: Sample.flush, limit: limit)
            }, size: { $0.body.utf8.count + FeishuSignature.size })

        static let weCom = Format(
            testDescription: "wecom",
            messages: { alerts, limit in
                WeComFormat(
                    mentions: Mentions(People(users: ["zhangsan"])), context: Sample.chinese
                ).messages(for: alerts, in: Sample.flush, limit: limit)
            }, size: { Self.text(at: "/markdown/content", in: $0).utf8.count })

        static let slack = Format(
            testDescription: "slack",
            messages: { alerts, limit in
                SlackFormat(
                    mentions: Mentions(People(users: ["U1"])), context: Sample.chinese, thread: ""
                ).messages(for: alerts, in: Sample.flush, limit: limit)
            },
            size: { message in
                ((try? SlackTests.body(message.body))?.texts ?? [])
                    .reduce(0) { $0 + $1.text.utf16.count }
            })

        static let teams = Format(
            testDescription: "teams",
            messages: { alerts, limit in
                TeamsFormat(
                    mentions: Mentions(People(users: ["张三 <a@b.c>"])), context: Sample.chinese
                ).messages(for: alerts, in: Sample.flush, limit: limit)
            }, size: { $0.body.utf8.count })

        /// All embeds together; the content has a limit of its own.
        static let discord = Format(
            testDescription: "discord",
            messages: { alerts, limit in
                DiscordFormat(
                    mentions: Mentions(People(users: ["1"])), context: Sample.chinese, thread: nil
                ).messages(for: alerts, in: Sample.flush, limit: limit)
            },
            size: { message in
                let json = try? JSONSerialization.jsonObject(with: Data(message.body.utf8))
                return DiscordRules.total((json as? [String: Any])?["embeds"])
            })

        static func text(at pointer: String, in message: Message) -> String {
            let json = try? JSONSerialization.jsonObject(with: Data(message.body.utf8))
            return json.flatMap { GoldenCases.value(at: pointer, in: $0) as? String } ?? ""
        }
    }

    static let formats = [
        Format.webhook, .dingTalk, .feishu, .weCom, .slack, .teams, .discord,
    ]

    @Test("A body of exactly the limit is one message, one byte less makes two", arguments: formats)
    func exactLimit(_ format: Format) throws {
        let alerts = (1...5).map { Sample.alert($0, message: "很长的话🔥\"\\\n" + "x\($0)") }
        let whole = try #require(format.messages(alerts, 1 << 20).first)
        let size = format.size(whole)
        #expect(format.messages(alerts, size) == [whole])
        #expect(format.messages(alerts, size + 1) == [whole])
        let split = format.messages(alerts, size - 1)
        #expect(split.count == 2)
        #expect(split.allSatisfy { format.size($0) <= size - 1 })
        #expect(split.flatMap(\.alerts) == alerts.map(\.id))
        #expect(split.map(\.part) == [1, 2] && split.allSatisfy { $0.parts == 2 })
    }

    @Test("One alert of exactly the limit is whole, one byte less cuts it", arguments: formats)
    func exactLimitOfOne(_ format: Format) throws {
        let alert = Sample.alert(message: String(repeating: "投诉🔥", count: 400))
        let whole = try #require(format.messages([alert], 1 << 20).first)
        let size = format.size(whole)
        #expect(format.messages([alert], size) == [whole])
        let cut = try #require(format.messages([alert], size - 1).first)
        #expect(cut.body.contains("已截断") && !whole.body.contains("已截断"))
        #expect(format.size(cut) <= size - 1)
        // As long as it can be: only the note, an ellipsis and a few characters went.
        #expect(format.size(cut) > size - 200)
        #expect(cut.alerts == [alert.id] && cut.parts == 1)
    }

    @Test("Any alerts keep any limit, in order, and none is left out", arguments: formats)
    func property(_ format: Format) {
        for seed in 0..<8 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...40, using: &random)
            let alerts = (1...count).map { number in
                Sample.alert(
                    number, title: random.text(upTo: 30), message: random.text(upTo: 1500),
                    evidence: (0..<Int.random(in: 0...12, using: &random)).map { _ in
                        Quote(words: random.text(upTo: 60), at: "00:01", speaker: .agent)
                    },
                    labels: ["team": random.text(upTo: 20)])
            }
            let limit = Int.random(in: 4000...9000, using: &random)
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

    @Test("No alerts are no message, many alerts number their parts with two digits and more")
    func counts() {
        #expect(Format.webhook.messages([], 20_000).isEmpty)
        let alerts = (1...150).map { Sample.alert($0) }
        let messages = Format.webhook.messages(alerts, 800)
        #expect(messages.count > 99)
        #expect(messages.allSatisfy { Format.webhook.size($0) <= 800 })
        #expect(messages.flatMap(\.alerts) == alerts.map(\.id))
    }

    @Test("Identifiers of any length do not break the limit of a cut alert", arguments: formats)
    func longIdentifiers(_ format: Format) {
        let long = String(repeating: "规", count: 30_000)
        let alert = Alert(
            id: Alert.ID(rule: long, task: TaskID(source: long, id: long), tid: long), title: long,
            severity: .low, labels: [long: long], message: long, evidence: [Quote(words: long)],
            raisedAt: Sample.now, ruleSetVersion: "v")
        let messages = format.messages([alert], 20_000)
        #expect(messages.count == 1 && messages.allSatisfy { format.size($0) <= 20_000 })
        #expect(messages.first?.alerts == [alert.id])
    }

    @Test("A cut falls between characters: no emoji is torn")
    func cutBetweenCharacters() throws {
        let family = "👨‍👩‍👧‍👦"
        let alert = Sample.alert(message: String(repeating: family, count: 3000), evidence: [])
        let message = try #require(Format.webhook.messages([alert], 20_000).first)
        let shown = try #require(message.body.firstRange(of: family)?.lowerBound)
        let rest = message.body[shown...].prefix { String($0) == family }
        #expect(message.body[rest.endIndex...].hasPrefix("…\\n（内容过长"))
    }
}
