import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// What every service must have, a row a service: so that none lacks what the others have.
struct ChannelMatrixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let service: any Service
        /// What only an alert of the highest severity has in its body.
        let critical: String
        /// How someone is called whom the label `team: 一组` chooses; nil where nobody can be.
        var call: String?
        /// Where messages go within the room; nil where there is no such thing.
        var thread: String?
        /// The word that every message must hold.
        var keyword = ""

        init(
            _ name: String, _ service: any Service, critical: String, call: String? = nil,
            thread: String? = nil, keyword: String = ""
        ) {
            testDescription = name
            self.service = service
            self.critical = critical
            self.call = call
            self.thread = thread
            self.keyword = keyword
        }

        var channel: ServiceChannel {
            ServiceChannel(
                name: "c", service: service, context: Sample.chinese,
                transport: ReplayTransport([]))
        }

        /// The bodies as they leave.
        func requests(_ alerts: [Alert], isPlain: Bool = false) -> [String] {
            channel.messages(for: alerts, in: Sample.flush).compactMap { message in
                let body = isPlain ? message.plain : message.body
                return body.map { String(decoding: channel.request($0).body, as: UTF8.self) }
            }
        }
    }

    static func people(_ user: String, mobiles: [String] = []) -> Mentions {
        Mentions(
            label: "team", byValue: ["一组": People(users: [user], mobiles: mobiles)])
    }

    static let rows: [Row] = {
        do { return try makeRows() } catch { preconditionFailure("\(error)") }
    }()

    private static func makeRows() throws(SettingsError) -> [Row] {
        [
            Row(
                "dingtalk",
                try DingTalk(
                    url: "https://d.cn/?access_token=abc", secret: Secret("SECx"), keyword: "质检",
                    mentions: people("u1")), critical: "🔴", call: "@u1", keyword: "质检"),
            Row(
                "feishu",
                try Feishu(
                    url: "https://open.feishu.cn/open-apis/bot/v2/hook/abc", secret: Secret("s1"),
                    keyword: "质检", mentions: people("ou_a")), critical: #""template":"red""#,
                call: "<at id=ou_a></at>", keyword: "质检"),
            Row(
                "wecom",
                try WeCom(
                    url: "https://q.cn/cgi-bin/webhook/send?key=abc", mentions: people("zhang")),
                critical: #"color=\"warning\""#, call: "<@zhang>"),
            Row(
                "slack",
                try Slack(
                    url: "https://hooks.slack.com/services/T0/B0/abc", mentions: people("U1"),
                    thread: "1700000000.000100"), critical: "🔴", call: "<@U1>",
                thread: #""thread_ts":"1700000000.000100""#),
            Row(
                "teams",
                try Teams(
                    url: "https://l.azure.com/workflows/a/triggers/b?sig=c",
                    mentions: people("张三 <a@b.cn>")), critical: #""color":"Attention""#,
                call: "<at>张三</at>"),
            Row(
                "discord",
                try Discord(
                    url: "https://discord.com/api/v10/webhooks/1/abc", mentions: people("42"),
                    thread: "new"), critical: #""color":15158332"#, call: "<@42>",
                thread: #""thread_name":""#),
            Row(
                "telegram",
                try Telegram(
                    token: Secret(TelegramTests.token), chat: "-1", thread: 7,
                    mentions: people("@alice")), critical: "🔴", call: "@alice",
                thread: #""message_thread_id":7"#),
            Row(
                "matrix",
                try Matrix(
                    url: "https://m.cn", token: Secret("syt_x"), room: "!a:m.cn", thread: "$e",
                    mentions: people("@a:m.cn")), critical: "data-mx-color",
                call: #""user_ids":["@a:m.cn"]"#, thread: #""rel_type":"m.thread""#),
            Row(
                "mattermost",
                try ChatHook(
                    .mattermost, url: AttachmentTests.mattermostURL, mentions: people("bob")),
                critical: #""color":"#, call: "@bob"),
            Row(
                "rocketchat",
                try ChatHook(.rocketChat, url: AttachmentTests.rocketURL, mentions: people("bob")),
                critical: #""color":"#, call: "@bob"),
            Row("ntfy", try Ntfy(topic: "a"), critical: #""priority":5"#),
            Row(
                "pagerduty", try PagerDuty(routingKey: Secret(PagerDutyTests.key)),
                critical: #""severity":"critical""#),
            Row(
                "alertmanager", try Alertmanager(url: "https://am.cn"),
                critical: #""severity":"critical""#),
            Row(
                "apprise", try Apprise(url: "https://a.cn/notify/abc"),
                critical: #""type":"failure""#),
        ]
    }

    /// Every text of a body, with what is not seen of markup taken out.
    static func seen(_ body: String) -> String {
        func texts(_ value: Any) -> [String] {
            switch value {
            case let text as String: [text]
            case let list as [Any]: list.flatMap(texts)
            case let object as [String: Any]:
                object.sorted { $0.key < $1.key }.flatMap { texts($0.value) }
            default: []
            }
        }
        let json = try? JSONSerialization.jsonObject(with: Data(body.utf8))
        return json.map(texts)?.joined(separator: "\n") ?? ""
    }

    @Test(
        "Title, message, quote with role, place and loudness, the sentences beside it, the recording",
        arguments: rows)
    func evidence(_ row: Row) throws {
        let body = try #require(row.requests([Sample.alertWithContext]).first)
        let text = Self.seen(body)
        for piece in [
            "客户情绪激动", "我要投诉你们", "客户", "03:12", "响度 9", "坐席 03:05：您好，请讲",
            "坐席 03:15：非常抱歉", "https://rec.example.com/a?b=%281%29#t=192", "customer-loud", "T-1",
        ] {
            // Apprise writes the colon of an address as it is, so does every other.
            #expect(text.contains(piece) || body.contains(piece), "\(piece) in \(text)")
        }
    }

    @Test("Severity shows in the service's own way, and differs", arguments: rows)
    func severity(_ row: Row) throws {
        let bodies = Severity.allCases.map { row.requests([Sample.alert(severity: $0)]).joined() }
        #expect(bodies.last?.contains(row.critical) == true)
        #expect(bodies.first != bodies.last)
        #expect(Set(bodies).count >= 4)
    }

    @Test(
        "The plain form names every alert; a structured event has the least it needs",
        arguments: rows)
    func plain(_ row: Row) throws {
        let alerts = [Sample.alertWithContext, Sample.alert(2, title: "静音过长")]
        let plain = row.requests(alerts, isPlain: true)
        // Alertmanager and Apprise have no form that is simpler.
        guard !["alertmanager", "apprise"].contains(row.testDescription) else {
            #expect(plain.isEmpty)
            return
        }
        let text = plain.map(Self.seen).joined()
        #expect(text.contains("客户情绪激动") && text.contains("静音过长"))
        if row.testDescription != "pagerduty" { #expect(text.contains("我要投诉你们")) }
    }

    @Test("Those whom a label chooses are called, once, and others are not", arguments: rows)
    func calls(_ row: Row) throws {
        guard let call = row.call else { return }
        let message = String(repeating: "很长的话", count: 1500)
        let alerts = (1...6).map { Sample.alert($0, message: message, labels: ["team": "一组"]) }
        let bodies = row.requests(alerts)
        #expect(bodies.count > 1)
        #expect(bodies.count { $0.contains(call) || Self.seen($0).contains(call) } == 1)
        let others = row.requests([Sample.alert(labels: ["team": "二组"])])
        #expect(!others.joined().contains(call) && !others.map(Self.seen).joined().contains(call))
    }

    @Test("A thread is named in every part and in the plain form", arguments: rows)
    func threads(_ row: Row) throws {
        guard let thread = row.thread else { return }
        let message = String(repeating: "很长的话", count: 3000)
        let alerts = (1...20).map { Sample.alert($0, message: message) }
        let bodies = row.requests(alerts) + row.requests(alerts, isPlain: true)
        #expect(bodies.count > 2 && bodies.allSatisfy { $0.contains(thread) })
    }

    @Test("A robot's keyword is in every part, rich and plain", arguments: rows)
    func keyword(_ row: Row) throws {
        guard !row.keyword.isEmpty else { return }
        let alerts = (1...30).map {
            Sample.alert($0, title: "T", message: String(repeating: "x", count: 3000), evidence: [])
        }
        let bodies = row.requests(alerts) + row.requests(alerts, isPlain: true)
        #expect(bodies.allSatisfy { $0.contains(row.keyword) })
        #expect(bodies.count > 4)
    }

    @Test("An attempt again carries the same key, another delivery another", arguments: rows)
    func idempotency(_ row: Row) throws {
        let message = try #require(
            row.channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        func request(_ id: String, at seconds: Int64) -> HTTPRequest {
            row.service.request(
                message.body, of: Delivery.ID(id), at: Sample.now + .seconds(seconds))
        }
        func key(_ request: HTTPRequest) -> String? {
            let json = try? JSONSerialization.jsonObject(with: Data(request.body))
            return switch row.testDescription {
            case "dingtalk": (json as? [String: Any])?["msgUuid"] as? String
            case "matrix": request.url.split(separator: "/").last.map(String.init)
            case "pagerduty": (json as? [String: Any])?["dedup_key"] as? String
            case "alertmanager":
                ((json as? [[String: Any]])?.first?["labels"]).map { "\($0)" }
            default: nil
            }
        }
        let first = request("d-1", at: 0)
        #expect(key(first) == key(request("d-1", at: 60)))
        let hasKey = ["dingtalk", "matrix", "pagerduty", "alertmanager"]
            .contains(row.testDescription)
        #expect((key(first) != nil) == hasKey)
        if row.testDescription == "matrix" { #expect(key(first) != key(request("d-2", at: 0))) }
    }

    @Test("What a service can end has an end, and the others have none", arguments: rows)
    func endings(_ row: Row) {
        let endings = row.channel.endings(of: Sample.alert(), at: Sample.now)
        #expect(!endings.isEmpty == ["pagerduty", "alertmanager"].contains(row.testDescription))
    }

    @Test("What a template of the rules could not say is still an alert", arguments: rows)
    func emptyTexts(_ row: Row) throws {
        let alert = Sample.alert(title: "", message: "", evidence: [], labels: [:])
        let bodies = row.requests([alert])
        #expect(bodies.count == 1 && Self.seen(bodies[0]).contains("customer-loud"))
    }
}
