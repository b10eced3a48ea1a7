import Pipeline

/// An access key that the stand-in knows.
package struct CloudCredentials: Hashable, Sendable {
    package var accessKeyID: String
    package var accessKeySecret: String
    /// Given for temporary keys alone; then every request must carry it.
    package var securityToken: String?

    package init(accessKeyID: String, accessKeySecret: String, securityToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.accessKeySecret = accessKeySecret
        self.securityToken = securityToken
    }

    /// What `tocsin simulate` takes unless told otherwise.
    package static let test = CloudCredentials(
        accessKeyID: "testAccessKeyId", accessKeySecret: "testAccessKeySecret")
}

/// A request whose signature holds: what it asks for, and what is still to be judged.
struct SignedCall: Sendable {
    let action: String
    let version: String
    /// Of query and form.
    let parameters: [FormPair]
    /// As sent.
    let date: String
    let nonce: String
}

/// Why a cloud says no, in its own words.
struct CloudRefusal: Error, Hashable, Sendable {
    let status: Int
    let code: String
    let message: String
    /// The counter under `reject`; nil when the request was sound and the answer is still no.
    var reason: String?
}

/// Judges who calls: all that needs no memory.
///
/// Strict where the gateways are: every `x-acs-*` header must be signed, and the hash of the body
/// must be that of the body.
struct Admission: Sendable {
    let credentials: [CloudCredentials]

    enum Scheme: String, Sendable {
        case acs3 = "ACS3-HMAC-SHA256"
        case legacyRPC = "RPC HMAC-SHA1"
        case none
    }

    static func scheme(of request: LoopbackRequest) -> Scheme {
        if request.header("authorization")?.hasPrefix("ACS3-HMAC-SHA256 ") == true { return .acs3 }
        let isSigned = (request.query + request.form).contains { $0.nameText == "Signature" }
        return isSigned ? .legacyRPC : .none
    }

    func verify(_ request: LoopbackRequest) throws(CloudRefusal) -> SignedCall {
        switch Self.scheme(of: request) {
        case .acs3: try verifyACS3(request)
        case .legacyRPC: try verifyLegacyRPC(request)
        case .none:
            throw CloudRefusal(
                status: 400, code: "IncompleteSignature",
                message: "The request carries no signature.", reason: "unsigned")
        }
    }

    private func verifyACS3(_ request: LoopbackRequest) throws(CloudRefusal) -> SignedCall {
        let fields = Self.authorizationFields(request.header("authorization") ?? "")
        let signed = (fields["SignedHeaders"] ?? "").split(separator: ";").map(String.init)
        guard let accessKeyID = fields["Credential"], let signature = fields["Signature"],
            !accessKeyID.isEmpty, !signature.isEmpty, !signed.isEmpty
        else {
            throw CloudRefusal(
                status: 400, code: "IncompleteSignature",
                message: "Authorization lacks Credential, SignedHeaders or Signature.",
                reason: "format")
        }
        let action = try Self.required("x-acs-action", of: request)
        let version = try Self.required("x-acs-version", of: request)
        let date = try Self.required("x-acs-date", of: request)
        let nonce = try Self.required("x-acs-signature-nonce", of: request)
        let sent = request.headers.keys.filter { $0.hasPrefix("x-acs-") }
        let unsigned = Set(sent).union(["host"]).subtracting(signed).sorted()
        guard unsigned.isEmpty else {
            throw CloudRefusal(
                status: 400, code: "IncompleteSignature",
                message: "Headers not signed: \(unsigned.joined(separator: ",")).",
                reason: "unsignedHeader")
        }
        let hash = Digest.sha256(request.body)
        if let declared = request.header("x-acs-content-sha256"), declared != hash {
            throw CloudRefusal(
                status: 400, code: "SignatureDoesNotMatch",
                message: "x-acs-content-sha256 is not the hash of the body.", reason: "bodyHash")
        }
        let secret = try secret(
            of: accessKeyID, token: request.header("x-acs-security-token"))
        let expected = CloudSignatures.acs3(
            secret: secret, method: request.method, path: request.path, query: request.query,
            signedHeaders: signed.map { ($0, request.headers[$0] ?? [""]) }, payloadHash: hash)
        guard expected.signature == signature else {
            throw Self.mismatch(
                "server canonical request is:\(expected.canonicalRequest)")
        }
        return SignedCall(
            action: action, version: version, parameters: request.query + request.form,
            date: date, nonce: nonce)
    }

    private func verifyLegacyRPC(_ request: LoopbackRequest) throws(CloudRefusal) -> SignedCall {
        let parameters = request.query + request.form
        func required(_ name: String) throws(CloudRefusal) -> String {
            if let value = parameters.first(name), !value.isEmpty { return value }
            throw Self.missing(name)
        }
        let action = try required("Action")
        let version = try required("Version")
        let accessKeyID = try required("AccessKeyId")
        let nonce = try required("SignatureNonce")
        let date = try required("Timestamp")
        guard try required("SignatureMethod") == "HMAC-SHA1",
            try required("SignatureVersion") == "1.0"
        else {
            throw CloudRefusal(
                status: 400, code: "InvalidSignatureMethod",
                message: "Only SignatureMethod HMAC-SHA1 with SignatureVersion 1.0 is taken.",
                reason: "method")
        }
        let secret = try secret(of: accessKeyID, token: parameters.first("SecurityToken"))
        let expected = CloudSignatures.legacyRPC(
            secret: secret, method: request.method, parameters: parameters)
        guard expected.signature == parameters.first("Signature") else {
            throw Self.mismatch("server string to sign is:\(expected.stringToSign)")
        }
        return SignedCall(
            action: action, version: version, parameters: parameters, date: date, nonce: nonce)
    }

    private func secret(of accessKeyID: String, token: String?) throws(CloudRefusal) -> String {
        guard let key = credentials.first(where: { $0.accessKeyID == accessKeyID }) else {
            throw CloudRefusal(
                status: 404, code: "InvalidAccessKeyId.NotFound",
                message: "Specified access key is not found.", reason: "accessKey")
        }
        guard key.securityToken == token else {
            let code =
                switch (key.securityToken, token) {
                case (nil, _): "InvalidSecurityToken.MismatchWithAccessKey"
                case (_, nil): "MissingSecurityToken"
                default: "InvalidSecurityToken.Malformed"
                }
            throw CloudRefusal(
                status: 400, code: code, message: "The security token is not that of the key.",
                reason: "token")
        }
        return key.accessKeySecret
    }

    /// `A=…,B=…` after the scheme's name.
    private static func authorizationFields(_ value: String) -> [String: String] {
        let list = value.drop { $0 != " " }.dropFirst()
        var fields: [String: String] = [:]
        for piece in list.split(separator: ",") {
            let parts = piece.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[parts[0].trimmingBlanks] = String(parts[1]) }
        }
        return fields
    }

    private static func required(
        _ header: String, of request: LoopbackRequest
    ) throws(CloudRefusal) -> String {
        if let value = request.header(header), !value.isEmpty { return value }
        throw missing(header)
    }

    private static func missing(_ name: String) -> CloudRefusal {
        CloudRefusal(
            status: 400, code: "Missing\(name)", message: "\(name) is mandatory for this action.",
            reason: "missing \(name)")
    }

    private static func mismatch(_ detail: String) -> CloudRefusal {
        CloudRefusal(
            status: 400, code: "SignatureDoesNotMatch",
            message: "Specified signature is not matched with our calculation. \(detail)",
            reason: "signature")
    }
}

/// Judges when a call comes: the clock and the nonces seen.
struct NonceMemory: Sendable {
    /// How far a request's date may be from the server's, either way.
    static let skewLimit = Duration.seconds(15 * 60)
    /// How long a nonce is remembered: a date that is ahead by the limit stays good that long.
    static let span = skewLimit * 2
    /// The most nonces remembered; beyond, the oldest are forgotten.
    static let capacity = 500_000

    private var seen: Set<String> = []
    private var order: [(nonce: String, at: Timestamp)] = []
    /// How many at the front of `order` are forgotten already.
    private var forgotten = 0

    var count: Int { seen.count }

    mutating func admit(date: String, nonce: String, at now: Timestamp) throws(CloudRefusal) {
        guard date.hasSuffix("Z"), !date.contains("."), let moment = Timestamp(rfc3339: date)
        else {
            throw CloudRefusal(
                status: 400, code: "InvalidTimeStamp.Format",
                message: "Specified time stamp or date value is not well formatted.",
                reason: "dateFormat")
        }
        let distance = moment < now ? now - moment : moment - now
        guard distance <= Self.skewLimit else {
            throw CloudRefusal(
                status: 400, code: "InvalidTimeStamp.Expired",
                message: "Specified time stamp or date value is expired.", reason: "skew")
        }
        forget(before: now - Self.span)
        guard seen.insert(nonce).inserted else {
            throw CloudRefusal(
                status: 400, code: "SignatureNonceUsed",
                message: "Specified signature nonce was used already.", reason: "replay")
        }
        order.append((nonce, now))
    }

    private mutating func forget(before moment: Timestamp) {
        while forgotten < order.count,
            order[forgotten].at < moment || order.count - forgotten >= Self.capacity
        {
            seen.remove(order[forgotten].nonce)
            forgotten += 1
        }
        if forgotten > Self.capacity || forgotten == order.count {
            order.removeFirst(forgotten)
            forgotten = 0
        }
    }
}
