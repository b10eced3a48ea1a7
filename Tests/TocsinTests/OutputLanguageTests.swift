import CEL
import Foundation
import Testing

@testable import tocsin

/// In which language the command line answers.
@Suite struct OutputLanguageTests {
    @Test(arguments: [
        ([:], Language.chinese), (["LANG": "C"], .chinese), (["LANG": "C.UTF-8"], .chinese),
        (["LANG": "POSIX"], .chinese), (["LANG": "zh_CN.UTF-8"], .chinese),
        (["LANG": "en_US.UTF-8"], .english), (["LANG": "de_DE"], .english),
        (["LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"], .english),
        (["LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW", "LC_ALL": ""], .chinese),
    ])
    func theLocaleHasALanguage(_ environment: [String: String], _ expected: Language) {
        #expect(Output.language(ofLocale: environment) == expected)
    }

    /// The program itself, on settings that name a language, in another locale.
    @Test(arguments: [
        ("language: en\n", "C", "error: there is no `sentence`", "1 error"),
        ("language: zh\n", "en_US.UTF-8", "错误: 没有名为 `sentence` 的变量", "1 个错误"),
        ("rules: [rules]\n", "C", "错误: 没有名为 `sentence` 的变量", "1 个错误"),
        ("rules: [rules]\n", "en_US.UTF-8", "error: there is no `sentence`", "1 error"),
    ])
    func theSettingsComeBeforeTheLocale(
        _ settings: String, _ locale: String, _ expected: String, _ end: String
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "language-\(UUID().uuidString)")
        let rules = folder.appending(path: "rules")
        try FileManager.default.createDirectory(at: rules, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "tocsin.yaml")
        try settings.write(to: file, atomically: true, encoding: .utf8)
        try "rules:\n  - rule: r\n    when: sentence.size() > 0\n".write(
            to: rules.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
        let process = Process()
        // The program is built beside the tests.
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
            .deletingLastPathComponent().appendingPathComponent("tocsin")
        process.arguments = ["check", "--config", file.path]
        process.environment = ["LANG": locale, "PATH": "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let output = String(decoding: data, as: UTF8.self)
        #expect(output.contains(expected), "\(output)")
        #expect(output.contains(end), "\(output)")
    }
}
