import Foundation

/// What the sink asks of its clients.
struct SMTPRules: Sendable {
    var hostName = "mail.example.com"
    /// With a name and a password, nobody sends without logging in.
    var username: String?
    var password: String?
    /// The most bytes of a mail.
    var sizeLimit = 10 << 20
    /// The most recipients of a mail.
    var recipientLimit = 100

    /// The most bytes of a command line with its CRLF (RFC 5321; longer with AUTH, RFC 4954).
    static let commandLimit = 12_288
    /// The most bytes of a line of a mail with its CRLF.
    static let lineLimit = 1000
    /// The most refused commands of one connection.
    static let mistakeLimit = 20

    var asksForLogin: Bool { username != nil }
}

/// One connection's side of the dialogue, without the connection: bytes in, events out.
struct SMTPSession: Sendable {
    enum Event: Hashable, Sendable {
        /// Lines to send, with their line ends.
        case reply(String)
        case mail(ReceivedMail)
        /// Nothing more is read.
        case close
    }

    private enum Mode {
        case commands
        case plainResponse
        case loginName
        case loginPassword(name: [UInt8])
        case data
        case closed
    }

    /// A mail on its way in.
    private struct Content {
        var bytes: [UInt8] = []
        var isTooLarge = false
        var hasLongLine = false
    }

    private struct Envelope {
        var sender: String
        var recipients: [String] = []
        var isEightBit: Bool
    }

    let rules: SMTPRules
    /// Makes the queue ids of different connections different.
    let number: Int
    private var lines = LineSplitter()
    private var mode = Mode.commands
    private var hasGreeted = false
    private var user: String?
    private var envelope: Envelope?
    /// Not inside the mode, where each line would copy the whole mail.
    private var content = Content()
    private var mailCount = 0
    private var mistakes = 0
    private var events: [Event] = []

    init(rules: SMTPRules, number: Int) {
        self.rules = rules
        self.number = number
    }

    /// What the server says first.
    var greeting: String { "220 \(rules.hostName) ESMTP\r\n" }

    /// Takes what arrived, in pieces of any size.
    mutating func receive(_ bytes: [UInt8]) -> [Event] {
        events = []
        for byte in bytes {
            if case .closed = mode { break }
            var limit = SMTPRules.commandLimit
            if case .data = mode { limit = SMTPRules.lineLimit }
            switch lines.take(byte, limit: limit) {
            case .more: break
            case .line(let line, let isTooLong): take(line, isTooLong: isTooLong)
            case .bareLineEnd:
                // A mail with bare line ends is how one smuggles a second mail into the first.
                reply("521 5.5.2 Error: bare <CR> or <LF> received")
                close()
            }
        }
        return events
    }

    private mutating func take(_ line: [UInt8], isTooLong: Bool) {
        switch mode {
        case .closed: break
        case .data: takeData(line, isTooLong: isTooLong)
        case _ where isTooLong: refuse("500 5.5.2 Error: line too long")
        case .commands: takeCommand(line)
        case .plainResponse: logInPlain(line)
        case .loginName:
            guard let name = decoded(line) else { return }
            mode = .loginPassword(name: name)
            reply("334 UGFzc3dvcmQ6")
        case .loginPassword(let name):
            guard let password = decoded(line) else { return }
            logIn(name: name, password: password)
        }
    }

    private mutating func takeCommand(_ line: [UInt8]) {
        guard line.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            refuse("500 5.5.2 Error: only printable ASCII in commands")
            return
        }
        let text = String(decoding: line, as: UTF8.self)
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = parts.count > 1 ? String(parts[1]) : ""
        switch (parts.first ?? "").uppercased() {
        case "EHLO": greet(argument, extended: true)
        case "HELO": greet(argument, extended: false)
        case "AUTH": authenticate(argument)
        case "MAIL": begin(argument)
        case "RCPT": addRecipient(argument)
        case "DATA": startData(argument)
        case "RSET":
            envelope = nil
            reply("250 2.0.0 Ok")
        case "NOOP": reply("250 2.0.0 Ok")
        case "VRFY": reply("252 2.0.0 Send some mail and see")
        case "QUIT":
            reply("221 2.0.0 Bye")
            close()
        case "STARTTLS": refuse("502 5.5.1 Error: no TLS here")
        default: refuse("500 5.5.2 Error: command not recognized")
        }
    }

    private mutating func greet(_ name: String, extended: Bool) {
        guard !name.isEmpty, !name.contains(" ") else {
            refuse("501 5.5.4 Error: name the host")
            return
        }
        hasGreeted = true
        envelope = nil
        guard extended else {
            reply("250 \(rules.hostName)")
            return
        }
        var extensions = ["SIZE \(rules.sizeLimit)", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if rules.asksForLogin { extensions.insert("AUTH PLAIN LOGIN", at: 0) }
        var answer = "250-\(rules.hostName)\r\n"
        for (index, name) in extensions.enumerated() {
            answer += "250\(index == extensions.count - 1 ? " " : "-")\(name)\r\n"
        }
        events.append(.reply(answer))
    }

    private mutating func reply(_ line: String) { events.append(.reply(line + "\r\n")) }

    private mutating func refuse(_ line: String) {
        mode = .commands
        reply(line)
        mistakes += 1
        guard mistakes >= SMTPRules.mistakeLimit else { return }
        reply("421 4.7.0 Error: too many errors")
        close()
    }

    private mutating func close() {
        mode = .closed
        events.append(.close)
    }
}

extension SMTPSession {
    private mutating func authenticate(_ argument: String) {
        let parts = argument.split(separator: " ", omittingEmptySubsequences: false)
        guard rules.asksForLogin else { return refuse("502 5.5.1 Error: no login here") }
        guard hasGreeted else { return refuse("503 5.5.1 Error: send EHLO first") }
        guard user == nil, envelope == nil else {
            return refuse("503 5.5.1 Error: not now")
        }
        guard (1...2).contains(parts.count) else {
            return refuse("501 5.5.4 Syntax: AUTH mechanism")
        }
        let first = parts.count == 2 ? Array(parts[1].utf8) : nil
        switch (parts[0].uppercased(), first) {
        case ("PLAIN", nil):
            mode = .plainResponse
            reply("334 ")
        case ("PLAIN", let response?): logInPlain(response)
        case ("LOGIN", nil):
            mode = .loginName
            reply("334 VXNlcm5hbWU6")
        case ("LOGIN", let response?):
            guard let name = decoded(response) else { return }
            mode = .loginPassword(name: name)
            reply("334 UGFzc3dvcmQ6")
        default: refuse("504 5.5.4 Error: unknown mechanism")
        }
    }

    private mutating func logInPlain(_ response: [UInt8]) {
        guard let bytes = decoded(response) else { return }
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            refuse("501 5.5.2 Error: expected identity, name and password")
            return
        }
        logIn(name: Array(parts[1]), password: Array(parts[2]))
    }

    private mutating func logIn(name: [UInt8], password: [UInt8]) {
        guard name == Array((rules.username ?? "").utf8),
            password == Array((rules.password ?? "").utf8)
        else { return refuse("535 5.7.8 Error: authentication failed") }
        mode = .commands
        user = rules.username
        reply("235 2.7.0 Authentication successful")
    }

    /// The bytes of a base64 response; nil after refusing.
    private mutating func decoded(_ response: [UInt8]) -> [UInt8]? {
        let text = String(decoding: response, as: UTF8.self)
        if text == "*" {
            refuse("501 5.7.0 Authentication aborted")
            return nil
        }
        guard let bytes = Data(base64Encoded: text == "=" ? "" : text) else {
            refuse("501 5.5.2 Error: not base64")
            return nil
        }
        return Array(bytes)
    }
}

extension SMTPSession {
    private mutating func begin(_ argument: String) {
        guard hasGreeted else { return refuse("503 5.5.1 Error: send EHLO first") }
        guard user != nil || !rules.asksForLogin else {
            return refuse("530 5.7.0 Authentication required")
        }
        guard envelope == nil else { return refuse("503 5.5.1 Error: nested MAIL command") }
        guard let path = MailPath(argument, after: "FROM:", mayBeEmpty: true) else {
            return refuse("501 5.1.7 Syntax: MAIL FROM:<address>")
        }
        var isEightBit = false
        for parameter in path.parameters {
            let pair = parameter.split(separator: "=", maxSplits: 1).map { $0.uppercased() }
            switch (pair.first ?? "", pair.count > 1 ? pair[1] : "") {
            case ("SIZE", let text):
                guard let size = Int(text), size >= 0 else {
                    return refuse("501 5.5.4 Error: bad SIZE")
                }
                guard size <= rules.sizeLimit else {
                    return refuse("552 5.3.4 Error: message too large")
                }
            case ("BODY", "8BITMIME"): isEightBit = true
            case ("BODY", "7BIT"): break
            default: return refuse("555 5.5.4 Error: unknown parameter \(parameter)")
            }
        }
        envelope = Envelope(sender: path.address, isEightBit: isEightBit)
        reply("250 2.1.0 Ok")
    }

    private mutating func addRecipient(_ argument: String) {
        guard let open = envelope else { return refuse("503 5.5.1 Error: send MAIL first") }
        guard let path = MailPath(argument, after: "TO:", mayBeEmpty: false) else {
            return refuse("501 5.1.3 Syntax: RCPT TO:<address>")
        }
        guard path.parameters.isEmpty else {
            return refuse("555 5.5.4 Error: unknown parameter")
        }
        guard open.recipients.count < rules.recipientLimit else {
            return refuse("452 4.5.3 Error: too many recipients")
        }
        envelope?.recipients.append(path.address)
        reply("250 2.1.5 Ok")
    }

    private mutating func startData(_ argument: String) {
        guard let open = envelope else { return refuse("503 5.5.1 Error: send MAIL first") }
        guard argument.isEmpty else { return refuse("501 5.5.4 Syntax: DATA") }
        guard !open.recipients.isEmpty else {
            return refuse("554 5.5.1 Error: no valid recipients")
        }
        mode = .data
        content = Content()
        reply("354 End data with <CR><LF>.<CR><LF>")
    }

    private mutating func takeData(_ line: [UInt8], isTooLong: Bool) {
        if line == [UInt8(ascii: ".")] && !isTooLong { return finish() }
        if isTooLong { content.hasLongLine = true }
        let unstuffed = line.first == UInt8(ascii: ".") ? line.dropFirst() : line[...]
        if content.bytes.count + unstuffed.count + 2 > rules.sizeLimit {
            content.isTooLarge = true
        } else {
            content.bytes += unstuffed
            content.bytes += [0x0D, 0x0A]
        }
    }

    private mutating func finish() {
        mode = .commands
        defer { content = Content() }
        guard let done = envelope else { return }
        envelope = nil
        guard !content.isTooLarge else { return refuse("552 5.3.4 Error: message too large") }
        guard !content.hasLongLine else { return refuse("500 5.5.2 Error: line too long") }
        mailCount += 1
        let id = "\(number)-\(mailCount)"
        events.append(
            .mail(
                ReceivedMail(
                    id: id, sender: done.sender, recipients: done.recipients,
                    user: user, isEightBit: done.isEightBit, bytes: content.bytes)))
        reply("250 2.0.0 Ok: queued as \(id)")
    }
}
