import CEL
import Foundation
import Pipeline
import Testing

/// The files in `rules/`, read and loaded once for all tests.
enum ShippedRules {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "rules")

    private static let read = Result {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(".yaml") }.sorted().map { name in
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return Document(name: name, text: text)
        }
    }

    private static let loaded = read.map { documents in
        let findings = Findings()
        let rules = RuleLoader.load(documents, findings: findings)
        return (rules: rules, findings: findings.sorted().map { $0.rendered(in: .english) })
    }

    static func documents() throws -> [Document] { try read.get() }

    /// The rules; a test that asks fails when anything is to be said of a file.
    static func load() throws -> RuleSet {
        let (rules, findings) = try loaded.get()
        #expect(findings == [])
        return try #require(rules)
    }
}
