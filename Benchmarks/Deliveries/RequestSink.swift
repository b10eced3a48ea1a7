import ArgumentParser
import Foundation

/// `request-sink`: a small HTTP server in one thread, which reads each request to its end, answers
/// 200 at once, and keeps nothing but how many there were.
///
/// It is far quicker than a real service, so that it is not what is timed.
struct RequestSinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request-sink", abstract: "An HTTP server that keeps nothing.",
        shouldDisplay: false)

    /// It looks at no signature.
    @Argument var secret: String

    func run() throws {
        let sink = try RequestSink()
        print("{\"http\": \(sink.port)}")
        fflush(nil)
        while sink.serve() {}
    }
}

/// The connections, and what came over them.
private final class RequestSink {
    let port: Int
    private let listener: Int32
    private var connections: [Int32: [UInt8]] = [:]
    private var requests = 0
    private var bytes = 0
    private var block = [UInt8](repeating: 0, count: 64 << 10)
    /// What the webhook and the robots take for a yes.
    private let answer = Array(
        """
        HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n\
        {"errcode":0,"errmsg":"ok"}
        """.utf8)
    private static let headEnd = Array("\r\n\r\n".utf8)
    /// As libcurl writes it.
    private static let lengthName = Array("\r\nContent-Length: ".utf8)

    init() throws {
        #if canImport(Glibc)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = listener
        let isOpen = withUnsafeMutablePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && listen(socket, 128) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        guard isOpen else { throw InputError(reason: "no port is to be had") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Does what there is to do; false at the end of the input.
    func serve() -> Bool {
        var places = [STDIN_FILENO, listener] + connections.keys.sorted()
        var watched = places.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&watched, nfds_t(watched.count), -1) > 0 else { return true }
        places = watched.filter { $0.revents != 0 }.map(\.fd)
        for place in places {
            switch place {
            case STDIN_FILENO:
                guard let line = readLine(), line != "quit" else { return false }
                print("{\"requests\": \(requests), \"bytes\": \(bytes)}")
                fflush(nil)
                (requests, bytes) = (0, 0)
            case listener:
                let connection = accept(listener, nil, nil)
                if connection >= 0 { connections[connection] = [] }
            default: take(from: place)
            }
        }
        return true
    }

    private func take(from connection: Int32) {
        let count = read(connection, &block, block.count)
        guard count > 0, var buffer = connections.removeValue(forKey: connection) else {
            connections[connection] = nil
            close(connection)
            return
        }
        buffer += block[..<count]
        while let length = Self.lengthOfRequest(in: buffer) {
            buffer.removeFirst(length)
            requests += 1
            bytes += length
            _ = write(connection, answer, answer.count)
        }
        connections[connection] = buffer
    }

    /// The bytes of the first request; nil while some are missing.
    private static func lengthOfRequest(in buffer: [UInt8]) -> Int? {
        buffer.withUnsafeBytes { bytes -> Int? in
            guard let end = place(of: headEnd, in: bytes) else { return nil }
            let head = UnsafeRawBufferPointer(rebasing: bytes[..<end])
            var length = end + headEnd.count
            if let name = place(of: lengthName, in: head) {
                let digits = head[(name + lengthName.count)...].prefix {
                    (0x30...0x39).contains($0)
                }
                length += digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            }
            return length <= bytes.count ? length : nil
        }
    }

    private static func place(of needle: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (0...bytes.count - needle.count).first { start in
            needle.indices.allSatisfy { bytes[start + $0] == needle[$0] }
        }
    }
}
