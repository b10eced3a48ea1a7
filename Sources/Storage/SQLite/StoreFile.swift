import Foundation
import GRDB
import Pipeline

/// The file that holds a store: where it is, who may read it, and what its errors mean.
struct StoreFile: Sendable {
    /// Absolute, so that SQLite takes it neither for a URI nor for a special name; or the name of
    /// a store in memory.
    let path: String
    let isInMemory: Bool

    /// The store's file and what SQLite keeps beside it.
    static let suffixes = ["", "-wal", "-shm"]

    static let inMemory = StoreFile(inMemory: "a store in memory")

    private init(inMemory name: String) {
        path = name
        isInMemory = true
    }

    /// Throws `unavailable` for a path that cannot name a file.
    init(path: String) throws(StoreError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StoreError(.unavailable, "opening the store: its path is empty or not a path")
        }
        let isAbsolute = path.hasPrefix("/")
        self.path = isAbsolute ? path : FileManager.default.currentDirectoryPath + "/" + path
        isInMemory = false
    }

    /// The path behind symbolic links, as far as the file exists.
    var resolvedPath: String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// What tells a file from another that bears its name.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let number: UInt64
    }

    /// The file that is at the path now; nil when there is none, or the store is in memory.
    var identity: Identity? {
        var status = stat()
        guard !isInMemory, stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// The folder in which the file itself lies: what SQLite puts beside it goes there.
    private var folder: String {
        let path = resolvedPath
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// Makes the file, readable for its owner alone, when there is none; and says early what would
    /// keep it from being written.
    ///
    /// SQLite gives `-wal` and `-shm` the mode of the file.
    func prepare() throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw Self.openFailure(errno, path: path, while: "making the store")
        }
        // Not `open`: closing a second descriptor would drop SQLite's locks in this process.
        for place in [resolvedPath, folder] where access(place, W_OK) != 0 {
            throw Self.openFailure(errno, path: place, while: "opening the store \(path)")
        }
    }

    /// Takes away what others than the owner may do with a file that was made elsewhere.
    ///
    /// It is called once the file is known to be a store. A file of another owner keeps its mode.
    func restrict() {
        for suffix in Self.suffixes { chmod(resolvedPath + suffix, 0o600) }
    }

    /// What a failed system call means.
    static func openFailure(
        _ code: CInt, path: String, while action: String
    ) -> StoreError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT:
            return StoreError(.full, "\(action): no room at \(path): free some space")
        case EROFS, EACCES, EPERM:
            return StoreError(
                .readOnly,
                "\(action): \(path) cannot be written (\(reason)): make it writable for this user")
        case ENOENT:
            return StoreError(
                .unavailable, "\(action): there is no such folder for \(path): make it first")
        default:
            return StoreError(.unavailable, "\(action): \(path): \(reason)")
        }
    }
}

extension StoreFile {
    /// What an error of SQLite means, and what to do about it.
    func failure(_ error: any Error, while action: String) -> StoreError {
        guard let error = error as? DatabaseError else {
            return error as? StoreError ?? StoreError(.failed, "\(action) in \(path): \(error)")
        }
        let place = "\(action) in \(path)"
        switch error.resultCode {
        case .SQLITE_FULL:
            return full(place)
        case .SQLITE_IOERR where hasNoRoom:
            return full(place)
        case .SQLITE_READONLY:
            return StoreError(
                .readOnly, "\(place): it cannot be written: make the file and its folder writable")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError(
                .busy, "\(place): another process keeps it locked: try again when that has ended")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            let reason = error.message ?? "damaged"
            return StoreError(
                .corrupt,
                "\(place): \(reason): restore the file from a backup, or move it away to begin anew"
            )
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return StoreError(
                .unavailable,
                "\(place): it cannot be opened: see that it is a file which this user may write")
        case .SQLITE_MISUSE:
            return StoreError(.unavailable, "\(place): the store is closed")
        case .SQLITE_ERROR where error.message == "malformed JSON":
            return StoreError(
                .corrupt,
                "\(place): a row holds broken JSON: correct it, or restore the file from a backup")
        default:
            let reason = error.message ?? error.resultCode.description
            return StoreError(.failed, "\(place): \(reason) (\(error.extendedResultCode))")
        }
    }

    private func full(_ place: String) -> StoreError {
        StoreError(.full, "\(place): the disk is full, nothing of this was kept: free some space")
    }

    /// Whether the file system has no block left: some calls then fail as input or output errors.
    private var hasNoRoom: Bool {
        var status = statvfs()
        return !isInMemory && statvfs(folder, &status) == 0 && status.f_bavail == 0
    }
}
