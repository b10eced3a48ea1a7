import Glibc

/// The sockets that one thread's libcurl has open.
final class SocketTable {
    private var open: Set<Int32> = []

    func opened(_ socket: Int32) { open.insert(socket) }

    func closed(_ socket: Int32) { open.remove(socket) }

    /// Makes every later read find the end of the stream.
    ///
    /// When libcurl closes a kept connection to a mail server it says QUIT and waits for the
    /// answer, two minutes if need be and with nothing else going on. After this it still says
    /// QUIT, and does not wait.
    func stopReading() {
        for socket in open { _ = Glibc.shutdown(socket, Int32(SHUT_RD)) }
    }
}
