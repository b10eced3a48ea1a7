import NIOCore
import NIOPosix

/// Bytes to a port of this machine and back, with nothing in between that could tidy them up.
enum LoopbackClient {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    struct Reply {
        let status: Int
        let headers: String
        let body: String
    }

    /// Sends one HTTP request that asks to close, and reads until the end.
    ///
    /// Throws when the connection is reset.
    static func http(
        _ port: Int, _ method: String, _ target: String, headers: [(String, String)] = [],
        body: [UInt8] = []
    ) async throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0.lowercased() == "host" }) {
            head += "host: 127.0.0.1:\(port)\r\n"
        }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "connection: close\r\ncontent-length: \(body.count)\r\n\r\n"
        var received: [UInt8] = []
        try await connect(to: port).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: Array(head.utf8) + body))
            for try await buffer in inbound { received += buffer.readableBytesView }
        }
        let text = String(decoding: received, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else {
            return Reply(status: 0, headers: "", body: text)
        }
        let reply = text[..<end.lowerBound]
        return Reply(
            status: Int(reply.dropFirst(9).prefix(3)) ?? 0, headers: String(reply),
            body: String(text[end.upperBound...]))
    }

    /// Reads the greeting, then sends each piece and reads a reply to it, until the server closes.
    static func dialogue(_ port: Int, _ pieces: [String]) async throws -> [String] {
        var replies: [String] = []
        try await connect(to: port).executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            var rest = pieces[...]
            while let buffer = try await iterator.next() {
                replies.append(String(buffer: buffer))
                guard let piece = rest.popFirst() else { break }
                try await outbound.write(ByteBuffer(string: piece))
            }
        }
        return replies
    }

    /// Says nothing, and reads until the server closes.
    static func silent(_ port: Int) async throws -> Int {
        try await connect(to: port).executeThenClose { inbound, _ in
            var count = 0
            for try await buffer in inbound { count += buffer.readableBytes }
            return count
        }
    }

    private static func connect(to port: Int) async throws -> Connection {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }
}
