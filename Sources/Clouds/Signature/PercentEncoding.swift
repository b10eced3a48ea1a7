/// Percent-encoding as every Alibaba Cloud signature wants it.
package enum PercentEncoding {
    /// Letters, digits and `-_.~` stay; every other byte of the UTF-8 becomes `%XX` in upper case.
    package static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(upperDigits[Int(byte >> 4)])
                bytes.append(upperDigits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The pairs as a query string in the order given; an absent value leaves its pair out, an
    /// empty one keeps its `=`.
    package static func query(_ items: [QueryItem]) -> String {
        items.compactMap { item in
            item.value.map { "\(encode(item.name))=\(encode($0))" }
        }.joined(separator: "&")
    }

    private static let upperDigits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

/// One parameter of a query or a form, decoded; without a value it is not sent.
package struct QueryItem: Hashable, Sendable {
    package let name: String
    package let value: String?

    package init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }
}

extension [QueryItem] {
    /// Sorted by name, byte by byte; parameters of one name keep their order.
    package var sortedByName: [QueryItem] {
        enumerated().sorted { left, right in
            if left.element.name.utf8.elementsEqual(right.element.name.utf8) {
                return left.offset < right.offset
            }
            return left.element.name.utf8.lexicographicallyPrecedes(right.element.name.utf8)
        }.map(\.element)
    }
}
