import CEL
import Foundation

/// The conformance tests of the language's specification, in the JSON form described beside them.
enum ConformanceData {
    /// The folder with the files, when there is one.
    static let folder: URL? = {
        let given = ProcessInfo.processInfo.environment["CEL_CONFORMANCE"]
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let url =
            given.map { URL(filePath: $0) }
            ?? root.appending(path: "../shared/data/cel/conformance")
        return FileManager.default.fileExists(atPath: url.appending(path: "basic.json").path)
            ? url : nil
    }()

    static var isPresent: Bool { folder != nil }

    struct File: Decodable {
        var file: String
        var sections: [Section]
    }

    struct Section: Decodable {
        var tests: [Test]
    }

    struct Test: Decodable {
        var id: String
        var expr: String
        var container: String
        var disableMacros: Bool
        var disableCheck: Bool
        var checkOnly: Bool
        var typeEnv: [Declaration]
        var bindings: [Binding]
        var expect: Expectation
    }

    struct Binding: Decodable {
        var name: String
        var value: Content
    }

    struct Expectation: Decodable {
        var kind: String
        var value: Content?
        var deducedType: TypeContent?
    }

    struct Declaration: Decodable {
        var kind: String
        var name: String
        var type: TypeContent?
        var overloads: [OverloadContent]?
    }

    struct OverloadContent: Decodable {
        var id: String
        var isInstance: Bool
        var params: [TypeContent]
        var result: TypeContent
    }

    final class TypeContent: Decodable {
        var kind: String
        var name: String?
        var params: [TypeContent]?
    }

    /// A value in the tagged form.
    struct Content: Decodable {
        var value: Value?

        private enum Key: String, CodingKey { case type, value, seconds, nanos, wrapped }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            func text() throws -> String { try container.decode(String.self, forKey: .value) }
            switch try container.decode(String.self, forKey: .type) {
            case "null": value = .null
            case "bool": value = .bool(try container.decode(Bool.self, forKey: .value))
            case "int": value = Int64(try text()).map { .int($0) }
            case "uint": value = UInt64(try text()).map { .uint($0) }
            case "double": value = Double(try text()).map { .double($0) }
            case "string": value = .string(try text())
            case "bytes": value = Data(base64Encoded: try text()).map { .bytes(Array($0)) }
            case "type": value = .type(try text())
            case "list":
                let elements = try container.decode([Content].self, forKey: .value)
                value = .list(elements.compactMap(\.value))
            case "map":
                let entries = try container.decode([[Content]].self, forKey: .value)
                value = .map(
                    Dictionary(
                        entries.compactMap { entry in
                            guard let key = entry[0].value, let value = entry[1].value else {
                                return nil
                            }
                            return (key, value)
                        }
                    ) { $1 })
            case "timestamp":
                let seconds = Int64(try container.decode(String.self, forKey: .seconds)) ?? 0
                let nanos = try container.decode(Int32.self, forKey: .nanos)
                value = .timestamp(Timestamp(seconds: seconds, nanoseconds: nanos))
            case "duration":
                let seconds = Int64(try container.decode(String.self, forKey: .seconds)) ?? 0
                let nanos = try container.decode(Int64.self, forKey: .nanos)
                value = .duration(.seconds(seconds) + .nanoseconds(nanos))
            case "optional":
                let inner = try container.decodeIfPresent(Content.self, forKey: .value)
                value = .optional(inner?.value)
            default: value = nil
            }
        }
    }

    static func load(_ name: String) throws -> [Test] {
        guard let folder else { return [] }
        let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(File.self, from: data).sections.flatMap(\.tests)
    }

    /// Whether two values are the same, NaN being NaN, and -0 not 0.
    static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.double(let left), .double(let right)):
            left.isNaN && right.isNaN || left.bitPattern == right.bitPattern
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
        case (.map(let left), .map(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { isSame(value, $0) } ?? false }
        default: left == right
        }
    }
}

extension ConformanceData.TypeContent {
    var type: ValueType {
        let parameters = (params ?? []).map(\.type)
        switch kind {
        case "null": return .null
        case "bool": return .bool
        case "int": return .int
        case "uint": return .uint
        case "double": return .double
        case "string": return .string
        case "bytes": return .bytes
        case "timestamp": return .timestamp
        case "duration": return .duration
        case "list": return .list(parameters[0])
        case "map": return .map(parameters[0], parameters[1])
        case "type": return .type(parameters.first ?? .dyn)
        case "type_param": return .parameter(name ?? "")
        case "opaque": return .opaque(name ?? "", parameters)
        default: return .dyn
        }
    }
}
