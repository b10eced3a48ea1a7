/// What a mail server has said in one transfer, reply by reply.
///
/// libcurl hands over every line it reads, in order, and says when it is about to send MAIL. From
/// there on the replies are those to MAIL, to each RCPT, to DATA and to the end of the message.
struct MailDialogue {
    struct Reply: Equatable {
        var code: Int
        var lines: [String]

        var isRefusal: Bool { code >= 400 }
    }

    /// A bound on what a server can make us keep; a mail of most recipients needs a tenth of it.
    static let mostLines = 2000
    static let longestLine = 1000

    /// Whether the session was opened in this transfer.
    ///
    /// If not, it was kept from another.
    private(set) var isGreeted = false

    /// Whether the server has said 235: the login is good.
    private(set) var isLoggedIn = false

    /// The last reply before MAIL.
    private(set) var opening: Reply?

    /// Whether the last EHLO was answered with SMTPUTF8 among the rest.
    private(set) var takesInternational = false

    /// The replies from MAIL on.
    private(set) var replies: [Reply] = []

    private(set) var hasBegun = false
    private var unfinished: [String] = []
    private var lineCount = 0

    /// MAIL is about to be sent.
    mutating func begin() { hasBegun = true }

    /// Takes a line with or without its end; false when there are too many.
    ///
    /// What is no reply is passed over, as libcurl does.
    mutating func receive(_ line: [UInt8]) -> Bool {
        lineCount += 1
        guard lineCount <= Self.mostLines else { return false }
        let line = line.prefix(Self.longestLine).prefix { $0 != 0x0d && $0 != 0x0a }
        guard line.count >= 3, line.prefix(3).allSatisfy({ (0x30...0x39).contains($0) }) else {
            return true
        }
        let code = line.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        unfinished.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        let isLast = line.count == 3 || line[line.startIndex + 3] == UInt8(ascii: " ")
        if isLast {
            finish(Reply(code: code, lines: unfinished))
            unfinished = []
        }
        return true
    }

    private mutating func finish(_ reply: Reply) {
        // The answer to QUIT, which libcurl says after a refusal.
        if reply.code == 221 { return }
        if hasBegun {
            replies.append(reply)
        } else {
            isGreeted = true
            if reply.code == 235 { isLoggedIn = true }
            if reply.code == 250 {
                takesInternational = reply.lines.dropFirst().contains {
                    $0.uppercased() == "SMTPUTF8"
                }
            }
            opening = reply
        }
    }

    /// The reply to the end of the message, with this many recipients.
    func last(recipients count: Int) -> Reply? {
        // MAIL, each RCPT, DATA, the end.
        replies.count > count + 2 ? replies[count + 2] : nil
    }

    /// The reply with which the server refused to go on, if that was the last it said.
    func refusal(recipients count: Int) -> Reply? {
        // What comes after the last place is an answer to QUIT.
        let reply = replies.prefix(lastPlace(recipients: count) + 1).last ?? opening
        return reply?.isRefusal == true ? reply : nil
    }

    /// The reply with which the server refused the login.
    ///
    /// A token that it does not like it answers with a 334, which holds the reason and asks for an
    /// empty line, which libcurl does not send.
    var loginRefusal: Reply? {
        guard !hasBegun, let opening, opening.isRefusal || opening.code == 334 else { return nil }
        return opening
    }

    /// Where the mail is decided: the first reply that leaves nothing to do, or the last of all.
    private func lastPlace(recipients count: Int) -> Int {
        if replies.first?.isRefusal == true { return 0 }
        let answers = replies.dropFirst().prefix(count)
        if answers.count == count && answers.allSatisfy(\.isRefusal) { return count }
        if replies.count > count + 1 && replies[count + 1].isRefusal { return count + 1 }
        return count + 2
    }

    /// What was said in all, for these recipients.
    func reply(to recipients: [String]) -> MailReply? {
        let decided = replies.prefix(lastPlace(recipients: recipients.count) + 1)
        guard let last = decided.last ?? opening else { return nil }
        let answers = recipients.enumerated().map { place, address in
            // The reply to MAIL comes first.
            guard place + 1 < decided.count else {
                return MailReply.Recipient(address: address, status: 0, text: "")
            }
            let reply = replies[place + 1]
            return MailReply.Recipient(
                address: address, status: reply.code, text: reply.lines.joined(separator: " "))
        }
        return MailReply(status: last.code, lines: last.lines, recipients: answers)
    }
}
