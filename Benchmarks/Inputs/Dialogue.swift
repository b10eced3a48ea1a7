/// Who speaks in a dialogue.
enum Side: Int {
    case agent = 0, customer = 1
}

/// One sentence of a made conversation.
struct Utterance {
    let side: Side
    var words: String
    /// dB/10, 1 to 10.
    var loudness: Int
    /// Characters a minute.
    let rate: Int
    let begin: Int
    let end: Int
    /// The silence before it, milliseconds.
    let silence: Int
}

/// A made conversation: another for each seed, the same for the same seed.
struct Dialogue {
    private(set) var utterances: [Utterance] = []

    /// `clauses` says how many clauses a sentence has: it makes them short or long.
    init(seed: Int, sentences: Int, clauses: ClosedRange<Int>) {
        var chance = SeededGenerator(seed: seed)
        let product = chance.product()
        var time = 0
        for index in 0..<sentences {
            let turned = chance.happens(percent: 10)
            let side: Side = (index.isMultiple(of: 2) != turned) ? .agent : .customer
            var words: [String] = []
            for _ in 0..<chance.number(clauses) {
                words.append(side.clause(about: product, &chance))
            }
            let text = words.joined(separator: "，")
            let silence = index == 0 ? 0 : chance.number(50...2500)
            let length = text.unicodeScalars.count * chance.number(170...260)
            let heat = side == .customer ? chance.number(0...3) : 0
            utterances.append(
                Utterance(
                    side: side, words: text, loudness: chance.number(2...5) + heat / 2,
                    rate: chance.number(180...360), begin: time + silence,
                    end: time + silence + length, silence: silence))
            time += silence + length
        }
    }

    /// Puts words and a loudness at a sentence of a side, at or after a place in hundredths of
    /// the way.
    mutating func put(_ words: String, _ loudness: Int, by side: Side, at percent: Int) {
        let start = utterances.count * percent / 100
        guard let index = utterances[start...].firstIndex(where: { $0.side == side }) else {
            return
        }
        utterances[index].words = words
        utterances[index].loudness = loudness
    }
}

extension Side {
    fileprivate func clause(about product: String, _ chance: inout SeededGenerator) -> String {
        self == .agent ? Self.agents(product, &chance) : Self.customers(product, &chance)
    }

    private static func customers(_ product: String, _ chance: inout SeededGenerator) -> String {
        let thing = chance.pickFrequent(Vocabulary.things)
        let act = chance.pickFrequent(Vocabulary.acts)
        let trouble = chance.pickFrequent(Vocabulary.troubles)
        return switch chance.number(0...13) {
        case 0: "我的\(product)\(trouble)"
        case 1: "那个\(thing)\(trouble)"
        case 2: "我要\(act)\(thing)"
        case 3: "帮我\(act)一下\(product)"
        case 4: "\(chance.figure())前就说要\(act)"
        case 5: "我已经打了\(chance.figure())了"
        case 6: chance.happens(percent: 25) ? chance.pick(Vocabulary.feelings) : "那好吧"
        case 7:
            chance.happens(percent: 15)
                ? "再这样我就\(chance.pick(Vocabulary.threats))" : "我再想想"
        case 8: "\(chance.product())和\(thing)有什么区别"
        case 9: "我的号码是\(chance.figure())"
        case 10: "好的我明白了"
        case 11: "嗯对是的"
        case 12: "你们上次说\(thing)可以\(act)的"
        default: "这个\(thing)到底能不能\(act)"
        }
    }

    private static func agents(_ product: String, _ chance: inout SeededGenerator) -> String {
        let thing = chance.pickFrequent(Vocabulary.things)
        let act = chance.pickFrequent(Vocabulary.acts)
        return switch chance.number(0...11) {
        case 0, 1, 2: chance.pickFrequent(Vocabulary.courtesies)
        case 3: "这边为您\(act)\(product)"
        case 4: "您的\(thing)预计\(chance.figure())处理完"
        case 5: "\(thing)需要先\(act)才可以"
        case 6: "我帮您查询到\(chance.figure())的记录"
        case 7: "系统显示\(product)状态正常"
        case 8: "关于\(thing)我会向主管反馈"
        case 9: "您可以在公众号里\(act)\(thing)"
        case 10: "\(act)以后\(chance.figure())内生效"
        default: "好的请讲"
        }
    }
}
