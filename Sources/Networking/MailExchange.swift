import CCurl

/// One mail and its server's replies, as libcurl goes through it.
///
/// Two habits of libcurl (7.88.1, measured) shape how mails are sent:
/// - When a transfer that is not over is taken out of a multi handle, libcurl ends the message with
///   a dot, and the server delivers half a mail. So a mail is never taken out: it is stopped by a
///   callback.
/// - It waits for the reply to the end of the message, and to QUIT, inside `curl_multi_perform`. So
///   mails have threads of their own, one for each session, and a slow mail server holds up nothing
///   but mails to itself.
final class MailExchange: Exchange {
    /// Why a callback said no.
    private enum Problem {
        case notLoggedIn
        /// An address outside ASCII, and no SMTPUTF8.
        case notInternational
        /// A kept session that was opened on other terms.
        case unsuitableSession
        case tooManyLines
    }

    private let mail: MailSubmission
    private let terms: MailSessions.Terms
    private let sessions: MailSessions
    private let answer: (Result<MailReply, TransportError>) -> Void
    private let message: [UInt8]

    private var dialogue = MailDialogue()
    private var problem: Problem?
    private var sent = 0
    /// Whether the mail is tried a second time, on a session of its own.
    private(set) var hasRestarted = false

    /// The message is given as it goes out.
    init(
        _ mail: MailSubmission, message: [UInt8], defaults: CurlTransport.Configuration,
        sessions: MailSessions, answer: @escaping (Result<MailReply, TransportError>) -> Void
    ) {
        self.mail = mail
        self.message = message
        self.sessions = sessions
        self.answer = answer
        terms = MailSessions.Terms(
            security: mail.server.security, credentials: mail.credentials,
            connection: mail.connection(over: defaults.connection))
    }

    // MARK: Options

    func configure(_ handle: inout EasyHandle) throws(TransportError) {
        let scheme = terms.security == .implicitTLS ? "smtps" : "smtp"
        let host = mail.server.host.utf8.contains(0x3a) ? "[\(mail.server.host)]" : mail.server.host
        // The path is the name for EHLO.
        try handle.set(CURLOPT_URL, "\(scheme)://\(host):\(mail.server.port)/\(mail.helloName)")
        try handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        try handle.set(nil, trusting: terms.connection)
        let level = terms.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL
        try handle.set(CURLOPT_USE_SSL, Int(level.rawValue))
        try handle.set(trustAndIdentity: terms.connection)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, mail.connectTimeout)
        let seconds = (mail.timeout.wholeMilliseconds + 999) / 1000
        try handle.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds)
        if let credentials = terms.credentials {
            let option = credentials.takesToken ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD
            try handle.set(CURLOPT_USERNAME, credentials.username)
            try handle.set(option, credentials.password)
            let names = credentials.mechanismNames.map { "AUTH=\($0)" }
            try handle.set(CURLOPT_LOGIN_OPTIONS, names.joined(separator: ";"))
            try handle.set(CURLOPT_SASL_IR, 1)
        }
        try handle.set(CURLOPT_MAIL_FROM, mail.from)
        try handle.set(recipients: mail.recipients)
        try handle.set(CCURL_MAIL_RCPT_ALLOWFAILS, 1)
        try handle.set(CURLOPT_UPLOAD, 1)
        try handle.set(CURLOPT_INFILESIZE_LARGE, large: message.count)
    }

    // MARK: Questions of libcurl

    /// The mail server is the operator's own choice, wherever it is.
    func admits(_ address: IPAddress) -> Bool { true }

    func begins(on connection: Connection) -> Bool {
        if dialogue.isGreeted {
            guard terms.credentials == nil || dialogue.isLoggedIn else {
                // libcurl would go on without.
                problem = .notLoggedIn
                return false
            }
            sessions.opened(
                connection, terms, takesInternational: dialogue.takesInternational)
        } else {
            guard sessions.isOpen(connection, on: terms) else {
                problem = .unsuitableSession
                return false
            }
        }
        guard !mail.isInternational || sessions.takesInternational(connection) else {
            problem = .notInternational
            return false
        }
        dialogue.begin()
        return true
    }

    func receives(headerLine: Span<UInt8>) -> Bool {
        var line: [UInt8] = []
        line.append(headerLine)
        guard dialogue.receive(line) else {
            problem = .tooManyLines
            return false
        }
        return true
    }

    func receives(body: Span<UInt8>, expected: Int) -> Bool { true }

    func nextPart(atMost count: Int) -> ArraySlice<UInt8> {
        let part = message[sent...].prefix(count)
        sent = part.endIndex
        return part
    }

    // MARK: The end

    /// Answers the caller, or returns false when the transfer must be done once more, on a new
    /// session.
    func concludes(_ ending: Ending) -> Bool {
        let reply = dialogue.reply(to: mail.recipients)
        let last = dialogue.last(recipients: mail.recipients.count)
        if let reply, let last, !last.isRefusal {
            // The server has taken it, whatever came after.
            answer(.success(reply))
            return true
        }
        if shouldRestart(ending) {
            restart()
            return false
        }
        var error = failure(ending)
        error.mayHaveBeenDelivered = dialogue.hasBegun && sent == message.count && last == nil
        error.mailReply = reply
        answer(.failure(error))
        return true
    }

    /// A kept session that turns out to be of no use, before anything of this mail was taken: the
    /// server had closed it, wants no more mails on it, or it was opened on other terms.
    private func shouldRestart(_ ending: Ending) -> Bool {
        guard !hasRestarted, !dialogue.isGreeted, case .finished(let result, _) = ending else {
            return false
        }
        if problem == .unsuitableSession { return true }
        guard dialogue.hasBegun, problem == nil else { return false }
        switch dialogue.replies.first {
        case nil: return result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR
        case let first?: return first.code == 421 && dialogue.replies.count == 1
        }
    }

    private func restart() {
        hasRestarted = true
        dialogue = MailDialogue()
        problem = nil
        sent = 0
    }

    private func failure(_ ending: Ending) -> TransportError {
        guard case .finished(let result, let facts) = ending else {
            guard case .failed(let error) = ending else { return .stopped }
            return error
        }
        switch problem {
        case .notLoggedIn: return loginNotOffered
        case .notInternational:
            return TransportError(
                .invalidRequest,
                message: "the mail server takes no addresses outside ASCII (SMTPUTF8)")
        case .tooManyLines:
            return TransportError(
                .responseTooLarge, message: "the mail server does not stop talking")
        case .unsuitableSession, nil: break
        }
        if result == CURLE_LOGIN_DENIED {
            guard let refusal = dialogue.loginRefusal else { return loginNotOffered }
            return TransportError(
                .authenticationRefused(status: refusal.code),
                message: "the mail server refused the login with \(refusal.code)")
        }
        if let refusal = dialogue.refusal(recipients: mail.recipients.count),
            result != CURLE_USE_SSL_FAILED
        {
            return TransportError(
                .mail(status: refusal.code),
                message: "the mail server refused the mail with \(refusal.code)")
        }
        return .failure(result, facts, hasBegun: dialogue.hasBegun)
    }

    private var loginNotOffered: TransportError {
        let names = terms.credentials?.mechanismNames ?? []
        return TransportError(
            .authenticationNotOffered,
            message: "a login is set, and the mail server does not offer "
                + names.joined(separator: " or "))
    }
}
