import Networking

/// What `network:` says, of all connections or of one channel's.
struct NetworkSettings: Sendable {
    /// Private ranges that webhook channels may reach.
    var allowed: [AddressRange] = []
    var connection = ConnectionSettings()
}
