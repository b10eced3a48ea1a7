/// Which addresses a request may connect to.
///
/// It is the connected address that is judged, for every request: after the name lookup, so that no
/// spelling of a host and no second answer of a name server gets around it, and again when a kept
/// connection is used.
///
/// Behind a proxy it is the proxy that looks up names and connects, so under `public` only what is
/// written in the request can be judged: an address by its range, and a name that is local by its
/// nature (`localhost`, `….internal`) is refused. Plain `http:` goes through no proxy at all.
package enum AddressPolicy: Sendable, Hashable {
    /// Any address, by `https:` and `http:`: for what the operator has set, such as a cloud's
    /// endpoint.
    case unrestricted

    /// Public addresses by `https:` alone; those in the ranges by `http:` too, private or not.
    case `public`(allowing: [AddressRange])

    /// Whether a connection to the address may carry a request.
    package func permits(_ address: IPAddress, encrypted: Bool) -> Bool {
        switch self {
        case .unrestricted: true
        case .public(let ranges):
            if ranges.contains(where: { $0.contains(address) }) {
                true
            } else {
                encrypted && address.isPublic
            }
        }
    }
}
