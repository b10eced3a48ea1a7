import CCurl

/// One owner of one libcurl multi handle: the transfers under way and the connections kept.
@safe
struct MultiHandle: ~Copyable {
    // `unsafe` throughout: the pointer is valid from `init` to `deinit`, because nobody else frees
    // it.
    private let pointer: UnsafeMutableRawPointer

    /// Keeps so many connections, and opens as many at once.
    ///
    /// Without a bound on the connections to one host there is none on those opened at once either.
    init(connections: Int, connectionsPerHost: Int?) throws(TransportError) {
        guard let pointer = unsafe curl_multi_init() else {
            throw TransportError(
                .unexpected(Int(CURLE_FAILED_INIT.rawValue)), message: "libcurl has no memory left")
        }
        unsafe self.pointer = pointer
        // These fail for an unknown option alone; all three are older than what is asked for at
        // build time.
        unsafe ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, connections)
        if let connectionsPerHost {
            unsafe ccurl_multi_set_long(pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
            unsafe ccurl_multi_set_long(
                pointer, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
        }
    }

    deinit { unsafe curl_multi_cleanup(pointer) }

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

    /// Does all that can be done without waiting.
    func perform() throws(TransportError) {
        var running: Int32 = 0
        let result = unsafe curl_multi_perform(pointer, &running)
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
    func poll(milliseconds: Int) throws(TransportError) {
        let result = unsafe curl_multi_poll(pointer, nil, 0, Int32(clamping: milliseconds), nil)
        guard result == CURLM_OK else { throw Self.failure(result) }
    }

    var waker: Waker { unsafe Waker(multi: pointer) }

    private static func failure(_ result: CURLMcode) -> TransportError {
        TransportError(
            .unexpected(Int(result.rawValue)),
            message: "libcurl's loop failed with code \(result.rawValue)")
    }

    /// Ends the wait of ``poll(milliseconds:)`` from any thread.
    ///
    /// That the handle still exists is for the holder to see to: `Inbox` drops the waker first, under
    /// its lock.
    @safe
    struct Waker: @unchecked Sendable {  // because libcurl allows curl_multi_wakeup from any thread
        private let pointer: UnsafeMutableRawPointer

        fileprivate init(multi pointer: UnsafeMutableRawPointer) { unsafe self.pointer = pointer }

        func wake() {
            // A failure means that too many wake-ups are waiting already.
            unsafe curl_multi_wakeup(pointer)
        }
    }
}
