/// One header field of a request or of an answer.
package struct HTTPHeader: Sendable, Hashable {
    /// The name as written; names are compared without regard to case.
    package var name: String

    /// The value without the blanks around it.
    ///
    /// In a request it holds no control character but the tab, else sending it is an
    /// `invalidRequest`.
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the field has this name, in whatever case of ASCII letters.
    package func isNamed(_ other: String) -> Bool {
        name.utf8.count == other.utf8.count
            && name.utf8.elementsEqual(other.utf8) { Self.lowercased($0) == Self.lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
