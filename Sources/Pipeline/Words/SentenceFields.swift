import CEL

/// The fields of a sentence that the words of rules read; places are those of ``Facts``.
enum SentenceFields {
    static let index = MemberKey("index", position: 0)
    static let begin = MemberKey("begin", position: 1)
    static let end = MemberKey("end", position: 2)
    static let at = MemberKey("at", position: 3)
    static let speaker = MemberKey("speaker", position: 4)
    static let words = MemberKey("words", position: 7)
    static let silence = MemberKey("silence", position: 5)
    /// How late the words of a rule about something not said were said, milliseconds.
    static let late = MemberKey("late", position: 12)
    /// The nearest miss of a sentence that a word like `notFollowedBy` found.
    static let nearest = MemberKey("nearest", position: 13)
}

/// Tells sentences from other values.
struct SentenceReader {
    private var index = MemberReader(SentenceFields.index)
    private var begin = MemberReader(SentenceFields.begin)
    private var at = MemberReader(SentenceFields.at)
    private var speaker = MemberReader(SentenceFields.speaker)
    private var late = MemberReader(SentenceFields.late)
    private var nearest = MemberReader(SentenceFields.nearest)

    /// The place of a sentence in its conversation, and how late it was; nil for anything else.
    mutating func read(_ value: View) -> (index: Int, late: Int64?)? {
        guard value.kind == .object || value.kind == .map,
            at.read(value)?.kind == .string, speaker.read(value)?.kind == .string,
            begin.read(value)?.kind == .int, let index = index.read(value)?.int
        else { return nil }
        return (Int(clamping: index), late.read(value)?.int)
    }

    /// The nearest miss beside a sentence; nil for one without, and for anything else.
    mutating func nearest(of sentence: View) -> View? {
        guard sentence.kind == .object || sentence.kind == .map else { return nil }
        return nearest.read(sentence)
    }
}
