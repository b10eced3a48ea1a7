import Pipeline

/// Makes a service's words fit to be stored and shown: one line, bounded, and without this
/// channel's secrets, even if the service repeats them.
struct Redaction: Sendable {
    /// Shorter texts are not taken out: they would tear up harmless words.
    static let shortestSecret = 6
    /// No more of a service's answer is looked at.
    static let readLimit = 16_384
    private static let substitute = Array("***".utf8)

    /// Longest first, so that a part of a secret is not taken out of the whole before the whole.
    private let secrets: [[UInt8]]

    init(_ secrets: [String]) {
        // A text is made one line before secrets are taken out, so they are looked for as they
        // stand there, too; and as they stand in JSON.
        let spellings = Set(
            secrets + secrets.map(PlainText.line) + secrets.map { JSONText.escaped($0) })
        self.secrets = spellings.filter { $0.utf8.count >= Self.shortestSecret }
            .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
            .map { Array($0.utf8) }
    }

    /// Bytes of any kind; what is not UTF-8 shows as replacement characters.
    func cleaned(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(Self.readLimit), as: UTF8.self)
        var bytes = Array(PlainText.line(text).utf8)
        for secret in secrets where Self.holds(bytes, secret) {
            bytes = bytes.replacing(secret, with: Self.substitute)
        }
        // A secret that the limit cut in two would not be found: the end goes, too.
        if body.count > Self.readLimit { bytes.removeLast(min(bytes.count, Self.tailLimit)) }
        return PlainText.clipped(
            String(decoding: bytes, as: UTF8.self), to: Outcome.answerLimit)
    }

    /// What is sent, line by line: a body of our own, whose secrets were put in last.
    func shown(_ body: [UInt8], limit: Int) -> String {
        var bytes = body
        for secret in secrets where Self.holds(bytes, secret) {
            bytes = bytes.replacing(secret, with: Self.substitute)
        }
        let text = PlainText.lines(String(decoding: bytes.prefix(limit), as: UTF8.self))
            .joined(separator: "\n")
        // A signature in the body, beside the time it was made for.
        let unsigned = text.replacing(/"sign":"[^"]*"/, with: #""sign":"***""#)
        return bytes.count <= limit ? unsigned : unsigned + "… (\(body.count) bytes)"
    }

    /// Nearly no answer holds a secret, and replacing is slow.
    private static func holds(_ bytes: [UInt8], _ secret: [UInt8]) -> Bool {
        guard bytes.count >= secret.count else { return false }
        return (0...bytes.count - secret.count).contains { start in
            bytes[start] == secret[0] && bytes[start..<start + secret.count].elementsEqual(secret)
        }
    }

    func cleaned(_ text: String) -> String { cleaned(Array(text.utf8)) }

    /// Longer than any secret that could stand cut at the end of what is read.
    private static let tailLimit = Endpoint.lengthLimit
}
