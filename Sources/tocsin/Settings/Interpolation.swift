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

    /// A stretch of a text, and whether it was put in; where it starts, in UTF-8 bytes.
    struct Piece {
        var text: String
        var isInterpolated: Bool
        var offset: Int
    }

    /// One trailing line end of a file is cut; `$` without a brace stands for itself.
    func resolve(_ text: String) throws(Problem) -> Outcome {
        let pieces = try pieces(of: text)
        return Outcome(
            text: pieces.map(\.text).joined(),
            isInterpolated: pieces.contains(where: \.isInterpolated))
    }

    /// The same in its pieces.
    func pieces(of text: String) throws(Problem) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text)
        func add(_ piece: String, _ isInterpolated: Bool, at index: String.Index) {
            let offset = text.utf8.distance(from: text.startIndex, to: index)
            pieces.append(Piece(text: piece, isInterpolated: isInterpolated, offset: offset))
        }
        while let start = rest.firstRange(of: "${") {
            add(String(rest[..<start.lowerBound]), false, at: rest.startIndex)
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw .unclosed
            }
            let value = try value(of: rest[start.upperBound..<end])
            add(value, true, at: start.lowerBound)
            rest = rest[rest.index(after: end)...]
        }
        add(String(rest), false, at: rest.startIndex)
        return pieces.filter { $0.isInterpolated || !$0.text.isEmpty }
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
