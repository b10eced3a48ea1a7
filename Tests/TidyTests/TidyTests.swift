import Foundation
import Testing

/// The house rules that a machine can check.
@Suite struct TidyTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    struct SourceFile {
        let path: String
        let lines: [Substring]

        /// The lines without comments and without what stands in quotes.
        var code: [(number: Int, text: String)] {
            lines.enumerated().map { number, line in
                let unquoted = line.replacing(/"(?:[^"\\]|\\.)*"/, with: "\"\"")
                let text = unquoted.prefix(
                    upTo: unquoted.firstRange(of: "//")?.lowerBound
                        ?? unquoted.endIndex)
                return (number + 1, String(text))
            }
        }
    }

    static func files(under folder: String) -> [SourceFile] {
        let base = root.appending(path: folder)
        let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
        return (found?.allObjects ?? []).compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" }
            .sorted { $0.path < $1.path }
            .compactMap { url in
                guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
                let path = String(url.path.dropFirst(root.path.count + 1))
                return SourceFile(
                    path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                )
            }
    }

    /// Where `pattern` stands in the code of `folder`, as `file:line`.
    static func places(
        of pattern: Regex<Substring>, in folder: String, except: [String] = []
    ) -> [String] {
        files(under: folder).filter { !except.contains($0.path) }.flatMap { file in
            file.code.filter { $0.text.contains(pattern) }.map { "\(file.path):\($0.number)" }
        }
    }

    @Test func thereAreSourcesToLookAt() {
        #expect(Self.files(under: "Sources").count > 50)
    }

    @Test func noFileIsLongerThan500Lines() {
        let long = ["Sources", "Tests", "Benchmarks"].flatMap(Self.files(under:))
            .filter { $0.lines.count > 501 }.map(\.path)
        #expect(long == [])
    }

    @Test func stagesDecideAndDoNothingElse() {
        let folder = "Sources/Pipeline/Stages"
        #expect(Self.places(of: /\b(?:async|await|Logger|WallClock|Date)\b/, in: folder) == [])
        #expect(Self.places(of: /^(?:package |internal )?import Logging/, in: folder) == [])
    }

    @Test func theLanguageStandsOnTheStandardLibraryAlone() {
        #expect(Self.places(of: /\bimport\s+(?!Synchronization\b)\w+/, in: "Sources/CEL") == [])
    }

    @Test func theDomainReadsNoClockAndDrawsNoChance() {
        let pattern =
            /\bDate\(|\.random\(|\.shuffled\(|\.randomElement\(|ContinuousClock|SuspendingClock/
        #expect(Self.places(of: pattern, in: "Sources/Pipeline") == [])
    }

    @Test func concurrencyIsStructured() {
        // A server's end has to outlive the cancellation that asks for it; the place says why.
        let allowed = ["Sources/StandIns/Loopback/OrderlyEnd.swift"]
        let found = Self.places(
            of: /\bTask\s*(?:\.detached|\.immediate)?\s*(?:\([^)]*\)\s*)?\{/, in: "Sources",
            except: allowed)
        #expect(found == [])
    }

    @Test func whatIsForcedSaysWhy() {
        let forced = /@unchecked Sendable|nonisolated\(unsafe\)|\btry!|\bas!/
        var silent: [String] = []
        for file in Self.files(under: "Sources") {
            for (number, text) in file.code where text.contains(forced) {
                let around = file.lines[max(0, number - 4)..<min(file.lines.count, number + 2)]
                if !around.contains(where: { $0.lowercased().contains("because") }) {
                    silent.append("\(file.path):\(number)")
                }
            }
        }
        #expect(silent == [])
    }

    @Test func nothingIsLeftForLater() {
        let found = ["Sources", "Tests", "Benchmarks"].flatMap(Self.files(under:)).flatMap { file in
            file.lines.enumerated().filter { $0.element.contains(/\b(?:TODO|FIXME|XXX)\b/) }
                .map { "\(file.path):\($0.offset + 1)" }
        }.filter { !$0.hasPrefix("Tests/TidyTests/") }
        #expect(found == [])
    }

    @Test func onlyNetworkingAndTheStandInsTouchTheNetwork() {
        let pattern = /\b(?:URLSession|FoundationNetworking|AsyncHTTPClient)\b/
        #expect(Self.places(of: pattern, in: "Sources") == [])
        let sockets = Self.places(of: /\bimport\s+(?:NIO\w*|Hummingbird)/, in: "Sources")
            .filter { !$0.hasPrefix("Sources/StandIns/") && !$0.hasPrefix("Sources/Console/") }
        #expect(sockets == [])
    }
}
