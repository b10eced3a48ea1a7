import CEL
import Foundation
import JSON

/// The golden data, where the checkout has it: the folder beside the package, or the one that
/// `TOCSIN_DATA` names.
enum Golden {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["TOCSIN_DATA"] {
            return URL(fileURLWithPath: path)
        }
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("shared/data")
    }()

    static func isThere(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: url(name).path)
    }

    /// One of the files `aliyun/….json`, read by our own parser.
    static func read(_ name: String) throws -> Tape.Node {
        try JSON.parse(Array(Data(contentsOf: url(name)))).root
    }

    private static func url(_ name: String) -> URL {
        folder.appendingPathComponent("aliyun/\(name).json")
    }
}
