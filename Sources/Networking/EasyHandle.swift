import CCurl

/// One owner of one libcurl easy handle, and of all that libcurl borrows from us for it.
///
/// It belongs to the thread that made it: libcurl forbids two threads in one handle at once
/// (https://curl.se/libcurl/c/threadsafe.html).
@safe
struct EasyHandle: ~Copyable {
    // `unsafe` throughout: the pointer is valid from `init` to `deinit`, because nobody else frees
    // it.
    let pointer: UnsafeMutableRawPointer

    /// The lists libcurl reads during a transfer without a copy of its own.
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private var lookups: UnsafeMutablePointer<curl_slist>?

    /// Where libcurl writes why a transfer failed.
    private let words: UnsafeMutablePointer<CChar>

    init() throws(TransportError) {
        _ = Self.library
        guard let pointer = unsafe curl_easy_init() else {
            throw TransportError(
                .unexpected(Int(CURLE_FAILED_INIT.rawValue)), message: "libcurl has no memory left")
        }
        unsafe self.pointer = pointer
        unsafe headers = nil
        unsafe recipients = nil
        unsafe lookups = nil
        unsafe words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe curl_slist_free_all(headers)
        unsafe curl_slist_free_all(recipients)
        unsafe curl_slist_free_all(lookups)
        unsafe words.deallocate()
    }

    /// libcurl's own start, once for the process.
    private static let library: Void = {
        curl_global_init(Int(CURL_GLOBAL_ALL))
    }()

    /// Forgets every option; connections stay where they are, with the multi handle.
    mutating func reset() {
        unsafe curl_easy_reset(pointer)
        unsafe curl_slist_free_all(headers)
        unsafe curl_slist_free_all(recipients)
        unsafe curl_slist_free_all(lookups)
        unsafe headers = nil
        unsafe recipients = nil
        unsafe lookups = nil
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try Self.check(unsafe ccurl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, large value: Int) throws(TransportError) {
        try Self.check(unsafe ccurl_set_offset(pointer, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    ///
    /// One with a NUL in it is cut there, so callers check before.
    func set(_ option: CURLoption, _ value: String) throws(TransportError) {
        try Self.check(unsafe ccurl_set_string(pointer, option, value))
    }

    /// Takes away what libcurl was built with.
    func unset(_ option: CURLoption) throws(TransportError) {
        try Self.check(unsafe ccurl_set_string(pointer, option, nil))
    }

    /// A time-out, rounded up to a millisecond and at least one: zero would mean none.
    func set(_ option: CURLoption, _ time: Duration) throws(TransportError) {
        try set(option, time.wholeMilliseconds)
    }

    /// The body of a POST; libcurl copies it.
    func set(body: [UInt8]) throws(TransportError) {
        try set(CURLOPT_POSTFIELDSIZE_LARGE, large: body.count)
        let result = unsafe body.withUnsafeBytes { bytes in
            // An empty array may have no address, and NULL would mean "read it by a callback".
            guard let start = bytes.baseAddress else {
                return unsafe ccurl_set_string(pointer, CURLOPT_COPYPOSTFIELDS, "")
            }
            return unsafe ccurl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, start)
        }
        try Self.check(result)
    }

    mutating func set(headers lines: [String]) throws(TransportError) {
        let list = try unsafe Self.list(lines)
        try Self.check(unsafe ccurl_set_list(pointer, CURLOPT_HTTPHEADER, list))
        unsafe curl_slist_free_all(headers)
        unsafe headers = list
    }

    mutating func set(recipients addresses: [String]) throws(TransportError) {
        let list = try unsafe Self.list(addresses)
        try Self.check(unsafe ccurl_set_list(pointer, CURLOPT_MAIL_RCPT, list))
        unsafe curl_slist_free_all(recipients)
        unsafe recipients = list
    }

    mutating func set(lookups entries: [String]) throws(TransportError) {
        let list = try unsafe Self.list(entries)
        try Self.check(unsafe ccurl_set_list(pointer, CURLOPT_RESOLVE, list))
        unsafe curl_slist_free_all(lookups)
        unsafe lookups = list
    }

    /// Does the whole transfer, and returns at its end.
    func perform() -> CURLcode { unsafe curl_easy_perform(pointer) }

    /// What libcurl has to say after a transfer; 0 when it does not know.
    func number(_ info: CURLINFO) -> Int {
        var value = 0
        guard unsafe ccurl_get_long(pointer, info, &value) == CURLE_OK else { return 0 }
        return value
    }

    func largeNumber(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        guard unsafe ccurl_get_offset(pointer, info, &value) == CURLE_OK else { return 0 }
        return Int(value)
    }

    /// Has libcurl say why the next transfer fails.
    func listen() throws(TransportError) {
        unsafe words[0] = 0
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, words))
    }

    /// What libcurl said of the failure.
    ///
    /// It may hold names, addresses and paths: it is looked through for known words and never
    /// shown.
    var account: String { unsafe String(cString: words) }

    /// Reads a date of HTTP, in any of its three spellings, as seconds since 1970.
    static func seconds(ofDate text: String) -> Int64? {
        let seconds = unsafe curl_getdate(text, nil)
        return seconds < 0 ? nil : Int64(seconds)
    }

    private static func list(
        _ texts: [String]
    ) throws(TransportError) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts {
            guard let longer = unsafe curl_slist_append(list, text) else {
                unsafe curl_slist_free_all(list)
                try check(CURLE_OUT_OF_MEMORY)
                return nil
            }
            unsafe list = longer
        }
        return unsafe list
    }

    /// An option refused is a libcurl built without it, or no memory: nothing was sent.
    static func check(_ result: CURLcode) throws(TransportError) {
        guard result == CURLE_OK else {
            throw TransportError(
                .unexpected(Int(result.rawValue)),
                message: "libcurl refused an option: \(description(of: result))")
        }
    }

    /// libcurl's sentence for a result; it is the same for every transfer and so holds no secret.
    static func description(of result: CURLcode) -> String {
        guard let text = unsafe curl_easy_strerror(result) else {
            return "error \(result.rawValue)"
        }
        return unsafe String(cString: text)
    }
}

extension Duration {
    /// The time in milliseconds, rounded up, between one and ``longestMilliseconds``.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Self.longestMilliseconds / 1000) else {
            return Self.longestMilliseconds
        }
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        let milliseconds =
            seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(1, Int(milliseconds))
    }

    /// A day: what libcurl takes on every platform, and longer than anything sensible.
    private static let longestMilliseconds = 24 * 3_600_000
}
