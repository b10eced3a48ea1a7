import ArgumentParser
import CEL
import Foundation
import Pipeline
import Storage

/// Settings and rules, loaded: what every command but the simplest starts from.
struct Workspace: Sendable {
    let settings: Settings
    let rules: RuleSet
    let findings: [Finding]

    static let settingsPlaces = ["tocsin.yaml", "/etc/tocsin/tocsin.yaml"]

    /// What a command works with.
    enum Need {
        /// The store alone: secrets that only the daemon can read do not matter.
        case store
        /// The store, the sources and the channels.
        case connections
        case everything
    }

    /// Loads both, prints what is wrong on the error stream, and throws exit code 78 when they
    /// cannot be used.
    ///
    /// Commands that only look at the store need no rules.
    static func load(_ options: CommonOptions, for need: Need = .everything) throws -> Workspace {
        let (path, text) = try SettingsFile.find(options.config)
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let findings = Findings()
        let settings = readSettings(text, named: path, folder: folder, findings)
        if let settings, settings.namesLanguage { Output.use(settings.language.ofFindings) }
        var documents: [Document] = []
        if need == .everything, let settings {
            documents = try RuleFiles.read(settings.rulePaths, findings)
        }
        return try workspace(settings, documents, findings, for: need)
    }

    /// The same from texts at hand.
    static func load(
        settings text: String, named name: String, folder: String,
        rules: [(name: String, text: String)]
    ) throws -> Workspace {
        let findings = Findings()
        let settings = readSettings(text, named: name, folder: folder, findings)
        let documents = rules.map { Document(name: $0.name, text: $0.text) }
        return try workspace(settings, documents, findings)
    }

    /// Everything that is wrong, without an end: for `check`.
    static func check(_ options: CommonOptions) throws -> (findings: [Finding], rules: RuleSet?) {
        let (path, text) = try SettingsFile.find(options.config)
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let findings = Findings()
        let settings = readSettings(text, named: path, folder: folder, findings)
        if let settings, settings.namesLanguage { Output.use(settings.language.ofFindings) }
        let documents = try settings.map { try RuleFiles.read($0.rulePaths, findings) } ?? []
        let rules = RuleLoader.load(
            documents, channels: settings.map { Set($0.channels.map(\.name)) }, findings: findings)
        return (findings.sorted(), rules)
    }

    func openStore(holding lock: RunLock? = nil) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: settings.storePath, holding: lock)
        } catch {
            Output.error(error.text(in: Output.language))
            throw Exit.findings
        }
    }

    private static func readSettings(
        _ text: String, named name: String, folder: String, _ findings: Findings
    ) -> Settings? {
        let interpolation = Interpolation(
            folder: folder, environment: ProcessInfo.processInfo.environment)
        return SettingsReader(interpolation: interpolation, findings: findings).read(
            Document(name: name, text: text, masksSecrets: true))
    }

    private static func workspace(
        _ settings: Settings?, _ documents: [Document], _ findings: Findings,
        for need: Need = .everything
    ) throws -> Workspace {
        if need == .store, let settings,
            let rules = RuleLoader.load([], findings: Findings())
        {
            return Workspace(settings: settings, rules: rules, findings: findings.sorted())
        }
        let channels = settings.map { Set($0.channels.map(\.name)) }
        let rules = RuleLoader.load(documents, channels: channels, findings: findings)
        let errors = findings.sorted().filter { $0.severity == .error }
        for finding in errors { Output.error(finding.rendered(in: Output.language)) }
        guard errors.isEmpty, let settings, let rules else { throw Exit.configuration }
        if need == .everything, rules.rules.isEmpty {
            Output.error(
                Output.words(
                    "警告：一条规则也没有，任务会读完而不告警", "warning: there is no rule; tasks end without any alert"
                ))
        }
        return Workspace(settings: settings, rules: rules, findings: findings.sorted())
    }
}

/// Where the settings file is.
enum SettingsFile {
    static func find(_ path: String?) throws -> (path: String, text: String) {
        let candidates = path.map { [$0] } ?? Workspace.settingsPlaces
        for candidate in candidates where FileManager.default.fileExists(atPath: candidate) {
            guard let text = Files.text(at: candidate) else {
                Output.error(
                    Output.words(
                        "\(candidate)：读不了，或不是 UTF-8，或大于 1 MiB",
                        "\(candidate): cannot be read, is not UTF-8, or is larger than 1 MiB"))
                throw Exit.configuration
            }
            return (URL(filePath: candidate).standardizedFileURL.path, text)
        }
        let places = candidates.joined(separator: ", ")
        Output.error(
            Output.words(
                "没有设置文件（找过 \(places)）。用 tocsin init 写一个",
                "no settings file (looked for \(places)). tocsin init writes one"))
        throw Exit.configuration
    }
}

/// The rule files that the settings name, in a fixed order.
enum RuleFiles {
    static func read(_ paths: [String], _ findings: Findings) throws -> [Document] {
        var documents: [Document] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                findings.addMissing(path)
                continue
            }
            let files = isFolder.boolValue ? yamlFiles(in: path) : [path]
            for file in files {
                guard let text = Files.text(at: file) else {
                    findings.addUnreadable(file)
                    continue
                }
                documents.append(Document(name: file, text: text))
            }
        }
        return documents
    }

    private static func yamlFiles(in folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
        return found.compactMap { $0 as? String }
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
            .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
            .sorted().map { "\(folder)/\($0)" }
    }
}

/// Small text files.
enum Files {
    /// Nil when it cannot be read, is not UTF-8, or is larger than a document may be.
    static func text(at path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        do {
            let data = try file.read(upToCount: Document.sizeLimit + 1) ?? Data()
            return data.count <= Document.sizeLimit ? String(data: data, encoding: .utf8) : nil
        } catch {
            return nil
        }
    }
}
