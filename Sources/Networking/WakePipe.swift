import Glibc

/// What ends a thread's wait for sockets, from any other thread.
///
/// https://cr.yp.to/docs/selfpipe.html
final class WakePipe: Sendable {
    /// Readable from a ring to the next ``quiet()``.
    let bell: Int32
    private let rope: Int32

    /// Nil when the process or the system has no descriptor left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        (bell, rope) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(bell)
        close(rope)
    }

    func ring() {
        // A failure means that the pipe is full of rings.
        var byte: UInt8 = 0
        _ = unsafe write(rope, &byte, 1)
    }

    /// Takes back all rings up to now.
    func quiet() {
        var rings = (UInt64(0), UInt64(0))
        let room = MemoryLayout.size(ofValue: rings)
        while unsafe read(bell, &rings, room) == room {}
    }
}
