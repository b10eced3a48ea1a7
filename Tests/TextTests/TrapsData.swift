import CEL
import Foundation

/// Expressions that trip implementations, with the answers of two of them, in the JSON form
/// described beside them.
enum TrapsData {
    /// The file, when there is one.
    static let file: URL? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let url = root.appending(path: "../shared/data/cel/traps/traps.json")
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }()

    static var isPresent: Bool { file != nil }

    struct Content: Decodable {
        var sections: [Section]
    }

    struct Section: Decodable {
        var name: String
        var tests: [Trap]
    }

    struct Trap: Decodable {
        var expr: String
        var verdict: String
        var expect: ConformanceData.Expectation?
        var peers: [String: Peer]

        /// The type that the one of them which tells it has deduced; nil when it refused.
        var deducedType: String? { peers["cel-go"]?.checkedType }
    }

    struct Peer: Decodable {
        var checkedType: String?
    }

    static func load() throws -> [Section] {
        guard let file else { return [] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Content.self, from: Data(contentsOf: file)).sections
    }
}
