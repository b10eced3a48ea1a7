import Channels
import Clouds
import Pipeline

/// Reads one source of the settings.
struct SourceReader {
    let texts: SettingsTexts

    private enum Kind: String, CaseIterable {
        case ccai = "aliyun-ccai"
        case qualitycheck = "aliyun-qualitycheck"
    }

    private static let sharedKeys = ["type", "endpoint", "credentials", "rate", "poll"]
    private static let rates = 1...100_000

    func read(_ cursor: Cursor, name: String) -> SourceSettings? {
        guard let entries = cursor.entries() else { return nil }
        guard let type = entries.first(where: { $0.name == "type" })?.value else {
            cursor.reportMissing(
                "type",
                Bilingual("aliyun-ccai 或 aliyun-qualitycheck", "aliyun-ccai or aliyun-qualitycheck")
            )
            return nil
        }
        guard let kind = type.choice(Kind.self) else { return nil }
        let own =
            kind == .ccai
            ? ["roles"] : ["app-key", "version", "method", "signature", "agent-channel"]
        guard let fields = cursor.fields(Self.sharedKeys + own) else { return nil }
        let rate = fields["rate"]?.fields(["qps", "qpm"])
        let credentials = fields["credentials"].map(readCredentials)
        let settings = readKind(kind, fields, cursor)
        guard let settings, credentials?.isSound ?? true else { return nil }
        return SourceSettings(
            name: name, kind: settings, credentials: credentials?.value,
            schedule: readSchedule(fields["poll"]),
            queriesPerSecond: rate?["qps"]?.integer(in: Self.rates) ?? 10,
            queriesPerMinute: rate?["qpm"]?.integer(in: Self.rates) ?? 300)
    }

    private func readKind(
        _ kind: Kind, _ fields: [String: Cursor], _ cursor: Cursor
    ) -> SourceSettings.Kind? {
        do throws(SettingsError) {
            switch kind {
            case .ccai:
                let roles = try readRoles(fields["roles"])
                return .ccai(
                    try AliyunCCAI.Settings(
                        endpoint: fields["endpoint"].flatMap(texts.text)
                            ?? AliyunCCAI.Settings.defaultEndpoint,
                        roles: roles))
            case .qualitycheck:
                guard let appKey = fields["app-key"].flatMap(texts.text) else {
                    if fields["app-key"] == nil { cursor.reportMissing("app-key") }
                    return nil
                }
                return .qualitycheck(
                    try AliyunQualitycheck.Settings(
                        endpoint: fields["endpoint"].flatMap(texts.text)
                            ?? AliyunQualitycheck.Settings.defaultEndpoint,
                        appKey: appKey,
                        version: fields["version"].flatMap(texts.text) ?? "2019-01-15",
                        method: fields["method"].flatMap(texts.text) ?? "POST",
                        signature: fields["signature"].flatMap(texts.text) ?? "v3",
                        agentChannel: fields["agent-channel"]?.integer(in: 0...65_535).map(
                            Int64.init)))
            }
        } catch {
            cursor.report(error, among: fields)
            return nil
        }
    }

    private func readRoles(_ cursor: Cursor?) throws(SettingsError) -> SpeakerRoles {
        guard let fields = cursor?.fields(["agent", "customer"]) else { return .none }
        return try SpeakerRoles(
            agent: (fields["agent"]?.itemsOrOne() ?? []).compactMap { $0.text() },
            customer: (fields["customer"]?.itemsOrOne() ?? []).compactMap { $0.text() })
    }

    /// `default`, or the keys themselves.
    private func readCredentials(_ cursor: Cursor) -> (value: FixedCredentials?, isSound: Bool) {
        guard cursor.isMapping else {
            guard let text = cursor.text() else { return (nil, false) }
            if text == "default" { return (nil, true) }
            cursor.reportChoice(text, among: ["default"])
            return (nil, false)
        }
        let keys = ["access-key-id", "access-key-secret", "security-token"]
        guard let fields = cursor.fields(keys) else { return (nil, false) }
        for key in keys.prefix(2) where fields[key] == nil { cursor.reportMissing(key) }
        guard let id = fields["access-key-id"].flatMap(texts.text),
            let secret = fields["access-key-secret"].flatMap(texts.secret)
        else { return (nil, false) }
        do throws(SettingsError) {
            let credentials = try FixedCredentials(
                accessKeyID: id, accessKeySecret: secret.value,
                securityToken: fields["security-token"].flatMap(texts.secret)?.value)
            return (credentials, true)
        } catch {
            cursor.report(error, among: ["credentials": cursor])
            return (nil, false)
        }
    }

    private func readSchedule(_ cursor: Cursor?) -> PollSchedule {
        var schedule = PollSchedule()
        guard let fields = cursor?.fields(["first", "every", "deadline"]) else { return schedule }
        let unit = PollSchedule.shortestUnit...Duration.seconds(86_400)
        let first = Duration.zero...Duration.seconds(86_400)
        let deadline = Duration.seconds(1)...Duration.seconds(90 * 86_400)
        if let value = fields["first"]?.duration(in: first) { schedule.first = value }
        if let value = fields["every"]?.duration(in: unit) { schedule.every = value }
        if let value = fields["deadline"]?.duration(in: deadline) { schedule.deadline = value }
        return schedule
    }
}
