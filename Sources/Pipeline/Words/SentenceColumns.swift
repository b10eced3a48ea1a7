import CEL

/// The numbers of a list of sentences, read once: what the relations between lists work on.
struct SentenceColumns {
    let count: Int
    /// The places in the conversation.
    let index: Scratch<Int64>
    /// Milliseconds, held within bounds, as all numbers here, so that no sum can overflow.
    let begin: Scratch<Int64>
    let end: Scratch<Int64>

    private static let latest: Int64 = 1 << 50

    init(_ list: View, _ call: HostCall) throws(EvaluationStop) {
        count = list.count
        try call.spend(count)
        index = try call.scratch(count, of: 0)
        begin = try call.scratch(count, of: 0)
        end = try call.scratch(count, of: 0)
        var indexes = MemberReader(SentenceFields.index)
        var begins = MemberReader(SentenceFields.begin)
        var ends = MemberReader(SentenceFields.end)
        for place in 0..<count {
            guard let sentence = list[place] else { continue }
            index[place] = Self.bounded(indexes.int(sentence))
            begin[place] = Self.bounded(begins.int(sentence))
            end[place] = Self.bounded(ends.int(sentence))
        }
    }

    private static func bounded(_ time: Int64) -> Int64 { min(max(time, -latest), latest) }

    /// The places sorted by index; a list of sentences nearly always is.
    func sorted() -> [Int] {
        let places = Array(0..<count)
        if (1..<max(count, 1)).allSatisfy({ index[$0 - 1] <= index[$0] }) { return places }
        return places.sorted { (index[$0], $0) < (index[$1], $1) }
    }

    /// The earliest begin; 0 for no sentence.
    var earliestBegin: Int64 { (0..<count).map { begin[$0] }.min() ?? 0 }

    /// The latest end; 0 for no sentence.
    var latestEnd: Int64 { (0..<count).reduce(0) { max($0, end[$1]) } }
}

/// Who speaks each sentence of a list.
struct SpeakerColumn {
    /// The first letter of `customer`, `agent` or `other`.
    let speaker: Scratch<UInt8>

    init(_ list: View, _ call: HostCall) throws(EvaluationStop) {
        try call.spend(list.count)
        speaker = try call.scratch(list.count, of: 0)
        var speakers = MemberReader(SentenceFields.speaker)
        for place in 0..<list.count {
            guard let sentence = list[place], let name = speakers.read(sentence) else { continue }
            speaker[place] = name.withUTF8 { $0.first ?? 0 } ?? 0
        }
    }
}

/// The turns of a conversation, numbered from 0: a turn ends where somebody else speaks.
struct Turns {
    private let numbers: Scratch<Int64>

    /// `sentences`: The whole conversation.
    init(_ sentences: View, _ call: HostCall) throws(EvaluationStop) {
        let column = try SpeakerColumn(sentences, call)
        numbers = try call.scratch(sentences.count, of: 0)
        for index in 1..<max(numbers.count, 1) {
            let isNew = column.speaker[index] != column.speaker[index - 1]
            numbers[index] = numbers[index - 1] + (isNew ? 1 : 0)
        }
    }

    /// The turn of a sentence by its place in the conversation.
    subscript(index: Int64) -> Int64 {
        index >= 0 && index < Int64(numbers.count) ? numbers[Int(index)] : -1
    }
}

/// One mark for each sentence of a conversation.
struct Marks {
    private let marks: Scratch<UInt8>

    init(_ sentences: View, _ call: HostCall) throws(EvaluationStop) {
        marks = try call.scratch(sentences.count, of: 0)
    }

    /// Whether the sentence at a place in the conversation is marked.
    subscript(index: Int64) -> Bool {
        get { index >= 0 && index < Int64(marks.count) && marks[Int(index)] != 0 }
        nonmutating set {
            if index >= 0, index < Int64(marks.count) { marks[Int(index)] = newValue ? 1 : 0 }
        }
    }

    /// The sentences of a list that are marked.
    func marked(of list: View, _ call: HostCall) throws(EvaluationStop) -> View {
        try call.spend(list.count)
        var indexes = MemberReader(SentenceFields.index)
        return try call.elements(of: list) { place in
            list[place].map { self[indexes.int($0)] } ?? false
        }
    }
}
