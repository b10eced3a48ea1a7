import Foundation
import Pipeline

/// Puts `${env:NAME}` and `${file:PATH}` into the texts of the settings.
struct Interpolation: Sendable {
    /// Where relative paths start.
    let folder: String
    let environment: [String: String]

    /// The most bytes of a file that holds one value.
    static let fileLimit = 64 << 10

    /// What came out, and whether anything was put in.
    struct Outcome {
        var text: String
        var isInterpolated: Bool
    }

    enum Problem: Error, Hashable {
        case unclosed
        case unknownKind(String)
        case missingVariable(String)
        case unreadableFile(String)
    }

    /// One trailing line end of a file is cut; `$` without a brace stands for itself.
    func resolve(_ text: String) throws(Problem) -> Outcome {
        var outcome = Outcome(text: "", isInterpolated: false)
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            outcome.text += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw .unclosed
            }
            outcome.text += try value(of: rest[start.upperBound..<end])
            outcome.isInterpolated = true
            rest = rest[rest.index(after: end)...]
        }
        outcome.text += rest
        return outcome
    }

    /// The path, from the settings file's folder when it is relative.
    func path(_ text: String) -> String {
        guard !text.hasPrefix("/") else { return text }
        return URL(filePath: text, relativeTo: URL(filePath: folder, directoryHint: .isDirectory))
            .standardizedFileURL.path
    }

    private func value(of reference: Substring) throws(Problem) -> String {
        let parts = reference.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw .unknownKind(String(reference)) }
        switch parts[0] {
        case "env":
            guard let value = environment[parts[1]] else { throw .missingVariable(parts[1]) }
            return value
        case "file":
            guard let file = FileHandle(forReadingAtPath: path(parts[1])),
                let data = try? file.read(upToCount: Self.fileLimit + 1),
                data.count <= Self.fileLimit, let text = String(data: data, encoding: .utf8)
            else { throw .unreadableFile(parts[1]) }
            return text.hasSuffix("\r\n")
                ? String(text.dropLast()) : text.hasSuffix("\n") ? String(text.dropLast()) : text
        default: throw .unknownKind(parts[0])
        }
    }
}
