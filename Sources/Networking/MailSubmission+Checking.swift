extension MailSubmission {
    static let largestMessage = 50 << 20
    static let longestLine = 998
    static let longestAddress = 254
    static let longestHost = 255

    /// Refuses what a mail server could read as something else than it is.
    ///
    /// libcurl would put a line end in an address on the wire as it is.
    func check() throws(TransportError) {
        try checkServer()
        guard !recipients.isEmpty else { throw .invalid("the mail has no recipient") }
        guard recipients.count <= Self.mostRecipients else {
            throw .invalid("the mail has more than \(Self.mostRecipients) recipients")
        }
        try Self.check(address: from, "the sender's address")
        guard Self.isASCII(from) else { throw .invalid("the sender's address is not in ASCII") }
        for recipient in recipients { try Self.check(address: recipient, "a recipient's address") }
        try checkCredentials()
        try connection(over: ConnectionSettings()).check()
    }

    private func checkServer() throws(TransportError) {
        let isAddress = IPAddress(server.host) != nil && !server.host.utf8.contains(0x25)
        guard isAddress || Self.isHostName(server.host) else {
            throw .invalid(
                "the mail server is neither a host name in ASCII nor an address"
                    + " (write an international name as xn--…)")
        }
        guard (1...65535).contains(server.port) else {
            throw .invalid("the mail server's port is not between 1 and 65535")
        }
        guard Self.isHostName(helloName) else {
            throw .invalid("the name for EHLO is not a host name in ASCII")
        }
    }

    private func checkCredentials() throws(TransportError) {
        guard let credentials else { return }
        guard !credentials.username.isEmpty,
            credentials.username.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }),
            credentials.password.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { throw .invalid("the mail credentials are empty or hold a control character") }
        let mechanisms = credentials.mechanisms
        guard !mechanisms.isEmpty, Set(mechanisms.map(\.takesToken)).count == 1 else {
            throw .invalid("the mail credentials are for no way of logging in, or for two kinds")
        }
    }

    /// How the mail gets to its server, where `base` holds for what it does not say itself.
    func connection(over base: ConnectionSettings) -> ConnectionSettings {
        var connection = connection ?? base
        if let caFile { connection.caFile = caFile }
        connection.proxy = nil
        connection.proxyExceptions = []
        return connection
    }

    /// Whether the server must offer SMTPUTF8.
    var isInternational: Bool { !recipients.allSatisfy(Self.isASCII) }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    private static func isHostName(_ text: String) -> Bool {
        (1...longestHost).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func check(address: String, _ what: String) throws(TransportError) {
        let bytes = address.utf8
        guard bytes.count <= longestAddress else {
            throw .invalid("\(what) is over \(longestAddress) bytes")
        }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > bytes.startIndex,
            isHostName(String(address[bytes.index(after: at)...]))
        else { throw .invalid("\(what) has no name or no domain") }
        guard isName(address[..<at]) else {
            throw .invalid(
                "\(what) holds, outside quotes, a blank, a bracket or the like, or a control character"
            )
        }
    }

    /// Whether it can stand before the @: characters of an address, or anything in quotes that
    /// are closed where it ends.
    private static func isName(_ name: Substring) -> Bool {
        // Outside ASCII, C1 controls apart, all stands for itself.
        guard name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7f...0x9f ~= $0.value) })
        else { return false }
        guard name.utf8.first == UInt8(ascii: "\"") else {
            return !name.utf8.contains { " \"(),:;<>@[\\]".utf8.contains($0) }
        }
        var isEscaped = false
        for (place, byte) in name.utf8.enumerated().dropFirst() {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                return place == name.utf8.count - 1
            } else {
                isEscaped = byte == UInt8(ascii: "\\")
            }
        }
        return false
    }

    /// The message as it goes out: every line ended by CRLF.
    ///
    /// A bare line feed that a later server takes for a line end could begin a second mail.
    func wireMessage() throws(TransportError) -> [UInt8] {
        guard message.count <= Self.largestMessage else {
            throw .invalid("the message is over \(Self.largestMessage) bytes")
        }
        var wire: [UInt8] = []
        wire.reserveCapacity(message.count + message.count / 32 + 2)
        var lineStart = 0
        var wasReturn = false
        for byte in message {
            if byte == 0x0a && wasReturn {
                wasReturn = false
                continue
            }
            wasReturn = byte == 0x0d
            guard byte != 0x0a && byte != 0x0d else {
                try Self.endLine(&wire, &lineStart)
                continue
            }
            guard byte != 0 && byte < 0x80 else {
                throw .invalid("the message holds a NUL or a byte over 127 (encode it)")
            }
            wire.append(byte)
        }
        if wire.count > lineStart || wire.isEmpty { try Self.endLine(&wire, &lineStart) }
        return wire
    }

    private static func endLine(
        _ wire: inout [UInt8], _ lineStart: inout Int
    ) throws(TransportError) {
        guard wire.count - lineStart <= longestLine else {
            throw .invalid("the message has a line of more than \(longestLine) bytes")
        }
        wire += [0x0d, 0x0a]
        lineStart = wire.count
    }
}
