import Pipeline

/// The way into a recording: the label `recording`, when it is an address that people can be sent
/// to.
struct RecordingLink: Hashable, Sendable {
    /// The label that holds the address.
    static let label = "recording"
    /// The most bytes of an address: a few of them must fit into the smallest message.
    static let lengthLimit = 1024

    /// `https:`, with nothing in it that ends a link in any dialect.
    private let address: String
    private let hasFragment: Bool

    /// Nil for anything but `https://host/…` of printable ASCII within the limit.
    init?(_ text: String) {
        guard text.utf8.count <= Self.lengthLimit,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            text.prefix(8).lowercased() == "https://"
        else { return nil }
        let rest = text.dropFirst(8)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard HostAndPort(authority) != nil else { return nil }
        let target = rest.dropFirst(authority.count)
        let address = "https://" + authority + Self.harmless(target)
        guard address.utf8.count <= Self.lengthLimit else { return nil }
        self.address = address
        hasFragment = target.contains("#")
    }

    init?(of alert: Alert) {
        guard let text = alert.labels[Self.label] else { return nil }
        self.init(text)
    }

    /// The address at a place of the recording; one with a fragment of its own stays as it is.
    func url(at milliseconds: Int64?) -> String {
        guard let milliseconds, milliseconds > 0, !hasFragment else { return address }
        return "\(address)#t=\(milliseconds / 1000)"
    }

    /// Percent-encodes what some dialect takes for markup; most of it has no place in an address.
    private static func harmless(_ target: Substring) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in target.utf8 {
            if "\"'()*<>[]^`{|}".utf8.contains(byte) {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
