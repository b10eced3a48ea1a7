import CEL
import Pipeline
import Testing

@testable import Channels

struct MentionsTests {
    private static let mentions = Mentions(
        People(users: ["lead"]), label: "team",
        byValue: ["a": People(users: ["anna"]), "b": People(mobiles: ["13800000000"])])

    private static func alerts() -> [Alert] {
        ["a", "b", "a", "c"].enumerated().map { number, team in
            Sample.alert(number, labels: ["team": team])
        }
    }

    @Test("Whoever each alert would call is called by their digest, too")
    func digest() {
        let folded = Digest(Self.alerts(), language: .chinese).folded
        #expect(folded.count == 1 && folded[0].labels["team"] == nil)
        let one = Self.mentions.people(for: Self.alerts(), most: 10)
        #expect(Self.mentions.people(for: folded, most: 10) == one)
        #expect(one == People(users: ["lead", "anna"], mobiles: ["13800000000"]))
        #expect(Self.mentions.people(for: folded, most: 2).count == 2)
    }

    @Test("Services that know each alert by itself get each; chat rooms may get a digest")
    func folding() throws {
        let pager = try PagerDuty(routingKey: Secret(PagerDutyTests.key))
        let manager = try Alertmanager(url: "https://alerts.example.com")
        let robot = try DingTalk(
            url: "https://oapi.dingtalk.com/robot/send?access_token=0123456789")
        let services: [(any Service, Bool)] = [(pager, false), (manager, false), (robot, true)]
        for (service, folds) in services {
            let channel = service.channel(
                named: "c", context: Sample.chinese, transport: ReplayTransport([]))
            #expect(channel.folds == folds)
        }
    }
}
