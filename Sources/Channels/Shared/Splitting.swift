import Pipeline

/// One alert as a channel writes it, and the bytes it takes in the body.
struct Piece<Content> {
    let alert: Alert.ID
    let content: Content
    let bytes: Int
    let weight: Int
}

/// The pieces of one message.
struct Part<Content> {
    let part: Int
    let parts: Int
    let pieces: [Piece<Content>]
}

/// Makes messages that keep a limit.
///
/// Alerts are kept whole, in order, and a message ends between two of them. Only an alert that is
/// too long for a message of its own is cut.
///
/// "Bytes" stands for whatever the service counts.
struct Splitting<Content> {
    /// The most bytes of a body.
    let limit: Int
    /// The bytes between two pieces.
    let separator: Int
    /// What a cut alert's message ends with.
    let cutNote: String
    /// The bytes of a body without pieces, as part so and so of so many.
    let envelope: (_ part: Int, _ parts: Int) -> Int
    /// Writes one alert: what it becomes, and the bytes that takes, more for a longer one.
    let write: (_ alert: Alert, _ isCut: Bool) -> (content: Content, bytes: Int)
    /// The most that the pieces of one message may weigh together, where a service counts them, too.
    var weightLimit = Int.max
    /// At most `weightLimit` for every alert that is cut.
    var weight: (Content) -> Int = { _ in 1 }
    /// Whether a piece keeps the service's limits for pieces; true for every alert that is cut short
    /// enough.
    var isTakenAlone: (Content) -> Bool = { _ in true }
    /// The most bytes that each identifier of a cut alert keeps.
    var identifierLimit = Alert.cutIdentifierLimit

    func parts(of alerts: [Alert]) -> [Part<Content>] {
        guard !alerts.isEmpty else { return [] }
        let whole = alerts.map { piece($0, isCut: false, of: $0.id) }
        if bytes(of: whole) <= limit - envelope(1, 1),
            whole.reduce(0, { $0 + $1.weight }) <= weightLimit,
            whole.allSatisfy({ isTakenAlone($0.content) })
        {
            return [Part(part: 1, parts: 1, pieces: whole)]
        }
        // Room for the numbers of parts is reckoned by their digits, so a second try is rare.
        var digits = 1
        while true {
            let most = alerts.count == 1 ? 1 : Self.greatest(digits: digits)
            let room = limit - max(envelope(1, most), envelope(most, most))
            let groups = packed(alerts, whole, room: room)
            if groups.count <= most {
                return groups.enumerated().map { index, pieces in
                    Part(part: index + 1, parts: groups.count, pieces: pieces)
                }
            }
            digits += 1
        }
    }

    private func packed(
        _ alerts: [Alert], _ whole: [Piece<Content>], room: Int
    ) -> [[Piece<Content>]] {
        var groups: [[Piece<Content>]] = []
        var free = 0
        var freeWeight = 0
        for (alert, piece) in zip(alerts, whole) {
            let fitting = fits(piece, room) ? piece : cut(alert, room: room)
            if !groups.isEmpty, fitting.bytes + separator <= free, fitting.weight <= freeWeight {
                groups[groups.count - 1].append(fitting)
                free -= fitting.bytes + separator
                freeWeight -= fitting.weight
            } else {
                groups.append([fitting])
                free = room - fitting.bytes
                freeWeight = weightLimit - fitting.weight
            }
        }
        return groups
    }

    private func fits(_ piece: Piece<Content>, _ room: Int) -> Bool {
        piece.bytes <= room && piece.weight <= weightLimit && isTakenAlone(piece.content)
    }

    /// The longest cut of the alert that takes at most `room` bytes.
    private func cut(_ alert: Alert, room: Int) -> Piece<Content> {
        // A character has a byte at least, so more than `room` characters never fit.
        var fits = 0
        var tooLong = max(1, room + 1)
        while tooLong - fits > 1 {
            let middle = fits + (tooLong - fits) / 2
            let attempt = piece(cut(alert, to: middle), isCut: true, of: alert.id)
            if self.fits(attempt, room) { fits = middle } else { tooLong = middle }
        }
        return piece(cut(alert, to: fits), isCut: true, of: alert.id)
    }

    private func cut(_ alert: Alert, to characters: Int) -> Alert {
        alert.cut(to: characters, note: cutNote, identifierLimit: identifierLimit)
    }

    private func piece(_ alert: Alert, isCut: Bool, of id: Alert.ID) -> Piece<Content> {
        let written = write(alert, isCut)
        return Piece(
            alert: id, content: written.content, bytes: written.bytes,
            weight: weight(written.content))
    }

    private func bytes(of pieces: [Piece<Content>]) -> Int {
        pieces.reduce(0) { $0 + $1.bytes } + separator * (pieces.count - 1)
    }

    private static func greatest(digits: Int) -> Int {
        (0..<min(digits, 18)).reduce(0) { number, _ in number * 10 + 9 }
    }
}
