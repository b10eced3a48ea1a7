/// What a ``Cell`` holds.
///
/// The raw value is the low byte of ``Cell/tag``.
public enum Kind: UInt8, Sendable, CaseIterable {
    /// Nothing: a field that is not there, a variable without a value.
    case absent = 0
    /// `null`.
    case null
    /// `bits` is 0 or 1.
    case bool
    /// `bits` is the 64-bit two's complement.
    case int
    /// `bits` is the number.
    case uint
    /// `bits` is the IEEE 754 pattern.
    case double
    /// `bits` says where the UTF-8 text is, `length` how many bytes.
    case string
    /// As `string`, without the promise of valid UTF-8.
    case bytes
    /// `bits` is a signed count of nanoseconds.
    case duration
    /// `bits` is the signed count of seconds since 1970, `length` the nanoseconds after it.
    case timestamp
    /// `bits` says where the first element is, `length` how many there are.
    case list
    /// `bits` says where the first key is; `length` entries of key, value, key, value … follow.
    case map
    /// `bits` says where the first member is, `length` how many; each member carries its name.
    case object
    /// A type as a value: text as for `string`.
    case type
    /// `bits` says where the value is; 0 is the optional that holds none.
    case optional
    /// A value of a library's own type; only evaluation makes it.
    case opaque
}

/// One value in 16 trivially copyable bytes: the unit of a ``Tape`` and of evaluation.
///
/// The layout is a contract with code in C that fills a tape:
/// `struct { uint64_t bits; uint32_t length; uint32_t tag; }`, little-endian.
///
/// `tag` is the kind in the low 8 bits; the high 24 bits are the member's name (an index into the
/// tape's names, from 1) when the cell is a member of an `object`, and 0 elsewhere.
///
/// While a tape is being filled, `bits` of a text is an offset into the byte buffer, and `bits` of a
/// list, map or object is the index of its first child cell; all children of one container are
/// contiguous and come before it, so the root is the last cell. A finished tape has turned both
/// into addresses, so that reading needs no base.
public struct Cell: Sendable {
    /// The value, or where it is.
    public var bits: UInt64
    /// Bytes, elements or nanoseconds, by kind.
    public var length: UInt32
    /// Kind and name.
    public var tag: UInt32

    /// A cell from its parts.
    @inline(__always)
    public init(_ kind: Kind, bits: UInt64 = 0, length: UInt32 = 0) {
        self.bits = bits
        self.length = length
        tag = UInt32(kind.rawValue)
    }

    /// What the cell holds; an unknown tag reads as absent.
    @inline(__always)
    public var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: tag)) ?? .absent }

    /// The high 24 bits of the tag: a name in a tape, the number of a tape during evaluation.
    @inline(__always)
    var note: UInt32 {
        get { tag >> 8 }
        set { tag = (tag & 0xFF) | (newValue << 8) }
    }

    @inline(__always)
    func `is`(_ kind: Kind) -> Bool { UInt8(truncatingIfNeeded: tag) == kind.rawValue }

    @inline(__always)
    func noted(_ note: UInt32) -> Cell {
        var copy = self
        copy.note = note
        return copy
    }
}

// Making and reading cells of the plain kinds. Reading does not look at the kind: the caller has.
extension Cell {
    static let absent = Cell(.absent)
    static let null = Cell(.null)

    @inline(__always)
    init(_ value: Bool) { self.init(.bool, bits: value ? 1 : 0) }

    @inline(__always)
    init(_ value: Int64) { self.init(.int, bits: UInt64(bitPattern: value)) }

    @inline(__always)
    init(_ value: UInt64) { self.init(.uint, bits: value) }

    @inline(__always)
    init(_ value: Double) { self.init(.double, bits: value.bitPattern) }

    @inline(__always)
    init(_ value: Timestamp) {
        self.init(
            .timestamp, bits: UInt64(bitPattern: value.seconds),
            length: UInt32(truncatingIfNeeded: value.nanoseconds))
    }

    @inline(__always)
    init(nanoseconds: Int64) { self.init(.duration, bits: UInt64(bitPattern: nanoseconds)) }

    @inline(__always)
    var bool: Bool { bits != 0 }

    @inline(__always)
    var int: Int64 { Int64(bitPattern: bits) }

    @inline(__always)
    var uint: UInt64 { bits }

    @inline(__always)
    var double: Double { Double(bitPattern: bits) }

    @inline(__always)
    var nanoseconds: Int64 { Int64(bitPattern: bits) }

    @inline(__always)
    var timestamp: Timestamp { Timestamp(seconds: int, nanoseconds: Int32(bitPattern: length)) }

    @inline(__always)
    var count: Int { Int(length) }
}

// Reading through addresses: only cells of finished tapes, program constants and arenas get here.
extension Cell {
    /// How many bytes may be read, though they say nothing, behind the end of any text: whoever
    /// allocates memory for texts leaves that room, so that texts are searched in whole registers.
    static let textPadding = 16

    /// The text's bytes, in the memory that the cell's owner keeps alive.
    @inline(__always)
    var text: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(bits)), count: Int(length))
    }

    /// The first child of a container.
    ///
    /// Only valid for containers with at least one child.
    @inline(__always)
    var children: UnsafePointer<Cell> {
        // `unsafelyUnwrapped` because a container with children has an address that is not 0.
        UnsafePointer<Cell>(bitPattern: UInt(bits)).unsafelyUnwrapped
    }

    @inline(__always)
    init(_ kind: Kind, at pointer: UnsafeRawPointer?, length: Int) {
        self.init(
            kind, bits: UInt64(UInt(bitPattern: pointer)),
            length: UInt32(truncatingIfNeeded: length))
    }

    var string: String { String(decoding: text, as: UTF8.self) }
}
