/// What is to be done about an error, told by its code.
package enum ErrorClass: String, Hashable, CaseIterable, Sendable {
    /// Wait, and leave the whole source alone.
    case throttled
    /// It may work later.
    case unavailable
    /// The result is not there yet: an answer, not a failure.
    case later
    /// Sign again with a new nonce, once.
    case resign
    /// Get new credentials, once.
    case renewCredentials
    /// The cloud refuses this task's id.
    case refusedTask
    /// Credentials or permissions: someone must act.
    case refusedAccess
    /// The clock of this machine is wrong.
    case clock
    /// The endpoint does not know the API.
    case refusedEndpoint
}

extension ErrorClass {
    /// The class of a code, compared without case; an unknown one may work later, because nothing
    /// is lost by asking again.
    package init(code: String) {
        let code = code.lowercased()
        if code.contains("throttling") {
            self = .throttled
        } else if let exact = Self.exact[code] {
            self = exact
        } else {
            self = Self.families.first { code.hasPrefix($0.prefix) }?.errorClass ?? .unavailable
        }
    }

    private static let exact: [String: ErrorClass] = [
        "unavailableresult": .later,
        "signaturenonceused": .resign,
        "invalidapi.notfound": .refusedEndpoint,
        "invalidaction.notfound": .refusedEndpoint,
        "accessdenied": .refusedAccess,
        "unauthorized": .refusedAccess,
    ]

    /// Codes by how they begin; the first that fits counts.
    private static let families: [(prefix: String, errorClass: ErrorClass)] = [
        ("ccai.invalidparam.", .refusedTask),
        ("ccai.paraminvalid.", .refusedTask),
        ("ccai.paramnotfound.", .refusedTask),
        ("ccai.tenantpermission.", .refusedAccess),
        ("ccai.illegalpermission.", .refusedAccess),
        ("invalidsecuritytoken.", .renewCredentials),
        ("invalidtimestamp.", .clock),
        ("invalidversion", .refusedEndpoint),
        ("invalidaccesskeyid", .refusedAccess),
        ("inactiveaccesskeyid", .refusedAccess),
        ("signaturedoesnotmatch", .refusedAccess),
        ("incompletesignature", .refusedAccess),
        ("missing", .refusedAccess),
        ("forbidden", .refusedAccess),
        ("nopermission", .refusedAccess),
        ("accessdenied.", .refusedAccess),
    ]
}
