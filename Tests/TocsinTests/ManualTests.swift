import CEL
import Channels
import Foundation
import Pipeline
import Testing

@testable import tocsin

/// The manual of the channels' settings: the README says what the tables say, and every example
/// can be read.
struct ManualTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Each language's README.
    static let documents = [("README.md", Language.english), ("README.zh-CN.md", .chinese)]

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }

    /// Values that pass for those of the services.
    private static let environment = [
        "SECRET": "SEC0123456789abcdef", "TOKEN": "0123456789abcdef", "PASSWORD": "pass123456",
        "TARGET": "mailto://a", "HOOK_SECRET": hookSecret, "NEW_SECRET": hookSecret,
        "OLD_SECRET": hookSecret, "PUSH_TOKEN": "abc", "SMS_TOKEN": "abc", "NTFY_TOKEN": "tk_abc",
        "TG_TOKEN": "123456789:AbCdEfGhIjKlMnOpQrStUvWx", "MATRIX_TOKEN": "syt_abc",
        "PAGERDUTY_KEY": "0123456789abcdef0123456789abcdef", "QA_ROOM_SECRET": "SECabc",
        "DING_SECRET": "SECabc", "FEISHU_SECRET": "abc", "QA_ROOM_URL": robot, "DING_URL": robot,
        "FEISHU_URL": "https://open.feishu.cn/open-apis/bot/v2/hook/abc",
        "WECOM_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc",
        "SLACK_URL": "https://hooks.slack.com/services/T0/B0/abc",
        "TEAMS_URL": "https://prod.logic.azure.com/workflows/a/triggers/b?sig=abc",
        "DISCORD_URL": "https://discord.com/api/v10/webhooks/123/abc",
        "MATTERMOST_URL": "https://chat.example.com/hooks/abc",
        "ROCKETCHAT_URL": "https://chat.example.com/hooks/abc/def",
    ]
    private static let hookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    private static let robot = "https://oapi.dingtalk.com/robot/send?access_token=abc"

    /// What is wrong with the settings; secrets of files are those of a folder here.
    private static func errors(_ text: String) -> [Finding] {
        let findings = Findings()
        let text = text.replacing("${file:/run/secrets/", with: "${file:")
        let reader = SettingsReader(
            interpolation: Interpolation(
                folder: NetworkSettingsTests.folder, environment: environment),
            findings: findings)
        let settings = reader.read(Document(name: "t.yaml", text: text, masksSecrets: true))
        let errors = findings.sorted().filter { $0.severity == .error }
        #expect(settings != nil || !errors.isEmpty)
        return errors
    }

    private static let private10 = "network: { allow-private: [10.0.0.0/8] }\n"

    // MARK: Tables

    @Test("The README has the tables of all keys", arguments: documents)
    func tables(name: String, language: Language) throws {
        let parts = try Self.text(name).components(separatedBy: "<!-- channel keys -->\n")
        #expect(parts.count == 2)
        let section = parts.last?.components(separatedBy: "<!-- end of channel keys -->").first
        // Made again by: tocsin channels keys --markdown
        #expect(section == ChannelManual.markdown(in: language))
    }

    @Test("The README has each kind's own rate", arguments: documents)
    func rates(name: String, language: Language) throws {
        let lines = try Self.text(name).split(separator: "\n")
        for row in ChannelSettingsTests.rows where !["webhook", "email"].contains(row.kind) {
            let rate =
                row.rate.map { language == .chinese ? "每分钟 \($0) 条" : "\($0) a minute" }
                ?? (language == .chinese ? "无" : "none")
            let line = lines.first { line in
                line.hasPrefix("| `") && line.hasSuffix("|")
                    && line.split(separator: "|").first?.contains("`\(row.kind)`") == true
            }
            #expect(line?.contains(" \(rate)") == true, "\(row.kind)")
        }
    }

    @Test("Every kind has a manual in both languages, and each key in it once")
    func manual() {
        for kind in ChannelKind.all {
            #expect(Set(kind.keys).count == kind.keys.count)
            for language in [Language.chinese, .english] {
                let text = ChannelManual.text(of: kind, in: language)
                for key in SettingKey.ofEveryChannel + kind.settings {
                    #expect(text.contains("  \(key.line)\n"))
                }
            }
        }
        let keys =
            ChannelKind.all.flatMap(\.settings) + SettingKey.ofEveryChannel + SettingKey.ofMentions
            + SettingKey.ofNetwork
        for key in keys {
            let hasHan = key.meaning.chinese.unicodeScalars.contains { $0.value >= 0x4E00 }
            #expect(hasHan && !key.meaning.english.isEmpty, "\(key.name)")
            #expect(!key.line.contains("|") && !key.meaning.english.contains("|"))
        }
        #expect(Set(WebhookContent.keys).isSubset(of: SettingKey.ofWebhook.map(\.name)))
    }

    // MARK: Examples

    @Test("The example of every key of every kind can be read")
    func examples() {
        for kind in ChannelKind.all {
            for key in SettingKey.ofEveryChannel.dropFirst() + kind.settings {
                let errors = Self.errors(
                    "\(Self.private10)channels:\n  other: { type: ntfy, topic: a }\n  c: {\(Self.example(of: key, in: kind))}\n"
                )
                #expect(errors.isEmpty, "\(kind.name) \(key.name): \(errors)")
            }
        }
    }

    /// What the kind needs, with the key.
    private static func example(of key: SettingKey, in kind: ChannelKind) -> String {
        let own = ["type: \(kind.name)", key.line, key.beside].filter { !$0.isEmpty }
        let needed = kind.settings.filter { other in
            other.isRequired && other.name != key.name && !key.beside.contains("\(other.name): ")
        }
        return (own + needed.map(\.line)).joined(separator: ", ")
    }

    @Test("Those below `network` and `at` can be read, too")
    func examplesBelow() {
        for key in SettingKey.ofNetwork {
            let lines = [key.line, key.beside].filter { !$0.isEmpty }.joined(separator: ", ")
            let errors = Self.errors("network: { \(lines) }\n")
            #expect(errors.isEmpty, "\(key.name): \(errors)")
        }
        let urls = [
            "slack": "${env:SLACK_URL}", "discord": "${env:DISCORD_URL}",
            "wecom": "${env:WECOM_URL}",
        ]
        for key in SettingKey.ofMentions {
            let type = key.name == "roles" ? "discord" : key.name == "mobiles" ? "wecom" : "slack"
            let lines = [key.line, key.beside].filter { !$0.isEmpty }.joined(separator: ", ")
            let errors = Self.errors(
                "channels:\n  c: { type: \(type), url: '\(urls[type] ?? "")', at: { \(lines) } }\n")
            #expect(errors.isEmpty, "\(key.name): \(errors)")
        }
    }

    @Test("Every settings example of the README can be read", arguments: documents)
    func blocks(name: String, language: Language) throws {
        let blocks = try Self.text(name).components(separatedBy: "```yaml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
            .filter { $0.hasPrefix("channels:\n") || $0.contains("\nchannels:\n") }
        #expect(blocks.count >= 5)
        for block in blocks {
            let text = block.contains("\nnetwork: ") ? block : Self.private10 + block
            let errors = Self.errors(text)
            #expect(errors.isEmpty, "\(errors) in \(block)")
        }
    }

    @Test("The settings that `init` writes name the list of all keys")
    func template() {
        #expect(SettingsTemplate.text.contains("tocsin channels keys"))
        #expect(Self.errors(SettingsTemplate.text).isEmpty)
    }
}
