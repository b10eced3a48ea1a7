package import CEL
import CSimdJSON

// Free functions, to be called by the module's name: `JSON.parse(bytes)`.

/// Reads a JSON document (RFC 8259) into a tape.
///
/// Integers become `int`, over its range `uint`, over that `double`. Of members with one name the
/// last counts, as with most decoders. A byte order mark at the start is skipped. An array with at
/// least 64 bytes of unused capacity is read in place.
///
/// - throws: A ``JSONError``; it says nothing of the content.
package func parse(_ bytes: [UInt8]) throws(JSONError) -> Tape {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard bytes.count <= JSONLimits.bytes else { throw .tooLarge }
    let capacity = bytes.capacity
    do {
        return try bytes.withUnsafeBufferPointer { buffer in
            guard let address = buffer.baseAddress, buffer.count > start else {
                throw JSONError.empty
            }
            var document = csimdjson_document()
            let status = csimdjson_parse(
                address + start, buffer.count - start, capacity - start, JSONLimits.depth,
                JSONLimits.names, &document)
            guard Int(status) == CSIMDJSON_OK else { throw JSONError(status: status) }
            return try tape(document)
        }
    } catch let error as JSONError {
        throw error
    } catch TapeError.tooDeep {
        throw .tooDeep
    } catch {
        throw .malformed
    }
}

/// Reads a JSON document.
package func parse(_ text: String) throws(JSONError) -> Tape {
    try parse(Array(text.utf8))
}

/// The text as a JSON string, with its quotes.
///
/// Control characters are escaped; all else stands as it is.
package func quoted(_ text: String) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    bytes.reserveCapacity(text.utf8.count + 2)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
        case UInt8(ascii: "\r"): bytes += Array("\\r".utf8)
        case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
}

/// The tape of what the shim has found: one copy out of its memory.
///
/// Its texts are UTF-8: simdjson refuses what is not.
private func tape(_ document: csimdjson_document) throws -> Tape {
    try Tape.filling(
        cells: document.cell_count, bytes: document.byte_count, names: document.name_count,
        holdsValidText: true
    ) { filling in
        copy(document.cells, document.cell_count, to: filling.cells)
        copy(document.names, document.name_count, to: filling.names)
        if let bytes = document.bytes {
            filling.bytes.baseAddress?.update(from: bytes, count: document.byte_count)
        }
        filling.cellCount = document.cell_count
        filling.byteCount = document.byte_count
        filling.nameCount = document.name_count
    }
}

/// The shim's cells have the layout that `Cell` documents.
private func copy(
    _ source: UnsafePointer<csimdjson_cell>?, _ count: Int,
    to cells: UnsafeMutableBufferPointer<Cell>
) {
    guard let source, count > 0 else { return }
    UnsafeMutableRawBufferPointer(cells).copyMemory(
        from: UnsafeRawBufferPointer(
            start: source, count: count * MemoryLayout<csimdjson_cell>.stride))
}

extension JSONError {
    fileprivate init(status: Int32) {
        switch Int(status) {
        case CSIMDJSON_EMPTY: self = .empty
        case CSIMDJSON_TOO_LARGE: self = .tooLarge
        case CSIMDJSON_TOO_DEEP: self = .tooDeep
        case CSIMDJSON_UTF8: self = .invalidUTF8
        case CSIMDJSON_NUMBER: self = .invalidNumber
        case CSIMDJSON_MEMORY: self = .outOfMemory
        default: self = .malformed
        }
    }
}
