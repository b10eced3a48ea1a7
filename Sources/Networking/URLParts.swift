import CCurl

/// What libcurl itself reads in an address: so that nothing is judged here by another reading than
/// the one that is connected to.
@safe
struct URLParts {
    /// In small letters.
    let scheme: String

    /// The host, with other spellings of IPv4 addresses (`2130706433`, `0x7f.1`) made usual.
    ///
    /// It is empty where there is none.
    let host: String

    /// The address that stands in the place of a name, if one does.
    let address: IPAddress?

    /// Percent-decoded; empty where there is none.
    let user: String
    let password: String
    let hasCredentials: Bool

    /// `nil` where none is written.
    let port: Int?

    /// Whether there is neither a path but `/`, nor a query, nor a fragment.
    let hasNothingBehindPort: Bool

    /// `nil` for what libcurl does not take for an absolute address.
    init?(_ url: String) {
        // `unsafe` here and below: the handle lives until the `defer`, because nothing else knows
        // it, and the texts are copied before they are freed.
        guard let handle = unsafe curl_url() else { return nil }
        defer { unsafe curl_url_cleanup(handle) }
        guard unsafe curl_url_set(handle, CURLUPART_URL, url, Self.flags) == CURLUE_OK,
            let scheme = unsafe Self.part(CURLUPART_SCHEME, of: handle)
        else { return nil }
        self.scheme = scheme
        let host = unsafe Self.part(CURLUPART_HOST, of: handle) ?? ""
        self.host = host
        address = IPAddress(String(host.drop { $0 == "[" }.prefix { $0 != "]" }))
        guard let user = unsafe Self.decoded(CURLUPART_USER, of: handle),
            let password = unsafe Self.decoded(CURLUPART_PASSWORD, of: handle)
        else { return nil }
        (self.user, self.password) = (user, password)
        hasCredentials =
            unsafe Self.part(CURLUPART_USER, of: handle) != nil
            || Self.part(CURLUPART_PASSWORD, of: handle) != nil
        port = unsafe Self.part(CURLUPART_PORT, of: handle).flatMap { Int($0) }
        hasNothingBehindPort =
            unsafe Self.part(CURLUPART_PATH, of: handle) ?? "/" == "/"
            && Self.part(CURLUPART_QUERY, of: handle) == nil
            && Self.part(CURLUPART_FRAGMENT, of: handle) == nil
    }

    /// Schemes libcurl was built without are read too, so that they can be named when refused.
    private static let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)

    /// Empty where there is none, and `nil` for what decodes to a control character.
    private static func decoded(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        guard unsafe Self.part(part, of: handle) != nil else { return "" }
        return unsafe Self.part(part, of: handle, flags: UInt32(CURLU_URLDECODE))
    }

    private static func part(
        _ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, flags) == CURLUE_OK,
            let found = unsafe text
        else { return nil }
        defer { unsafe curl_free(found) }
        return unsafe String(cString: found)
    }
}
