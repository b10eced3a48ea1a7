import CCurl
import Glibc
import Testing

@testable import Networking

@Suite("What libcurl wants to be told")
struct SocketWatchTests {
    /// Two ends that are connected; what is written to one can be read from the other.
    private final class Pair {
        let (near, far): (Int32, Int32)

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            (near, far) = (ends[0], ends[1])
        }

        deinit {
            close(near)
            close(far)
        }

        func tell() { #expect(write(far, "x", 1) == 1) }
    }

    private let pipe: WakePipe
    private let watch: SocketWatch

    init() throws {
        pipe = try #require(WakePipe())
        watch = SocketWatch(bell: pipe.bell)
    }

    /// Which sockets are ready now, and for what.
    private func ready() -> [Int32: Int32] {
        let events = watch.wait(atMost: .zero).events
        return Dictionary(uniqueKeysWithValues: events.map { ($0.socket, $0.readiness) })
    }

    @Test("Sockets are told of while they are watched, whichever is taken out first")
    func sockets() throws {
        for removed in 0..<4 {
            let pairs = try (0..<4).map { _ in try Pair() }
            for pair in pairs {
                watch.socket(pair.near, becomes: CURL_POLL_IN)
                pair.tell()
            }
            #expect(ready().count == 4)
            let order = (0..<4).map { pairs[($0 + removed) % 4].near }
            for (count, socket) in order.enumerated() {
                watch.socket(socket, becomes: CURL_POLL_REMOVE)
                #expect(Set(ready().keys) == Set(order[(count + 1)...]))
                // Once more is none more.
                watch.socket(socket, becomes: CURL_POLL_REMOVE)
            }
        }
    }

    @Test("What is asked of a socket may change")
    func changes() throws {
        let pair = try Pair()
        let both = CURL_CSELECT_IN | CURL_CSELECT_OUT
        watch.socket(pair.near, becomes: CURL_POLL_IN)
        #expect(ready() == [:])
        watch.socket(pair.near, becomes: CURL_POLL_OUT)
        #expect(ready() == [pair.near: both])
        watch.socket(pair.near, becomes: CURL_POLL_IN)
        #expect(ready() == [:])
        pair.tell()
        #expect(ready() == [pair.near: CURL_CSELECT_IN])
        watch.socket(pair.near, becomes: CURL_POLL_INOUT)
        #expect(ready() == [pair.near: both])
        watch.socket(pair.near, becomes: CURL_POLL_NONE)
        #expect(ready() == [:])
    }

    @Test("Of a socket whose other end is gone, libcurl is told to look itself")
    func hangUp() throws {
        let pair = try Pair()
        watch.socket(pair.near, becomes: CURL_POLL_IN)
        #expect(shutdown(pair.far, Int32(SHUT_RDWR)) == 0)
        #expect(ready() == [pair.near: 0])
    }

    @Test("One that was closed is told of once, and does not keep the thread awake")
    func closed() throws {
        let (pair, other) = (try Pair(), try Pair())
        watch.socket(pair.near, becomes: CURL_POLL_IN)
        watch.socket(other.near, becomes: CURL_POLL_IN)
        let copy = dup(pair.near)
        #expect(close(pair.near) == 0)
        #expect(ready() == [pair.near: 0])
        #expect(ready() == [:])
        other.tell()
        #expect(ready() == [other.near: CURL_CSELECT_IN])
        // The pair closes its number again when it ends.
        #expect(dup2(copy, pair.near) == pair.near && close(copy) == 0)
    }

    @Test("The time comes once, and ends a wait")
    func deadline() {
        #expect(!watch.takeDeadline())
        watch.timer(milliseconds: 0)
        #expect(watch.takeDeadline() && !watch.takeDeadline())
        watch.timer(milliseconds: 60_000)
        #expect(!watch.takeDeadline())
        watch.timer(milliseconds: -1)
        #expect(!watch.takeDeadline())
        watch.timer(milliseconds: 20)
        let start = ContinuousClock.now
        #expect(watch.wait(atMost: .seconds(60)).events.isEmpty)
        #expect(watch.takeDeadline())
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
