import HummingbirdCore
import NIOCore
import NIOPosix
import Synchronization

/// Lets a server stop without a trap in NIO.
///
/// A connection that was taken but not looked at yet must not be dropped (apple/swift-nio#2637,
/// #2813): so the accept loop is not cancelled, and the listening socket is not closed while a
/// connection is on its way to that loop. It takes no more first, then what was taken arrives, and
/// then it closes.
final class OrderlyEnd: Sendable {
    private struct State {
        var isOpen = true
        var listener: (any Channel)?
    }

    private let state = Mutex(State())

    /// One thread for the listening socket and its connections, so that all that was begun is done
    /// after a few rounds of it.
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    /// The way of a connection to the accept loop takes fewer.
    private static let rounds = 16

    /// Says which socket it is that listens.
    func begin(on listener: any Channel) { state.withLock { $0.listener = listener } }

    /// Runs `body` to its own end; when the task is cancelled, `stop` asks it to end, after the
    /// last connection was taken.
    func run(
        _ body: @escaping @Sendable () async throws -> Void,
        stop: @escaping @Sendable () async -> Void
    ) async throws {
        // Unstructured, because a child would be cancelled along; waited for in any case.
        let running = Task(executorPreference: LoopExecutor(loop)) { try await body() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            // Because this closure cannot wait; `running` ends by it, and so after it.
            Task {
                await takeNoMore()
                await stop()
            }
        }
    }

    private func takeNoMore() async {
        let listener = state.withLock { state in
            state.isOpen = false
            return state.listener
        }
        guard let listener else { return }
        try? await listener.setOption(.autoRead, value: false).get()
        for _ in 0..<Self.rounds { try? await listener.eventLoop.submit {}.get() }
    }
}

/// Asked whenever the listening socket could take a connection.
extension OrderlyEnd: AvailableConnectionsDelegate {
    func connectionOpened() {}
    func connectionClosed() {}
    func isAcceptingNewConnections() -> Bool { state.withLock(\.isOpen) }
}
