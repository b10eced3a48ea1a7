import Channels
import Pipeline

/// Reads `tocsin.yaml`; every mistake is a finding at its place.
struct SettingsReader {
    let interpolation: Interpolation
    let findings: Findings

    private static let keys = [
        "language", "store", "rules", "listen", "intake", "network", "keep", "sources", "channels",
        "routes",
    ]
    static let longest = Duration.seconds(3650 * 86_400)

    /// Nil when the file cannot be used at all; otherwise look at the findings.
    func read(_ document: Document) -> Settings? {
        guard let root = Cursor.root(of: document, findings), let fields = root.fields(Self.keys)
        else { return nil }
        for key in ["listen", "intake"] {
            fields[key]?.reportNotYet("`\(key)`")
        }
        var settings = Settings(
            storePath: readStore(fields["store"]), rulePaths: readRules(fields["rules"]))
        if let language = fields["language"]?.choice(MessageContext.Language.self) {
            settings.language = language
            settings.namesLanguage = true
        }
        if let network = fields["network"] {
            settings.network = NetworkReader(texts: texts).read(network, over: NetworkSettings())
        }
        if let keep = fields["keep"] { settings.keep = readKeep(keep) }
        for (key, name, value) in fields["sources"]?.entries() ?? [] where isSound(name, key) {
            let reader = SourceReader(texts: texts)
            if let source = reader.read(value, name: name) { settings.sources.append(source) }
        }
        // A channel with a mistake of its own is not unknown as well.
        let names = Set((fields["channels"]?.entries() ?? []).map(\.name))
        for (key, name, value) in fields["channels"]?.entries() ?? [] where isSound(name, key) {
            let reader = ChannelReader(
                texts: texts, network: settings.network, names: names)
            let channel = reader.read(value, name: name)
            if let channel { settings.channels.append(channel) }
            settings.switches[name] = channel?.isEnabled ?? true
        }
        if let routes = fields["routes"] {
            settings.routes = RouteReader(channels: names).read(routes)
        }
        return settings
    }

    /// The names of all channels of the file, also of those with mistakes.
    var texts: SettingsTexts { SettingsTexts(interpolation: interpolation) }

    private func readStore(_ field: Cursor?) -> String {
        guard let text = field.flatMap(texts.text) else { return interpolation.path("tocsin.db") }
        if text.hasPrefix("sqlite:") {
            let path = text.dropFirst("sqlite:".count)
            if !path.isEmpty { return interpolation.path(String(path)) }
        } else if text.hasPrefix("postgresql:") || text.hasPrefix("postgres:") {
            field?.reportNotYet("`postgresql:`")
            return interpolation.path("tocsin.db")
        }
        field?.report(
            "bad-store", Bilingual("`store` 应是 sqlite:路径", "`store` must be sqlite:PATH"),
            hint: Bilingual("例如 sqlite:tocsin.db", "for example sqlite:tocsin.db"))
        return interpolation.path("tocsin.db")
    }

    private func readRules(_ field: Cursor?) -> [String] {
        guard let field else { return [interpolation.path("rules")] }
        return (field.itemsOrOne() ?? []).compactMap { texts.text($0) }.map(interpolation.path)
    }

    private func readKeep(_ cursor: Cursor) -> Keep {
        var keep = Keep()
        guard let fields = cursor.fields(["results", "alerts"]) else { return keep }
        let bounds = Duration.seconds(3600)...Self.longest
        if let results = fields["results"]?.duration(in: bounds) { keep.results = results }
        if let alerts = fields["alerts"]?.duration(in: bounds) { keep.alerts = alerts }
        return keep
    }

    private func isSound(_ name: String, _ key: Cursor) -> Bool {
        if name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}/) != nil { return true }
        key.report(
            "bad-name",
            Bilingual("名字只用字母、数字和 - _ .", "a name has letters, digits and - _ . only"))
        return false
    }
}

/// Texts of the settings with `${…}` resolved; what is missing is a finding, never a value.
struct SettingsTexts {
    let interpolation: Interpolation

    func text(_ cursor: Cursor) -> String? {
        outcome(cursor)?.text
    }

    /// A secret; one that stands in the file itself is a warning.
    func secret(_ cursor: Cursor) -> Secret? {
        guard let outcome = outcome(cursor) else { return nil }
        if !outcome.isInterpolated {
            cursor.report(
                "inline-secret",
                Bilingual("机密直接写在文件里", "a secret stands in the file itself"),
                hint: Bilingual(
                    "改用 \"${env:NAME}\" 或 \"${file:PATH}\"",
                    "use \"${env:NAME}\" or \"${file:PATH}\""),
                severity: .warning)
        }
        return Secret(outcome.text)
    }

    /// The pieces of a text that is a part of the one at the cursor; nil with a finding.
    func pieces(of text: String, at cursor: Cursor) -> [InterpolatedText]? {
        do throws(Interpolation.Problem) {
            return try interpolation.pieces(of: text).map { piece in
                InterpolatedText(piece.text, isSecret: piece.isInterpolated, offset: piece.offset)
            }
        } catch {
            report(error, at: cursor)
            return nil
        }
    }

    private func outcome(_ cursor: Cursor) -> Interpolation.Outcome? {
        guard let text = cursor.text() else { return nil }
        do throws(Interpolation.Problem) {
            return try interpolation.resolve(text)
        } catch {
            report(error, at: cursor)
            return nil
        }
    }

    private func report(_ problem: Interpolation.Problem, at cursor: Cursor) {
        let message =
            switch problem {
            case .unclosed: Bilingual("`${` 没有对应的 `}`", "`${` has no `}`")
            case .unknownKind(let kind):
                Bilingual(
                    "`${\(kind)…}` 不认识，可用 env: 和 file:",
                    "`${\(kind)…}` is not known; env: and file: are")
            case .missingVariable(let name):
                Bilingual("环境变量 \(name) 没有设置", "the environment variable \(name) is not set")
            case .unreadableFile(let path):
                Bilingual(
                    "读不了文件 \(path)（或大于 64 KiB）",
                    "the file \(path) cannot be read (or is larger than 64 KiB)")
            }
        cursor.report("bad-interpolation", message)
    }
}

extension Cursor {
    /// Known, planned, and refused by name.
    func reportNotYet(_ what: String) {
        report(
            "not-in-this-release",
            Bilingual("这个版本还没有 \(what)", "\(what) is not in this release"))
    }
}
