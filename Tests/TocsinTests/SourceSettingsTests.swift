import Pipeline
import Testing

@testable import tocsin

/// The settings of sources, and of the file around them.
struct SourceSettingsTests {
    static func source(_ keys: String) -> (source: SourceSettings?, findings: [Finding]) {
        // The channel's place is the same: one line, from the fifth column on.
        let (settings, findings) = Reading.read("language: zh\nsources:\n  s:\n    {\(keys)}\n")
        return (settings?.sources.first, findings)
    }

    @Test("Every mistake is told in both languages, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) {
        mistake.check(line: 4) { Self.source($0).findings }
    }

    @Test("The fewest settings are enough")
    func minimal() throws {
        for keys in ["type: aliyun-ccai", "type: aliyun-qualitycheck, app-key: a"] {
            let (source, findings) = Self.source(keys)
            let settings = try #require(source)
            #expect(findings.isEmpty && settings.name == "s" && settings.credentials == nil)
            #expect(settings.queriesPerSecond == 10 && settings.queriesPerMinute == 300)
            #expect(settings.schedule == PollSchedule())
        }
    }

    @Test("All settings together are taken")
    func full() throws {
        let shared =
            "endpoint: 'http://127.0.0.1:1', rate: { qps: 3, qpm: 4 }, "
            + "poll: { first: 1s, every: 2s, deadline: 3h }, credentials: { access-key-id: a, "
            + "access-key-secret: '${env:KEY}', security-token: '${env:SECRET}' }"
        let kinds = [
            "type: aliyun-ccai, roles: { agent: [客服, 坐席], customer: 客户 }",
            "type: aliyun-qualitycheck, app-key: a, version: '2016-08-01', method: GET, "
                + "signature: rpc, agent-channel: 1",
        ]
        for keys in kinds {
            let (source, findings) = Self.source("\(keys), \(shared)")
            #expect(findings.isEmpty, "\(findings)")
            let settings = try #require(source)
            #expect(settings.queriesPerSecond == 3 && settings.queriesPerMinute == 4)
            #expect(settings.credentials != nil)
            #expect(settings.schedule.first == .seconds(1))
            #expect(settings.schedule.every == .seconds(2))
            #expect(settings.schedule.deadline == .seconds(10_800))
        }
    }

    @Test("The settings that `init` writes have no mistake")
    func template() {
        let (settings, findings) = Reading.read(SettingsTemplate.text)
        #expect(findings.isEmpty, "\(findings)")
        #expect(settings?.sources.count == 1 && settings?.channels.count == 1)
        #expect(settings?.routes.count == 2)
    }
}
