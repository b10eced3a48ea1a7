import ArgumentParser
import Pipeline

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Settings and rules: every mistake of every file, and each rule's own cases.",
        discussion: "Exit code 1 when there is an error; warnings alone are 0.")

    @OptionGroup var options: CommonOptions

    private struct FindingView: Encodable {
        var file, code, severity, message: String
        var hint: String?
        var line, column: Int

        init(_ finding: Finding) {
            file = finding.file
            code = finding.code
            severity = finding.severity.rawValue
            message = finding.message.text(in: Output.language)
            hint = finding.hint?.text(in: Output.language)
            line = finding.line
            column = finding.column
        }
    }

    func run() async throws {
        let (findings, rules) = try Workspace.check(options)
        let errors = findings.count { $0.severity == .error }
        if options.format == .json {
            try Output.json(findings.map(FindingView.init))
        } else {
            for finding in findings {
                Output.line(finding.rendered(in: Output.language))
                Output.line("")
            }
            if let rules, errors == 0 {
                Output.line(
                    Output.words(
                        "没有错误：\(rules.rules.count) 条规则，版本 \(rules.version)",
                        "no errors: \(Self.counted(rules.rules.count, "rule")), version \(rules.version)"
                    ))
            } else {
                Output.line(Output.words("\(errors) 个错误", Self.counted(errors, "error")))
            }
        }
        if errors > 0 { throw Exit.findings }
    }

    private static func counted(_ count: Int, _ thing: String) -> String {
        count == 1 ? "1 \(thing)" : "\(count) \(thing)s"
    }
}
