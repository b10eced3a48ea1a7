internal import CEL
internal import Glibc
internal import Synchronization

/// Time zones of the host's IANA database, read from its TZif files (RFC 8536) when first asked for.
package final class SystemTimeZones: TimeZones {
    /// The most different zones that are kept; an expression may ask for zones by data.
    package static let zoneLimit = 256
    /// The largest file that is read, in bytes; real ones have less than 4 kB.
    package static let fileLimit = 64 << 10
    /// The longest name that is looked for, in bytes.
    package static let nameLimit = 64

    private let folder: String
    private let zones = Mutex<[String: TimeZoneFile?]>([:])

    /// Zones of a folder in the form of `/usr/share/zoneinfo`.
    package init(folder: String = "/usr/share/zoneinfo") { self.folder = folder }

    /// The seconds east of UTC of a zone at a time, nil for an unknown zone.
    package func offset(ofZone name: String, at second: Int64) -> Int32? {
        let known = zones.withLock { $0[name] }
        if let known { return known?.offset(at: second) }
        let read = SystemTimeZones.isName(name) ? read("\(folder)/\(name)") : nil
        zones.withLock { zones in
            if zones.count >= SystemTimeZones.zoneLimit { zones.removeAll() }
            zones[name] = .some(read)
        }
        return read?.offset(at: second)
    }

    /// Names as the database has them: no way out of its folder.
    private static func isName(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= nameLimit, !name.hasPrefix("/") else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || (0x30...0x39).contains(byte) || "/_+-".utf8.contains(byte)
        }
    }

    private func read(_ path: String) -> TimeZoneFile? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: SystemTimeZones.fileLimit)
        let count = fread(&bytes, 1, bytes.count, file)
        return TimeZoneFile(Array(bytes.prefix(count)))
    }
}
