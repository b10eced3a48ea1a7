import Networking
import Pipeline
import Testing

@testable import Channels

/// Webhooks as the settings have them.
enum Hook {
    /// What a text of the settings becomes, and what is found in it, as `line:column code`.
    struct Read {
        var content: WebhookContent?
        var fixedHeaders: [String: Secret] = [:]
        var success: SuccessCondition?
        var found: [String]
        var findings: [Finding]
    }

    /// The keys of a channel, from the first line on; `${env:NAME}` becomes `values[NAME]`.
    static func read(_ text: String, values: [String: String] = [:]) -> Read {
        let findings = Findings()
        let document = Document(name: "tocsin.yaml", text: text)
        let fields = Cursor.root(of: document, findings)?.fields(WebhookContent.keys + ["success"])
        let content = fields.flatMap { fields in
            WebhookContent.read(fields) { text, _ in pieces(of: text, values) }
        }
        let success = fields?["success"].flatMap(SuccessCondition.init)
        return Read(
            content: content?.content, fixedHeaders: content?.fixedHeaders ?? [:],
            success: success,
            found: findings.sorted().map { "\($0.line):\($0.column) \($0.code)" },
            findings: findings.sorted())
    }

    private static func pieces(
        of text: String, _ values: [String: String]
    ) -> [InterpolatedText] {
        var pieces: [InterpolatedText] = []
        var rest = Substring(text)
        func offset(_ index: String.Index) -> Int {
            text.utf8.distance(from: text.startIndex, to: index)
        }
        while let match = rest.firstMatch(of: /\$\{env:([A-Z]+)\}/) {
            let before = String(rest[..<match.range.lowerBound])
            pieces.append(
                InterpolatedText(before, isSecret: false, offset: offset(rest.startIndex)))
            pieces.append(
                InterpolatedText(
                    values[String(match.1)] ?? "", isSecret: true,
                    offset: offset(match.range.lowerBound)))
            rest = rest[match.range.upperBound...]
        }
        pieces.append(
            InterpolatedText(String(rest), isSecret: false, offset: offset(rest.startIndex)))
        return pieces.filter { $0.isSecret || !$0.text.isEmpty }
    }

    static func channel(
        _ text: String, values: [String: String] = [:], secrets: [String] = [],
        signature: String? = nil, context: MessageContext = Sample.chinese,
        transport: any Transport = ScriptedTransport()
    ) throws -> WebhookChannel {
        let read = read(text, values: values)
        let content = try #require(read.content, "\(read.findings)")
        return WebhookChannel(
            name: "hook",
            settings: try WebhookChannel.Settings(
                url: "https://example.com/hook", secrets: secrets.map { Secret($0) },
                signature: signature, headers: read.fixedHeaders, content: content,
                success: read.success),
            context: context, transport: transport)
    }

    /// What the alerts' first message is sent as.
    static func request(
        _ text: String, for alerts: [Alert], values: [String: String] = [:]
    ) throws -> HTTPRequest {
        let channel = try channel(text, values: values)
        let message = try #require(channel.messages(for: alerts, in: Sample.flush).first)
        return channel.request(for: Sample.delivery(message), at: Sample.now)
    }

    /// The body of a template of the content type.
    static func body(
        _ template: String, type: String = "application/json",
        for alerts: [Alert] = [Sample.alert()], values: [String: String] = [:]
    ) throws -> String {
        let request = try request(
            settings(template, type: type), for: alerts, values: values)
        return String(decoding: request.body, as: UTF8.self)
    }

    static func settings(_ template: String, type: String = "application/json") -> String {
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false)
        return "format: custom\ncontent-type: \(type)\nbody: |-\n"
            + lines.map { "  \($0)" }.joined(separator: "\n")
    }
}

extension HTTPRequest {
    func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }
}
