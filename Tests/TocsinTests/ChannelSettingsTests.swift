import CEL
import Channels
import Pipeline
import Testing

@testable import tocsin

/// The settings of every kind of channel: the fewest, all, and each mistake.
struct ChannelSettingsTests {
    /// The fewest settings of a kind, all that it has, and its usual rate and concurrency.
    struct Row: Sendable, CustomTestStringConvertible {
        let kind: String
        let minimal: String
        let full: String
        let rate: Int?
        let concurrency: Int
        var testDescription: String { kind }

        init(
            _ kind: String, _ minimal: String, _ full: String, rate: Int?, concurrency: Int = 1
        ) {
            self.kind = kind
            self.minimal = minimal
            self.full = full
            self.rate = rate
            self.concurrency = concurrency
        }
    }

    private static let login = "username: me, password: '${env:PASSWORD}'"
    private static let people = "label: team, people: { 一组: [%], 二组: { users: % } }"

    static func at(_ sample: String, _ more: String = "") -> String {
        "at: { users: [\(sample)], \(people.replacing("%", with: sample))\(more) }"
    }

    static let robot = "url: 'https://oapi.dingtalk.com/robot/send?access_token=abc'"
    static let feishu = "url: 'https://open.feishu.cn/open-apis/bot/v2/hook/abc'"
    static let weCom = "url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc'"
    static let slack = "url: 'https://hooks.slack.com/services/T0/B0/abc'"
    static let teams =
        "url: 'https://prod.logic.azure.com/workflows/a/triggers/manual/paths/invoke?sig=abc'"
    static let discord = "url: 'https://discord.com/api/v10/webhooks/123/abc'"
    static let hook = "url: 'https://chat.example.com/hooks/abc'"
    static let telegram = "token: '${env:TOKEN}', chat: -100123"
    static let matrix =
        "url: 'https://matrix.example.com', token: '${env:KEY}', room: '!a:example.com'"

    static let rows = [
        Row(
            "webhook", "url: 'https://example.com/x'", "url: 'https://example.com/x'", rate: nil,
            concurrency: 8),
        Row(
            "email", "server: 'smtps://h.cn', from: a@b.cn, to: c@d.cn",
            "server: 'smtp://127.0.0.1:25', tls: none, \(login), from: 'A <a@b.cn>', to: [c@d.cn, e@f.cn]",
            rate: nil, concurrency: 2),
        Row(
            "dingtalk", robot,
            "\(robot), secret: '${env:SECRET}', keyword: 质检, "
                + at("u1", ", mobiles: ['13800000000'], all: true"), rate: 20),
        Row(
            "feishu", feishu,
            "\(feishu), secret: '${env:SECRET}', keyword: 质检, \(at("ou_a", ", all: true"))",
            rate: 100),
        Row("lark", feishu, "\(feishu), secret: '${env:SECRET}', \(at("ou_a"))", rate: 100),
        Row("wecom", weCom, "\(weCom), \(at("zhang", ", mobiles: '138', all: true"))", rate: 20),
        Row(
            "slack", slack,
            "\(slack), thread: '1700000000.000100', "
                + at("U1", ", groups: S1, here: true, all: true"), rate: 60),
        Row("teams", teams, "\(teams), \(at("a@b.cn"))", rate: 60),
        Row(
            "discord", discord,
            "\(discord), thread: '77', \(at("1", ", roles: 2, here: true, all: true"))",
            rate: 120),
        Row("mattermost", hook, "\(hook), \(at("bob", ", here: true, all: true"))", rate: nil),
        Row("rocketchat", hook, "\(hook), \(at("bob", ", here: true, all: true"))", rate: 10),
        Row(
            "telegram", telegram,
            "\(telegram), thread: 7, url: 'https://bots.example.com', \(at("'@alice'"))",
            rate: 20),
        Row(
            "matrix", matrix, "\(matrix), thread: '$e', \(at("'@a:b.cn'", ", all: true"))",
            rate: 12),
        Row(
            "ntfy", "topic: alerts", "topic: alerts, url: 'https://ntfy.example.com', \(login)",
            rate: 12),
        Row(
            "pagerduty", "routing-key: '${env:KEY}'",
            "routing-key: '${env:KEY}', url: 'https://events.eu.pagerduty.com'", rate: 120,
            concurrency: 4),
        Row(
            "alertmanager", "url: 'http://127.0.0.1:9093'",
            "url: 'http://127.0.0.1:9093/am', hold: 2h, token: '${env:KEY}'", rate: nil,
            concurrency: 4),
        Row(
            "apprise", "url: 'https://apprise.example.com/notify/abc'",
            "url: 'https://apprise.example.com/notify', urls: ['${env:KEY}://x'], tag: qa, \(login)",
            rate: nil),
    ]

    @Test("There is a row for every kind")
    func kinds() {
        #expect(Set(Self.rows.map(\.kind)) == Set(ChannelKind.all.map(\.name)))
        #expect(ChannelKind.all.count == Self.rows.count)
    }

    @Test("The fewest settings are enough, with the service's own rate", arguments: rows)
    func minimal(_ row: Row) throws {
        let (channel, findings) = Reading.channel("type: \(row.kind), \(row.minimal)")
        #expect(findings.isEmpty, "\(findings)")
        let settings = try #require(channel)
        #expect(settings.name == "c" && settings.messagesPerMinute == row.rate)
        #expect(settings.plan.concurrency == row.concurrency)
        #expect(settings.retrying == Retrying())
    }

    @Test("All settings together are taken; a rate of one's own replaces it", arguments: rows)
    func full(_ row: Row) throws {
        let (channel, findings) = Reading.channel(
            "type: \(row.kind), \(row.full), rate: { per-minute: 7 }, retry: [1s, 2m, 3h]")
        #expect(findings.isEmpty, "\(findings)")
        let settings = try #require(channel)
        #expect(settings.messagesPerMinute == 7)
        #expect(
            settings.retrying
                == Retrying(schedule: [.seconds(1), .seconds(120), .seconds(10_800)]))
    }

    @Test("The full settings name every key of their kind", arguments: rows)
    func keys(_ row: Row) throws {
        let kind = try #require(ChannelKind.all.first { $0.name == row.kind })
        // Those of the webhook and of mail have tests of their own.
        guard !["webhook", "email", "lark"].contains(row.kind) else { return }
        let alternatives: Set = ["token", "username", "password"]
        for key in kind.keys where !row.full.contains("\(key): ") {
            #expect(alternatives.contains(key), "\(key)")
        }
    }

    static let mistakes = sharedMistakes + robotMistakes + serviceMistakes

    @Test("Every mistake is told in both languages, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) {
        mistake.check(line: 4) { Reading.channel($0).findings }
    }

    @Test("No message repeats a secret", arguments: mistakes)
    func secrecy(_ mistake: Mistake) {
        for finding in Reading.channel(mistake.keys.replacing("▸", with: "")).findings {
            for language in [Language.chinese, .english] {
                let text = finding.rendered(in: language)
                for secret in Reading.environment.values where secret.utf8.count > 8 {
                    #expect(!text.contains(secret))
                }
            }
        }
    }

    @Test("A secret that stands in the file itself is a warning, and the channel stands")
    func inlineSecret() throws {
        let (channel, findings) = Reading.channel(
            "type: pagerduty, routing-key: abcdefghijklmnopqrstuvwxyz012345")
        #expect(channel != nil)
        let finding = try #require(findings.first)
        #expect(findings.count == 1 && finding.code == "inline-secret")
        #expect(finding.severity == .warning && !finding.excerpt.contains("abcdefghijk"))
    }
}
