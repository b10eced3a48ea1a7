import Foundation

/// What the chain looks at on its host: a port, so that it can be tested without touching any.
package struct CredentialsHost: Sendable {
    /// The value of a variable of the environment.
    package var environment: @Sendable (String) -> String?
    /// The content of a file, up to ``fileLimit`` bytes.
    package var readFile: @Sendable (String) throws(CredentialsFileError) -> [UInt8]
    /// The folder that `~` stands for.
    package var home: String?

    /// The most bytes of a credentials file.
    package static let fileLimit = 1 << 20

    package init(
        environment: @escaping @Sendable (String) -> String?,
        readFile: @escaping @Sendable (String) throws(CredentialsFileError) -> [UInt8],
        home: String?
    ) {
        self.environment = environment
        self.readFile = readFile
        self.home = home
    }

    /// This process and its files.
    package static let process = CredentialsHost(
        environment: { ProcessInfo.processInfo.environment[$0] },
        readFile: { path throws(CredentialsFileError) in try contents(of: path) },
        home: ProcessInfo.processInfo.environment["HOME"])

    private static func contents(of path: String) throws(CredentialsFileError) -> [UInt8] {
        let data: Data
        do {
            // Opened and read up to the limit, so that a device or a huge file does no harm.
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            data = try handle.read(upToCount: fileLimit + 1) ?? Data()
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw .missing
        } catch {
            throw .unreadable
        }
        guard data.count <= fileLimit else { throw .tooLarge }
        return Array(data)
    }
}

/// Why a file could not be read.
package enum CredentialsFileError: Error, Hashable, Sendable {
    case missing, unreadable, tooLarge

    var words: String {
        switch self {
        case .missing: "is not there"
        case .unreadable: "cannot be read"
        case .tooLarge: "is over \(CredentialsHost.fileLimit) bytes"
        }
    }
}
