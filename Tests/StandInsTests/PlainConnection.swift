import Foundation

/// A connection that nobody waits for: it is there as soon as the system has it.
final class PlainConnection: Sendable {
    private let descriptor: Int32

    /// Nil when the port takes none.
    init?(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address in
                connect(descriptor, address.baseAddress, size)
            }
        }
        guard result == 0 else { return nil }
    }

    deinit { close(descriptor) }
}
