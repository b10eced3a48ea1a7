import Pipeline
import Testing

@testable import tocsin

/// Reads settings as the program does.
enum Reading {
    static let environment = [
        "TOKEN": "123456789:AbCdEfGhIjKlMnOpQrStUvWx", "KEY": "0123456789abcdef0123456789abcdef",
        "SECRET": "SEC0123456789abcdef", "PASSWORD": "pass123456", "BLANK": " x ",
        "LINES": "a\nb", "COLON": "a:b", "PROXY": "http://me:pass123456@127.0.0.1:3128",
    ]

    static func read(
        _ text: String, in folder: String = "/nowhere"
    ) -> (settings: Settings?, findings: [Finding]) {
        let findings = Findings()
        let interpolation = Interpolation(folder: folder, environment: environment)
        let reader = SettingsReader(interpolation: interpolation, findings: findings)
        let settings = reader.read(Document(name: "t.yaml", text: text, masksSecrets: true))
        return (settings, findings.sorted())
    }

    /// One channel of these keys; on a line of its own, so that columns are those of the row.
    static func channel(
        _ keys: String, network: String = "[127.0.0.0/8]"
    ) -> (channel: ChannelSettings?, findings: [Finding]) {
        let (settings, findings) = read(
            "network: { allow-private: \(network) }\nchannels:\n  c:\n    {\(keys)}\n")
        return (settings?.channels.first, findings)
    }
}

/// A mistake in the settings of a channel or a source, and what is said of it.
struct Mistake: Sendable, CustomTestStringConvertible {
    /// In one line; `▸` stands before the place of the finding.
    let keys: String
    let code: String
    let english: String
    let chinese: String
    let hint: String?

    init(
        _ keys: String, _ english: String, _ chinese: String, hint: String? = nil,
        code: String = "bad-setting"
    ) {
        self.keys = keys
        self.code = code
        self.english = english
        self.chinese = chinese
        self.hint = hint
    }

    var testDescription: String { keys }

    /// Reads it, and compares all that is said.
    func check(line: Int, _ read: (String) -> [Finding]) {
        let column = keys.unicodeScalars.prefix { $0 != "▸" }.count + 6
        let found = read(keys.replacing("▸", with: "")).filter { $0.severity == .error }
        #expect(found.count == 1, "\(found)")
        guard let finding = found.first else { return }
        #expect(finding.code == code)
        #expect(finding.message == Bilingual(chinese, english))
        #expect(finding.hint?.english == hint)
        let hasHan = finding.hint?.chinese.unicodeScalars.contains { $0.value >= 0x4E00 }
        #expect(hasHan ?? true || finding.hint?.chinese == hint, "the hint is not in Chinese")
        let isMissing = !keys.contains("▸")
        #expect(finding.line == line && finding.column == (isMissing ? 5 : column))
    }
}
