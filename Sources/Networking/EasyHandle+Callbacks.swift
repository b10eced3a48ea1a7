import CCurl
import Glibc

// What libcurl calls during a transfer. Every context pointer is unretained: it is valid because
// the loop's table holds each `Transfer` until its handle has left the multi handle, and the loop's
// `SocketTable` outlives the multi handle.

extension EasyHandle {
    /// Has libcurl call the transfer that owns this handle.
    func attach(to transfer: Transfer) throws(TransportError) {
        let context = unsafe UnsafeRawPointer(Unmanaged.passUnretained(transfer).toOpaque())
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_PRIVATE, context))

        try Self.check(unsafe ccurl_set_open_socket_function(pointer, openSocket))
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_OPENSOCKETDATA, context))
        let sockets = unsafe UnsafeRawPointer(Unmanaged.passUnretained(transfer.sockets).toOpaque())
        try Self.check(unsafe ccurl_set_close_socket_function(pointer, closeSocket))
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_CLOSESOCKETDATA, sockets))

        try Self.check(unsafe ccurl_set_before_request_function(pointer, beforeRequest))
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_PREREQDATA, context))
        try Self.check(
            unsafe ccurl_set_data_function(pointer, CURLOPT_HEADERFUNCTION, receiveHeader))
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_HEADERDATA, context))
        try Self.check(unsafe ccurl_set_data_function(pointer, CURLOPT_WRITEFUNCTION, receiveBody))
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_WRITEDATA, context))
    }

    /// Has libcurl take what is uploaded from the transfer, and ask it again and again whether to
    /// go on.
    func attachUpload(to transfer: Transfer) throws(TransportError) {
        let context = unsafe UnsafeRawPointer(Unmanaged.passUnretained(transfer).toOpaque())
        try Self.check(unsafe ccurl_set_data_function(pointer, CURLOPT_READFUNCTION, supply))
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_READDATA, context))
        try Self.check(unsafe ccurl_set_progress_function(pointer, goOn))
        try Self.check(unsafe ccurl_set_pointer(pointer, CURLOPT_XFERINFODATA, context))
        try set(CURLOPT_NOPROGRESS, 0)
    }

    /// The transfer whose handle this is: what `attach` left there.
    static func transfer(of handle: UnsafeMutableRawPointer) -> Transfer? {
        var context: UnsafeMutableRawPointer?
        guard unsafe ccurl_get_pointer(handle, CURLINFO_PRIVATE, &context) == CURLE_OK else {
            return nil
        }
        return unsafe transferOrNil(context)
    }
}

private func transferOrNil(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}

/// CURLOPT_OPENSOCKETFUNCTION: the resolved address is judged before anything is sent to it.
private let openSocket: curl_opensocket_callback = { context, _, address in
    guard let address = unsafe address, let transfer = unsafe transferOrNil(context) else {
        return CURL_SOCKET_BAD
    }
    var bytes: InlineArray<16, UInt8> = .init(repeating: 0)
    var span = bytes.mutableSpan
    let length = unsafe span.withUnsafeMutableBufferPointer {
        unsafe ccurl_address_bytes(address, $0.baseAddress)
    }
    guard let judged = IPAddress(bytes: bytes, count: Int(length)), transfer.admits(judged) else {
        return CURL_SOCKET_BAD
    }
    let kind = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    let socket = unsafe Glibc.socket(address.pointee.family, kind, address.pointee.protocol)
    if socket >= 0 { transfer.sockets.opened(socket) }
    return socket
}

/// CURLOPT_CLOSESOCKETFUNCTION.
private let closeSocket: curl_closesocket_callback = { context, socket in
    if let context = unsafe context {
        unsafe Unmanaged<SocketTable>.fromOpaque(context).takeUnretainedValue().closed(socket)
    }
    return Glibc.close(socket)
}

/// CURLOPT_PREREQFUNCTION: the last word before a request goes out, on a new connection and on a
/// kept one.
private let beforeRequest: curl_prereq_callback = { context, farIP, nearIP, farPort, nearPort in
    guard let transfer = unsafe transferOrNil(context), let farIP = unsafe farIP,
        let nearIP = unsafe nearIP
    else { return CURL_PREREQFUNC_ABORT }
    let connection = Connection(
        far: unsafe String(cString: farIP), farPort: farPort,
        near: unsafe String(cString: nearIP), nearPort: nearPort)
    return transfer.begins(on: connection) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// CURLOPT_HEADERFUNCTION: one line of a header, or of a mail server's reply.
private let receiveHeader:
    @convention(c) (
        UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?
    ) -> Int = { start, size, count, context in
        unsafe received(start, size * count, context) { $0.receives(headerLine: $1) }
    }

/// CURLOPT_WRITEFUNCTION: a part of a body.
private let receiveBody:
    @convention(c) (
        UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?
    ) -> Int = { start, size, count, context in
        unsafe received(start, size * count, context) { $0.receives(body: $1) }
    }

/// Hands libcurl's bytes to the transfer, which takes all of them or ends the transfer.
private func received(
    _ start: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (Transfer, Span<UInt8>) -> Bool
) -> Int {
    guard count > 0 else { return 0 }
    guard let start = unsafe start, let transfer = unsafe transferOrNil(context) else { return 0 }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
        .assumingMemoryBound(to: UInt8.self)
    return take(transfer, unsafe Span(_unsafeElements: bytes)) ? count : 0
}

/// CURLOPT_READFUNCTION: the next part of a message.
private let supply:
    @convention(c) (
        UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?
    ) -> Int = { start, size, count, context in
        guard let start = unsafe start, let transfer = unsafe transferOrNil(context) else {
            return Int(CURL_READFUNC_ABORT)
        }
        let part = transfer.nextPart(atMost: size * count)
        unsafe UnsafeMutableRawBufferPointer(start: start, count: size * count).copyBytes(
            from: part)
        return part.count
    }

/// CURLOPT_XFERINFOFUNCTION.
private let goOn: curl_xferinfo_callback = { context, _, _, _, _ in
    guard let transfer = unsafe transferOrNil(context) else { return 1 }
    return transfer.isUnwanted ? 1 : 0
}

extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
