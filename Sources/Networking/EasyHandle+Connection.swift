import CCurl

extension EasyHandle {
    /// Whom to trust, and as whom to come, in TLS.
    func set(trustAndIdentity settings: ConnectionSettings) throws(TransportError) {
        if let folder = settings.systemFolder { try set(CURLOPT_CAPATH, folder) }
        if let file = settings.caFile {
            // In the place of the system's file; what libcurl has of the system in a folder stays.
            try set(CURLOPT_CAINFO, file)
            if !settings.trustsSystem { try unset(CURLOPT_CAPATH) }
        }
        if let identity = settings.identity {
            try set(CURLOPT_SSLCERT, identity.certificateFile)
            try set(CURLOPT_SSLKEY, identity.keyFile ?? identity.certificateFile)
            // Without a password, be it empty, OpenSSL would ask for one at the terminal and wait.
            try set(CURLOPT_KEYPASSWD, identity.keyPassword)
        }
    }

    /// What to go through, or nothing whatever the environment says.
    func set(
        _ proxy: Proxy?, trusting settings: ConnectionSettings
    ) throws(TransportError) {
        guard let proxy else {
            try set(CURLOPT_PROXY, "")
            return try set(CURLOPT_NOPROXY, "*")
        }
        try set(CURLOPT_PROXY, proxy.url)
        try set(CURLOPT_NOPROXY, "")
        if !proxy.username.isEmpty || !proxy.password.isEmpty {
            try set(CURLOPT_PROXYUSERNAME, proxy.username)
            try set(CURLOPT_PROXYPASSWORD, proxy.password)
            try set(CURLOPT_PROXYAUTH, Self.basic)
            // Nothing else of SOCKS, either: a login by GSS-API would ask the environment.
            if proxy.isSOCKS { try set(CURLOPT_SOCKS5_AUTH, Self.basic) }
        }
        try set(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = settings.caFile {
            try set(CURLOPT_PROXY_CAINFO, file)
            if !settings.trustsSystem { try unset(CURLOPT_PROXY_CAPATH) }
        }
    }

    /// CURLAUTH_BASIC, a macro that Swift does not see.
    private static var basic: Int { 1 }
}
