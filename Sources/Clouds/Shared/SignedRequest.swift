package import Networking
package import Pipeline

/// One call of a cloud's API, before it is signed.
package struct CloudCall: Hashable, Sendable {
    package var method: HTTPRequest.Method
    /// As on the request line, percent-encoded.
    package var path: String
    package var action: String
    package var version: String
    /// Decoded.
    package var query: [QueryItem]

    package init(
        _ method: HTTPRequest.Method, path: String, action: String, version: String,
        query: [QueryItem]
    ) {
        self.method = method
        self.path = path
        self.action = action
        self.version = version
        self.query = query
    }
}

/// How a request is signed.
package enum SignatureVersion: String, Hashable, CaseIterable, Sendable {
    /// ACS3-HMAC-SHA256, in headers.
    case v3
    /// HMAC-SHA1, in the query, for the older RPC actions.
    case rpc
}

extension CloudCall {
    /// The most bytes of a reply; a conversation of 300 sentences has about 45,000.
    package static let replyLimit = 32 << 20

    /// The request for one attempt; each attempt needs a nonce of its own.
    ///
    /// What is signed is what is sent: the query is written here, from decoded pairs, and the
    /// `Host` header is the one that was signed.
    package func signed(
        for endpoint: CloudEndpoint, with credentials: Credentials, as version: SignatureVersion,
        nonce: String, at now: Timestamp
    ) -> HTTPRequest {
        let date = Timestamp(milliseconds: now.milliseconds - now.milliseconds.positiveRest(1000))
        var request =
            switch version {
            case .v3: signedV3(endpoint, credentials, nonce: nonce, date: date.rfc3339)
            case .rpc: signedRPC(endpoint, credentials, nonce: nonce, date: date.rfc3339)
            }
        request.responseLimit = Self.replyLimit
        return request
    }

    private func signedV3(
        _ endpoint: CloudEndpoint, _ credentials: Credentials, nonce: String, date: String
    ) -> HTTPRequest {
        let payloadHash = ACS3Signature.payloadHash(of: [])
        var headers = [
            HTTPHeader("Host", endpoint.authority),
            HTTPHeader("x-acs-action", action),
            HTTPHeader("x-acs-version", version),
            HTTPHeader("x-acs-date", date),
            HTTPHeader("x-acs-signature-nonce", nonce),
            HTTPHeader("x-acs-content-sha256", payloadHash),
            HTTPHeader("Accept", "application/json"),
        ]
        if let token = credentials.securityToken {
            headers.append(HTTPHeader("x-acs-accesskey-id", credentials.accessKeyID))
            headers.append(HTTPHeader("x-acs-security-token", token))
        }
        let signature = ACS3Signature(
            method: method.rawValue, path: path, query: query, headers: headers,
            payloadHash: payloadHash, accessKeySecret: credentials.accessKeySecret)
        headers.append(
            HTTPHeader(
                "Authorization", signature.authorization(accessKeyID: credentials.accessKeyID)))
        let query = ACS3Signature.canonicalQuery(query)
        return HTTPRequest(
            method, url: "\(endpoint.scheme)://\(endpoint.authority)\(path)?\(query)",
            headers: headers)
    }

    private func signedRPC(
        _ endpoint: CloudEndpoint, _ credentials: Credentials, nonce: String, date: String
    ) -> HTTPRequest {
        let parameters =
            query + [
                QueryItem("Action", action), QueryItem("Version", version),
                // Left out, it would mean XML.
                QueryItem("Format", "JSON"),
                QueryItem("AccessKeyId", credentials.accessKeyID),
                QueryItem("SignatureMethod", "HMAC-SHA1"), QueryItem("SignatureVersion", "1.0"),
                QueryItem("SignatureNonce", nonce), QueryItem("Timestamp", date),
                QueryItem("SecurityToken", credentials.securityToken),
            ]
        let signature = RPCSignature(
            method: method.rawValue, parameters: parameters,
            accessKeySecret: credentials.accessKeySecret)
        let query = PercentEncoding.query(
            parameters.sortedByName
                + [QueryItem(RPCSignature.parameterName, signature.signature)])
        return HTTPRequest(
            method, url: "\(endpoint.scheme)://\(endpoint.authority)/?\(query)",
            headers: [
                HTTPHeader("Host", endpoint.authority), HTTPHeader("Accept", "application/json"),
            ])
    }
}

extension Int64 {
    /// The remainder that is never negative.
    fileprivate func positiveRest(_ divisor: Int64) -> Int64 {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
