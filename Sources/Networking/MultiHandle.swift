import CCurl

/// One owner of one libcurl multi handle: the transfers under way and the connections kept.
@safe
struct MultiHandle: ~Copyable {
    // `unsafe` throughout: the pointer is valid from `init` to `deinit`, because nobody else frees
    // it.
    private let pointer: UnsafeMutableRawPointer
    /// Outlives libcurl's handle, whose end it is told of too.
    private let watch: SocketWatch
    /// Ends the wait of ``wait(atMost:)`` from any thread.
    let waker: WakePipe
    private var ready: [SocketWatch.Event] = []

    /// Keeps so many connections, and opens as many at once.
    ///
    /// Without a bound on the connections to one host there is none on those opened at once either.
    init(connections: Int, connectionsPerHost: Int?) throws(TransportError) {
        guard let waker = WakePipe(), let pointer = unsafe curl_multi_init() else {
            throw TransportError(
                .unexpected(Int(CURLE_FAILED_INIT.rawValue)),
                message: "there is no memory, or no descriptor, left for libcurl")
        }
        self.waker = waker
        unsafe self.pointer = pointer
        watch = SocketWatch(bell: waker.bell)
        unsafe watch.attach(to: pointer)
        // These fail for an unknown option alone; all three are older than what is asked for at
        // build time.
        unsafe ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, connections)
        if let connectionsPerHost {
            unsafe ccurl_multi_set_long(pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
            unsafe ccurl_multi_set_long(
                pointer, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
        }
    }

    deinit {
        _ = withExtendedLifetime(watch) { unsafe curl_multi_cleanup(pointer) }
    }

    func add(_ transfer: Transfer) throws(TransportError) {
        let result = unsafe curl_multi_add_handle(pointer, transfer.handle.pointer)
        guard result == CURLM_OK else { throw Self.failure(result) }
    }

    /// Takes a transfer out, ended or not.
    func remove(_ transfer: Transfer) {
        // It fails for a handle that is not one of a multi handle, which the caller's table rules
        // out.
        unsafe curl_multi_remove_handle(pointer, transfer.handle.pointer)
    }

    /// Does what can be done without waiting: for the sockets that the last wait found ready, and
    /// for what its time has come.
    mutating func perform() throws(TransportError) {
        let events = ready
        ready = []
        // One of them may have been closed by what was done for another: libcurl passes over it.
        for event in events { try act(event.socket, event.readiness) }
        if watch.takeDeadline() { try act(CURL_SOCKET_TIMEOUT, 0) }
    }

    private func act(_ socket: Int32, _ readiness: Int32) throws(TransportError) {
        var running: Int32 = 0
        let result = unsafe curl_multi_socket_action(pointer, socket, readiness, &running)
        guard result == CURLM_OK else { throw Self.failure(result) }
    }

    /// Has libcurl look at all of its transfers, and say anew what they wait for.
    ///
    /// There have been versions of it that forgot to (https://github.com/curl/curl/issues/12971).
    func lookAtAll() throws(TransportError) {
        let result = unsafe ccurl_multi_look_at_all(pointer)
        guard result == CURLM_OK else { throw Self.failure(result) }
    }

    /// The next transfer that has ended and is still in here, with its result.
    func nextEnded() -> (Transfer, CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(pointer, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE,
                let handle = unsafe message.pointee.easy_handle,
                let transfer = unsafe EasyHandle.transfer(of: handle)
            else { continue }
            return (transfer, unsafe ccurl_message_result(message))
        }
        return nil
    }

    /// Waits until there is something to do, for a wake-up, or for the time given.
    mutating func wait(atMost time: Duration) {
        let (events, isRung) = watch.wait(atMost: time)
        ready = events
        if isRung { waker.quiet() }
    }

    private static func failure(_ result: CURLMcode) -> TransportError {
        TransportError(
            .unexpected(Int(result.rawValue)),
            message: "libcurl's loop failed with code \(result.rawValue)")
    }
}
