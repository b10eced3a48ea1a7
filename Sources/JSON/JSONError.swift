import CEL

/// Why a text is not a JSON document that can be read; it holds nothing of the text.
package enum JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case tooLarge
    case tooDeep
    case invalidUTF8
    /// A number over what a double can hold, or written as JSON does not allow.
    case invalidNumber
    /// Cut off, or not JSON at all.
    case malformed
    case outOfMemory

    package var description: String {
        switch self {
        case .empty: "it is empty"
        case .tooLarge:
            "it has over \(JSONLimits.bytes) bytes or \(JSONLimits.names) different names"
        case .tooDeep: "it is nested deeper than \(JSONLimits.depth) levels"
        case .invalidUTF8: "it is not valid UTF-8"
        case .invalidNumber: "a number in it cannot be read"
        case .malformed: "it is cut off or not JSON"
        case .outOfMemory: "there is no memory to read it"
        }
    }
}

/// How much a document may hold.
package enum JSONLimits {
    package static let bytes = 64 << 20
    /// Arrays and objects inside one another.
    package static let depth = Tape.nestingLimit
    /// Different member names, the tape's own empty one included.
    package static let names = 1 << 20
}
