import Pipeline

/// One service's way of writing alerts; what all of them share is in the extension.
protocol RobotFormat: MessageFormat {
    /// One alert as the service has it.
    associatedtype Block

    /// The most that a message may measure, in what the service counts.
    static var limit: Int { get }
    /// The most people that one message calls.
    static var mostPeople: Int { get }
    /// The most that the blocks of a message may weigh; see ``weight(of:)``.
    static var weightLimit: Int { get }
    /// The most bytes that each identifier of a cut alert keeps.
    static var identifierLimit: Int { get }

    var context: MessageContext { get }
    var mentions: Mentions { get }
    /// A word that the robot wants in every message; empty for none.
    var keyword: String { get }
    /// What stands between two blocks measures this much.
    var separatorSize: Int { get }

    func block(_ alert: AlertText) -> Block
    /// What the block adds to a message.
    func size(of block: Block) -> Int
    func weight(of block: Block) -> Int
    /// Whether the block keeps the limits that the service has for each block.
    func isTakenAlone(_ block: Block) -> Bool
    /// What a message without blocks measures.
    func envelopeSize(_ frame: Frame) -> Int
    func body(_ frame: Frame, _ blocks: [Block]) -> String
    /// The same alerts in the plainest form that the service has, within its limit.
    func plainBody(_ frame: Frame, _ alerts: [Alert]) -> String?
    /// A last message of its own that calls people, where the others cannot.
    func callBody(_ frame: Frame) -> String?
}

extension RobotFormat {
    static var mostPeople: Int { Mentions.most }
    static var weightLimit: Int { .max }
    static var identifierLimit: Int { Alert.cutIdentifierLimit }

    var keyword: String { "" }
    var words: Words { Words(language: context.language) }

    func weight(of block: Block) -> Int { 1 }
    func isTakenAlone(_ block: Block) -> Bool { true }
    func callBody(_ frame: Frame) -> String? { nil }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        messages(for: alerts, in: flush, limit: Self.limit)
    }

    /// The messages of a flush: parts within the limit, each with its plain form.
    func messages(
        for alerts: [Alert], in flush: Flush, limit: Int = Self.limit,
        weightLimit: Int = Self.weightLimit
    ) -> [Message] {
        let subject = FlushText(alerts: alerts, context: context)
        let called = mentions.people(for: alerts, most: Self.mostPeople)
        func frame(_ part: Int, _ parts: Int) -> Frame {
            // Once is enough to call people.
            Frame(
                subject: subject, part: part, parts: parts, people: part == 1 ? called : People(),
                keyword: keyword, flush: flush)
        }
        let splitting = Splitting<Block>(
            limit: limit, separator: separatorSize, cutNote: words.cutNote,
            envelope: { envelopeSize(frame($0, $1)) },
            write: { alert, _ in
                let block = block(AlertText(alert: alert, context: context))
                return (block, size(of: block))
            },
            weightLimit: weightLimit, weight: { weight(of: $0) },
            isTakenAlone: { isTakenAlone($0) }, identifierLimit: Self.identifierLimit)
        let byID = Dictionary(alerts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let parts = splitting.parts(of: alerts)
        var messages = parts.map { part in
            let frame = frame(part.part, part.parts)
            return Message(
                part: part.part, parts: part.parts,
                body: body(frame, part.pieces.map(\.content)),
                plain: plainBody(frame, part.pieces.compactMap { byID[$0.alert] }),
                alerts: part.pieces.map(\.alert))
        }
        if let count = parts.last?.parts, let call = callBody(frame(1, 1)) {
            for place in messages.indices { messages[place].parts = count + 1 }
            messages.append(
                Message(
                    part: count + 1, parts: count + 1, body: call,
                    alerts: Array(alerts.map(\.id).prefix(1))))
        }
        return messages
    }
}

/// What a message says beside its alerts.
struct Frame {
    let subject: FlushText
    let part: Int
    let parts: Int
    /// Whom this message calls.
    let people: People
    let keyword: String
    let flush: Flush

    private var words: Words { Words(language: subject.context.language) }

    /// In front of every message: the keyword, or the program's name.
    var mark: String { "【\(keyword.isEmpty ? "Tocsin" : keyword)】" }

    /// `【质检】3 条告警（1/2）`.
    var heading: String { mark + words.alerts(subject.alerts.count) + words.part(part, of: parts) }

    /// `【质检】[高] 客户情绪激动 等 3 条（1/2）`: what lists of messages show.
    var title: String { mark + subject.subject(part: part, of: parts) }

    /// Of the worst alert.
    var severity: Severity { subject.worst?.alert.severity ?? .info }
}
