import Channels
import Networking
import Pipeline

/// Reads one channel of the settings.
struct ChannelReader {
    let texts: SettingsTexts
    /// Of all channels; a channel's own `network` changes it.
    var network: NetworkSettings
    /// All channels of the file.
    let names: Set<String>

    static let attempts = 1...20
    static let longestPause = Duration.seconds(7 * 86_400)
    static let rates = 1...100_000

    func read(_ cursor: Cursor, name: String) -> ChannelSettings? {
        guard let entries = cursor.entries() else { return nil }
        let known = ChannelKind.all.map(\.name)
        guard let type = entries.first(where: { $0.name == "type" })?.value else {
            let names = known.joined(separator: ", ")
            cursor.reportMissing("type", Bilingual(names, names))
            return nil
        }
        guard let chosen = type.text() else { return nil }
        guard let kind = ChannelKind.all.first(where: { $0.name == chosen }) else {
            type.reportChoice(chosen, among: known)
            return nil
        }
        let keys = SettingKey.ofEveryChannel.map(\.name) + kind.keys
        guard let fields = cursor.fields(keys) else { return nil }
        // What is missing may be the one that is misspelt.
        let isSpelt = entries.allSatisfy { keys.contains($0.name) }
        let own = fields["network"].map { field in
            NetworkReader(texts: texts, isOfMail: kind.isMail).read(field, over: network)
        }
        var reader = self
        reader.network = own ?? network
        guard let plan = reader.read(kind, fields, cursor, isSpelt) else { return nil }
        let rate = fields["rate"]?.fields(["per-minute"])
        let perMinute = rate?["per-minute"]?.integer(in: Self.rates)
        return ChannelSettings(
            name: name, plan: plan, retrying: readRetry(fields["retry"]),
            messagesPerMinute: perMinute ?? plan.messagesPerMinute,
            isEnabled: fields["enabled"]?.bool() ?? true,
            fallback: fields["fallback"].flatMap { readFallback($0, of: name) },
            connection: own?.connection)
    }

    /// Another channel of the file.
    private func readFallback(_ field: Cursor, of name: String) -> String? {
        guard let fallback = field.text() else { return nil }
        let others = names.subtracting([name]).sorted()
        guard fallback != name else {
            field.report(
                "unknown-value",
                Bilingual("通道不能做自己的后备", "a channel cannot be its own fallback"),
                hint: others.isEmpty
                    ? nil
                    : Bilingual(
                        "可用的值：\(others.joined(separator: ", "))",
                        "possible values: \(others.joined(separator: ", "))"))
            return nil
        }
        guard others.contains(fallback) else {
            field.reportChoice(fallback, among: others)
            return nil
        }
        return fallback
    }

    private func read(
        _ kind: ChannelKind, _ fields: [String: Cursor], _ cursor: Cursor, _ isSpelt: Bool
    ) -> (any ChannelPlan)? {
        let before = cursor.findings.all.count { $0.severity == .error }
        do throws(SettingsError) {
            return try kind.read(
                ChannelFields(fields: fields, texts: texts, allowed: network.allowed))
        } catch {
            // What a text lacked was told already where it was read.
            let isNew = cursor.findings.all.count(where: { $0.severity == .error }) == before
            if isNew, isSpelt || error.problem != .missing {
                cursor.report(error, among: fields)
            }
            return nil
        }
    }

    private func readRetry(_ field: Cursor?) -> Retrying {
        guard let field, let items = field.items() else { return Retrying() }
        let bounds = Duration.zero...Self.longestPause
        let pauses = items.compactMap { $0.duration(in: bounds) }
        guard Self.attempts.contains(items.count) else {
            field.report(
                "out-of-range", Bilingual("`retry` 要有 1 到 20 项", "`retry` has 1 to 20 entries"))
            return Retrying()
        }
        return pauses.count == items.count ? Retrying(schedule: pauses) : Retrying()
    }
}

extension Cursor {
    /// A setting that its source or channel cannot use: a finding where it stands among `fields`,
    /// or here when it does not.
    func report(_ error: SettingsError, among fields: [String: Cursor]) {
        let names = error.key.split(separator: ".").map(String.init)
        var place = names.first.flatMap { fields[$0] }
        for name in names.dropFirst() where place?.isMapping == true {
            place = place?.entries()?.first { $0.name == name }?.value ?? place
        }
        let code =
            switch error.problem {
            case .missing: "missing-key"
            case .notInThisRelease: "not-in-this-release"
            case .tooMany, .wrong: "bad-setting"
            }
        (place ?? self).report(code, error.message, hint: error.hint)
    }
}
