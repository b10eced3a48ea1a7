/// Writes a model value as JSON text, straight into bytes: several times faster than Foundation's
/// encoder, which first builds a tree.
///
/// What it writes, any JSON decoder reads.
///
/// Containers must be written one after the other, as synthesized `Codable` does: what is written
/// to an outer container ends the inner ones.
enum JSONText {
    static func text(of value: some Encodable) throws -> String {
        let output = JSONOutput()
        try ValueEncoder(output: output, depth: 0).write(value)
        output.close(to: 0)
        return String(decoding: output.text.bytes, as: UTF8.self)
    }
}

/// The text so far, for all containers that write to it.
private final class JSONOutput {
    /// One value, so that a call pays for one exclusive access and not for one each byte.
    private(set) var text = JSONBytes()

    func begin(_ opening: Unicode.Scalar, _ closing: Unicode.Scalar, at depth: Int) -> Int {
        text.begin(opening, closing, at: depth)
        return depth + 1
    }

    func close(to depth: Int) { text.close(to: depth) }
    func separate(at depth: Int) { text.separate(at: depth) }
    func key(_ key: String, at depth: Int) { text.key(key, at: depth) }
    func string(_ value: String) { text.string(value) }
    func literal(_ value: String) { text.bytes.append(contentsOf: value.utf8) }
}

/// The text so far, and the containers that are open in it.
private struct JSONBytes {
    var bytes: [UInt8] = []
    /// The closing bracket of each open container, and whether it holds anything yet.
    private var open: [(bracket: UInt8, isEmpty: Bool)] = []

    init() { bytes.reserveCapacity(512) }

    /// Opens a container inside `depth` others.
    mutating func begin(_ opening: Unicode.Scalar, _ closing: Unicode.Scalar, at depth: Int) {
        close(to: depth)
        bytes.append(UInt8(ascii: opening))
        open.append((UInt8(ascii: closing), true))
    }

    /// Ends the containers that lie deeper.
    mutating func close(to depth: Int) {
        while open.count > depth { bytes.append(open.removeLast().bracket) }
    }

    /// Writes what stands before the next element of the container at `depth`.
    mutating func separate(at depth: Int) {
        close(to: depth)
        if !open[depth - 1].isEmpty { bytes.append(UInt8(ascii: ",")) }
        open[depth - 1].isEmpty = false
    }

    mutating func key(_ key: String, at depth: Int) {
        separate(at: depth)
        string(key)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            bytes.append(UInt8(ascii: "\""))
            if utf8.contains(where: Self.isEscaped) {
                for byte in utf8 { append(byte) }
            } else {
                bytes.append(contentsOf: utf8)
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(_ byte: UInt8) {
        guard Self.isEscaped(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        guard byte < 0x20 else { return bytes.append(byte) }
        let digits = Array("0123456789abcdef".utf8)
        bytes += [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")]
        bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

/// The place of one value.
private struct ValueEncoder: Encoder, SingleValueEncodingContainer {
    let output: JSONOutput
    /// How many containers the value lies in.
    let depth: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Lets the value write itself; one that writes nothing is an empty object.
    func write(_ value: some Encodable) throws {
        let start = output.text.bytes.count
        try value.encode(to: self)
        if output.text.bytes.count == start { output.literal("{}") }
    }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(
            ObjectContainer(output: output, depth: output.begin("{", "}", at: depth)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        ListContainer(output: output, depth: output.begin("[", "]", at: depth))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { output.literal("null") }
    func encode(_ value: Bool) { output.literal(value ? "true" : "false") }
    func encode(_ value: String) { output.string(value) }
    func encode(_ value: Double) throws { try number(value, "\(value)") }
    func encode(_ value: Float) throws { try number(Double(value), "\(value)") }
    func encode(_ value: Int) { output.literal(String(value)) }
    func encode(_ value: Int8) { output.literal(String(value)) }
    func encode(_ value: Int16) { output.literal(String(value)) }
    func encode(_ value: Int32) { output.literal(String(value)) }
    func encode(_ value: Int64) { output.literal(String(value)) }
    func encode(_ value: UInt) { output.literal(String(value)) }
    func encode(_ value: UInt8) { output.literal(String(value)) }
    func encode(_ value: UInt16) { output.literal(String(value)) }
    func encode(_ value: UInt32) { output.literal(String(value)) }
    func encode(_ value: UInt64) { output.literal(String(value)) }
    func encode(_ value: some Encodable) throws { try write(value) }

    private func number(_ value: Double, _ text: String) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "JSON has no such number"))
        }
        output.literal(text)
    }
}

private struct ObjectContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let output: JSONOutput
    /// How many containers its members lie in.
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    private func member(_ key: some CodingKey) -> ValueEncoder {
        output.key(key.stringValue, at: depth)
        return ValueEncoder(output: output, depth: depth)
    }

    func encodeNil(forKey key: Key) { member(key).encodeNil() }
    func encode(_ value: Bool, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: String, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Double, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Float, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Int, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int8, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int16, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int32, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int64, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt8, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt16, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt32, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt64, forKey key: Key) { member(key).encode(value) }

    func encode(_ value: some Encodable, forKey key: Key) throws { try member(key).write(value) }

    func nestedContainer<Nested>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        member(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { member(SuperKey()) }

    func superEncoder(forKey key: Key) -> any Encoder { member(key) }
}

private struct ListContainer: UnkeyedEncodingContainer {
    let output: JSONOutput
    /// How many containers its elements lie in.
    let depth: Int
    private(set) var count = 0

    init(output: JSONOutput, depth: Int) {
        self.output = output
        self.depth = depth
    }

    var codingPath: [any CodingKey] { [] }

    private mutating func element() -> ValueEncoder {
        output.separate(at: depth)
        count += 1
        return ValueEncoder(output: output, depth: depth)
    }

    mutating func encodeNil() { element().encodeNil() }
    mutating func encode(_ value: some Encodable) throws { try element().write(value) }

    mutating func nestedContainer<Nested>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        element().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        element().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { element() }
}

/// The key that `Codable` classes keep their parent's members under.
private struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }

    init() {}

    init?(stringValue: String) {
        guard stringValue == "super" else { return nil }
    }

    init?(intValue: Int) { nil }
}
