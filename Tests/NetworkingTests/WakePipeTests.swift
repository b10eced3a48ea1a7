import Testing

@testable import Networking

@Suite("What ends a wait for sockets")
struct WakePipeTests {
    @Test("A ring ends the wait at once, and stays until it is taken back")
    func ring() throws {
        let pipe = try #require(WakePipe())
        let watch = SocketWatch(bell: pipe.bell)
        #expect(!watch.wait(atMost: .zero).isRung)
        pipe.ring()
        #expect(watch.wait(atMost: .seconds(60)).isRung)
        #expect(watch.wait(atMost: .zero).isRung)
        pipe.quiet()
        #expect(!watch.wait(atMost: .milliseconds(1)).isRung)
    }

    @Test(
        "Any number of rings keeps nobody waiting, and is one", arguments: [1, 15, 16, 17, 100_000])
    func many(count: Int) throws {
        let pipe = try #require(WakePipe())
        let watch = SocketWatch(bell: pipe.bell)
        for _ in 0..<count { pipe.ring() }
        #expect(watch.wait(atMost: .seconds(60)).isRung)
        pipe.quiet()
        #expect(!watch.wait(atMost: .zero).isRung)
    }
}
