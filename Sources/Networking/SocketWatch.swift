import CCurl
import Glibc

/// What one libcurl multi handle wants to be told: which sockets are ready, and when its time has
/// come.
///
/// libcurl says so itself, through the callbacks below, whenever it changes its mind. So a step
/// costs what is ready, and not what is under way: `curl_multi_perform` goes through all transfers
/// and asks the system about each of their sockets.
/// https://curl.se/libcurl/c/curl_multi_socket_action.html
final class SocketWatch {
    /// A socket at which something has happened.
    struct Event {
        let socket: Int32
        /// `CURL_CSELECT_IN`, and `CURL_CSELECT_OUT` with it; none of them when libcurl has to look
        /// itself.
        let readiness: Int32
    }

    /// The bell comes first, then the sockets in no order.
    private var watched: [pollfd]
    private var places: [Int32: Int] = [:]
    private var deadline: ContinuousClock.Instant?

    init(bell: Int32) {
        watched = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
    }

    /// Has libcurl tell this object; it must outlive the multi handle.
    func attach(to multi: UnsafeMutableRawPointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe ccurl_multi_set_socket_function(multi, socketChanges, context)
        unsafe ccurl_multi_set_timer_function(multi, timerChanges, context)
    }

    /// Waits until something happens, for so long at most; returns what has happened to the
    /// sockets, and whether the bell was rung.
    func wait(atMost time: Duration) -> (events: [Event], isRung: Bool) {
        let milliseconds = min(time, timeLeft ?? time).pollMilliseconds
        let count = unsafe poll(&watched, nfds_t(watched.count), milliseconds)
        guard count > 0 else {
            // For want of memory, say: without a pause the thread would ask all the time.
            if count < 0 && errno != EINTR { usleep(Self.pauseAfterFailure) }
            return ([], false)
        }
        let isRung = watched[0].revents != 0
        let events = watched.dropFirst().compactMap { Event($0) }
        // What is closed is always ready. libcurl has said so before it closed it, as far as is
        // known.
        for closed in watched where Int32(closed.revents) & POLLNVAL != 0 { forget(closed.fd) }
        return (events, isRung)
    }

    /// Microseconds.
    private static let pauseAfterFailure: UInt32 = 10_000

    /// Whether the time has come that libcurl asked for; it is asked for once.
    func takeDeadline() -> Bool {
        guard let timeLeft, timeLeft <= .zero else { return false }
        deadline = nil
        return true
    }

    private var timeLeft: Duration? { deadline.map { ContinuousClock.now.duration(to: $0) } }

    // MARK: Called by libcurl

    func socket(_ socket: Int32, becomes what: Int32) {
        var events: Int32 = 0
        if what & CURL_POLL_IN != 0 { events |= POLLIN }
        if what & CURL_POLL_OUT != 0 { events |= POLLOUT }
        guard events != 0 else { return forget(socket) }
        let entry = pollfd(fd: socket, events: Int16(events), revents: 0)
        if let place = places[socket] {
            watched[place] = entry
        } else {
            places[socket] = watched.count
            watched.append(entry)
        }
    }

    private func forget(_ socket: Int32) {
        guard let place = places.removeValue(forKey: socket) else { return }
        let last = watched.removeLast()
        if last.fd != socket {
            watched[place] = last
            places[last.fd] = place
        }
    }

    func timer(milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }
}

extension SocketWatch.Event {
    fileprivate init?(_ watched: pollfd) {
        guard watched.revents != 0 else { return nil }
        socket = watched.fd
        switch Int32(watched.revents) {
        case POLLIN: readiness = CURL_CSELECT_IN
        // Told of room to write alone, libcurl 8.6.0 forgets an answer that it has read already
        // (https://github.com/curl/curl/issues/12971); that there is none, it finds out.
        case POLLOUT, POLLIN | POLLOUT: readiness = CURL_CSELECT_IN | CURL_CSELECT_OUT
        // What else there is to say of a socket, libcurl finds out as it always does.
        default: readiness = 0
        }
    }
}

extension Duration {
    /// Milliseconds for `poll`, rounded up: one that ends too early would be waited for again.
    fileprivate var pollMilliseconds: Int32 {
        self <= .zero ? 0 : Int32(clamping: wholeMilliseconds)
    }
}

private func watch(of context: UnsafeMutableRawPointer?) -> SocketWatch? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue()
}

/// CURLMOPT_SOCKETFUNCTION.
private let socketChanges: curl_socket_callback = { _, socket, what, context, _ in
    unsafe watch(of: context)?.socket(socket, becomes: what)
    return 0
}

/// CURLMOPT_TIMERFUNCTION.
private let timerChanges: curl_multi_timer_callback = { _, milliseconds, context in
    unsafe watch(of: context)?.timer(milliseconds: milliseconds)
    return 0
}
