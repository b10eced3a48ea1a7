import CEL
import Testing

@testable import Pipeline

@Suite struct SecretMaskTests {
    @Test(arguments: [
        ("    secret: SECabcdef", "    secret: *********"),
        (
            #"  hook: { type: webhook, url: "https://h/x?k=1", secret: 'a b' }"#,
            #"  hook: { type: webhook, url: *****************, secret: ***** }"#
        ),
        ("  pasword: hunter2", "  pasword: *******"), ("  every: 30s", "  every: 30s"),
        ("store: postgresql://u:pw@h/db", "store: postgresql************"),
        ("  - whsec_abc", "  - *********"), ("    keyword: 质检", "    keyword: ******"),
        ("    success: json.code == 0", "    success: json.code == 0"),
        (
            #"{"token": "abc", "text": "高 {{ alert.labels["团"] }}!", "n": {{alerts.size()}}}"#,
            #"{"token": *****, "text": *****{{ alert.labels["团"] }}**, "n": {{alerts.size()}}}"#
        ),
        (#"  password: "{{abc}}""#, #"  password: *********"#),
    ])
    func valuesThatMayBeSecretAreStars(line: String, shown: String) {
        #expect(SecretMask.masked(line) == shown)
        #expect(SecretMask.masked(line).utf8.count == line.utf8.count)
    }

    @Test(arguments: [
        ("m", "https://hooks.slack.com/services/T0/B0/x", "https***"), ("m", "SECabcdef", "***"),
        ("rate", "often", "often"), ("routing-key", "often", "***"), ("token", "7", "***"),
    ])
    func aWrongValueIsShownWithoutWhatMayBeSecret(key: String, value: String, shown: String) {
        #expect(SecretMask.shown(value, at: key) == shown)
        let text = "channels: { \(key): \"\(value)\" }\n"
        let findings = Findings()
        let document = Document(name: "tocsin.yaml", text: text, masksSecrets: true)
        let channels = Cursor.root(of: document, findings)?.fields(["channels"])?["channels"]
        _ = channels?.fields([key])?[key]?.bool()
        #expect(findings.all.count == 1)
        for finding in findings.all {
            #expect(!finding.rendered(in: .english).contains(value) || shown == value)
        }
    }

    @Test func aFindingInASettingsFileRepeatsNoSecret() {
        let text = "channels:\n  room:\n    secret: [SECverysecret]\n    pasword: hunter2\n"
        let document = Document(name: "tocsin.yaml", text: text, masksSecrets: true)
        for offset in 0..<text.utf8.count {
            let shown = document.finding("x", at: offset..<offset, Bilingual("", "")).excerpt
            #expect(!shown.contains("SECverysecret") && !shown.contains("hunter2"))
        }
    }
}
