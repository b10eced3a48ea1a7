import Foundation
package import Pipeline

/// Only one `run` at a time works on a store file: who holds this lock is the one.
///
/// It is a lock of the kernel on a file beside the store, so it ends with the process, however
/// that ends. It keeps no other command from the store.
package final class RunLock: Sendable {
    private let descriptor: CInt
    /// The file of the lock, behind symbolic links.
    private let path: String

    /// How long a run waits for a command that has the lock: it may be migrating.
    package static let patience = Duration.seconds(5)
    /// Between two attempts to take it, in seconds.
    private static let pause = 0.02

    /// Takes the lock of the store at `storePath`, whether or not that file exists yet; a lock that
    /// another has is waited for as long as `patience`.
    ///
    /// Throws `busy` when another process, or another holder in this one, has it; `readOnly`,
    /// `full` or `unavailable` when the lock file cannot be opened.
    package init(storePath: String, patience: Duration = .zero) throws(StoreError) {
        let path = try Self.path(of: StoreFile(path: storePath))
        // The property is set last: an initializer that throws after that runs `deinit` as well,
        // and a second `close` may hit a descriptor that another thread has just opened.
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StoreFile.openFailure(errno, path: path, while: "opening the run lock")
        }
        let reason = Self.take(file, within: patience)
        guard reason == 0 else {
            let holder = Self.holder(file)
            close(file)
            guard reason == EWOULDBLOCK else {
                throw StoreFile.openFailure(reason, path: path, while: "taking the run lock")
            }
            throw StoreError(
                .busy,
                "another run\(holder.map { " (process \($0))" } ?? "") works on \(storePath): stop it first, "
                    + "or give this one a store of its own",
                chinese: "另一个 run\(holder.map { "（进程 \($0)）" } ?? " ")正在用 \(storePath)："
                    + "先停掉它，或给它另配一个库（store）")
        }
        self.path = path
        descriptor = file
        note()
    }

    deinit { close(descriptor) }

    /// Whether it is the lock of this store.
    func covers(_ file: StoreFile) -> Bool { path == Self.path(of: file) }

    private static func path(of file: StoreFile) -> String { file.resolvedPath + ".run" }

    /// Leaves the process's number for the message that a second run will show.
    private func note() {
        let text = "\(getpid())\n"
        // Only a message is poorer when this fails.
        _ = ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    /// 0, or why it was not taken.
    private static func take(_ descriptor: CInt, within patience: Duration) -> CInt {
        let end = ContinuousClock.now + patience
        while true {
            guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return 0 }
            let reason = errno
            guard reason == EWOULDBLOCK, ContinuousClock.now < end else { return reason }
            Thread.sleep(forTimeInterval: pause)
        }
    }

    /// The process that left its number; nil when it cannot be told.
    private static func holder(_ descriptor: CInt) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
