import CEL
import Foundation
import JSON

/// A folder of inputs: `expressions.json`, `rules100.json` and conversations.
///
/// The conversation's members are the variables.
struct InputFolder {
    /// An expression with its name.
    struct Entry {
        let name: String
        let source: String
    }

    let expressions: [Entry]
    let rules: [Entry]
    /// The conversation's JSON text, with the room behind it that a received body has.
    let conversation: [UInt8]

    init(_ path: String, conversation name: String) throws {
        let folder = URL(filePath: path)
        func bytes(_ name: String) throws -> [UInt8] {
            let data = try Data(contentsOf: folder.appending(path: name))
            var bytes: [UInt8] = []
            bytes.reserveCapacity(data.count + Self.padding)
            bytes += data
            return bytes
        }
        func entries(_ name: String) throws -> [Entry] {
            try JSON.parse(bytes(name)).root.elements.map { entry in
                guard let name = entry["name"]?.string, let source = entry["expr"]?.string else {
                    throw InputError(reason: "an entry of \(name) has no name or expr")
                }
                return Entry(name: name, source: source)
            }
        }
        expressions = try entries("expressions.json")
        rules = try entries("rules100.json")
        conversation = try bytes(name)
    }

    /// The room that the parser wants behind a text, so as to read it in place.
    static let padding = 64

    /// From the text to the activation.
    func activation(_ environment: Environment) throws -> Activation {
        let tape = try JSON.parse(conversation)
        var activation = Activation(environment)
        for name in Declarations.variables {
            if let node = tape.root[name] { activation.set(name, to: node) }
        }
        return activation
    }
}

/// Why an input cannot be used.
struct InputError: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}
