import Synchronization

/// Addresses that requests went to lately, and what libcurl reads in them: most requests of a
/// channel go to the same one.
///
/// Only such as passed ``HTTPRequest/check(_:knowing:)``'s look at the address itself; policy and
/// proxy are judged for each request. All are ASCII, and so must be what is asked for: the Kelvin
/// sign is no K, though their texts are equal.
final class CheckedAddresses: Sendable {
    /// The most that are known; beyond it they are read anew.
    static let limit = 256

    private let known = Mutex<[String: URLParts]>([:])

    func parts(of url: String) -> URLParts? { known.withLock { $0[url] } }

    func keep(_ parts: URLParts, of url: String) {
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[url] = parts
        }
    }
}
