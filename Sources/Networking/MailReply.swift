/// What a mail server said to one mail.
package struct MailReply: Sendable, Hashable {
    /// What the server said to one recipient.
    package struct Recipient: Sendable, Hashable {
        package var address: String
        /// The reply code: 250 or 251 accepted, 4yz try again, 5yz never; 0 when it was not asked.
        package var status: Int
        /// The text of the reply without its code; the lines of a longer one are joined by a blank.
        package var text: String

        package var isAccepted: Bool { (200..<300).contains(status) }

        package init(address: String, status: Int, text: String) {
            self.address = address
            self.status = status
            self.text = text
        }
    }

    /// The code of the last reply: 250 for a mail taken.
    package var status: Int

    /// The text of the last reply, one element a line, without the codes.
    ///
    /// For a mail taken it usually names the server's own id of it (`2.0.0 Ok: queued as 4F1C`).
    package var lines: [String]

    /// One entry for each recipient of the submission, in its order.
    package var recipients: [Recipient]

    package init(status: Int, lines: [String], recipients: [Recipient]) {
        self.status = status
        self.lines = lines
        self.recipients = recipients
    }

    /// The last reply's text in one line.
    package var text: String { lines.joined(separator: " ") }
}
