import CEL

// What the text of a call shows to be wrong, before anything is evaluated.

extension ConversationWord {
    /// What is wrong with arguments that are right one by one.
    func mistake(_ expansion: MacroExpansion) -> Bilingual? {
        let arguments = expansion.arguments
        switch name {
        case "between":
            guard let from = expansion.literalText(arguments[0]),
                let to = expansion.literalText(arguments[1]),
                case .time(let start) = Span(from), case .time(let end) = Span(to), start >= end
            else { return nil }
            return Bilingual(
                "起点要在终点之前：between(\"\(to)\", \"\(from)\")",
                "the time from comes before the time to: between(\"\(to)\", \"\(from)\")")
        case "withAtLeast", "saysAtLeast":
            guard let least = expansion.literalInt(arguments[0]),
                let elements = expansion.elements(of: arguments[1])
            else { return nil }
            let texts = elements.compactMap { expansion.literalText($0) }
            // As they are looked for: byte by byte.
            let count = Set(texts.map { Array($0.utf8) }).count
            guard texts.count == elements.count, least > Int64(count) else { return nil }
            return Bilingual(
                "词表只有 \(count) 个不同的词，到不了 \(least) 个",
                "the list has \(count) different words, never \(least)")
        default: return nil
        }
    }
}

extension ConversationWord.Parameter {
    /// What is wrong with an argument, as far as its text shows; the checker finds the rest.
    func mistake(_ expansion: MacroExpansion, _ node: NodeID) -> Bilingual? {
        switch kind {
        case .words where expansion.isNumber(node):
            return Bilingual("这里要文本或词表", "needs a text or a list of texts here")
        case .list where expansion.isNumber(node) || expansion.literalText(node) != nil:
            return Bilingual("这里要词表", "needs a list of texts here")
        case .words, .list, .pattern: return textMistake(expansion, node)
        case .number: return numberMistake(expansion, node)
        case .share:
            guard let number = expansion.literalNumber(node), let value = Double(number),
                !(0...1).contains(value)
            else { return nil }
            return Bilingual(
                "`\(name)` 从 0.0 到 1.0，不能是 \(number)",
                "`\(name)` is from 0.0 to 1.0, not \(number)")
        case .place:
            guard expansion.literalInt(node) == 0 else { return nil }
            return Bilingual("句子从 1 数起，最后一句是 -1", "sentences are counted from 1, the last is -1")
        case .span(let reach): return spanMistake(reach, expansion, node)
        case .change:
            guard let text = expansion.literalText(node), Change(percent: text) == nil else {
                return nil
            }
            return Bilingual(
                "`\(text)` 不是百分比，写成 \"50%\"", "`\(text)` is no percentage; write \"50%\"")
        case .variable where expansion.simpleName(node) == nil:
            return Bilingual("这里要一个名字，如 s", "needs a simple name here, such as s")
        default: return nil
        }
    }

    /// Words that are said in every sentence, in none, or are no words.
    private func textMistake(_ expansion: MacroExpansion, _ node: NodeID) -> Bilingual? {
        let elements = expansion.elements(of: node)
        if elements?.isEmpty == true { return Bilingual("词表是空的", "the list is empty") }
        for element in elements ?? [node] {
            if let number = expansion.literalNumber(element) {
                return Bilingual(
                    "\(number) 不是文本，写成 \"\(number)\"", "\(number) is no text; write \"\(number)\"")
            }
            if expansion.literalText(element)?.isEmpty == true {
                return Bilingual("空的文本每句都有", "the empty text is in every sentence")
            }
        }
        return nil
    }

    private func numberMistake(_ expansion: MacroExpansion, _ node: NodeID) -> Bilingual? {
        if let number = expansion.literalDouble(node) {
            return Bilingual(
                "`\(name)` 是整数，不能是 \(number)", "`\(name)` is a whole number, not \(number)")
        }
        guard let least, let number = expansion.literalInt(node), number < least else { return nil }
        return Bilingual(
            "`\(name)` 至少是 \(least)，不能是 \(number)", "`\(name)` is at least \(least), not \(number)")
    }

    private func spanMistake(
        _ reach: Reach, _ expansion: MacroExpansion, _ node: NodeID
    ) -> Bilingual? {
        if let number = expansion.literalNumber(node) {
            let units = reach.examples(number)
            return Bilingual(
                "\(number) 要带单位：\(units.chinese)", "\(number) of what? write \(units.english)")
        }
        if let call = expansion.call(in: node), call.name == "duration" {
            let text = call.arguments.first.flatMap { expansion.literalText($0) }
            guard let text, Span(text) != nil else {
                let units = reach.examples("30")
                return Bilingual("这里要写成 \(units.chinese)", "needs \(units.english) here")
            }
            return Bilingual("写成 \"\(text)\"", "write \"\(text)\"")
        }
        guard let text = expansion.literalText(node) else { return nil }
        let units = reach.examples("30")
        switch (Span(text), reach) {
        case (nil, _):
            return Bilingual(
                "`\(text)` 不是范围，写成 \(units.chinese)",
                "`\(text)` is no span; write \(units.english)")
        case (.time, .time), (.sentences, .sentences), (_, .any): return nil
        default: return Bilingual("这里要写成 \(units.chinese)", "needs \(units.english) here")
        }
    }
}

extension ConversationWord.Parameter.Reach {
    /// How a span of that number is written.
    fileprivate func examples(_ number: String) -> Bilingual {
        switch self {
        case .time: Bilingual("\"\(number)秒\"", "\"\(number)s\"")
        case .sentences: Bilingual("\"\(number)句\"", "\"\(number) sentences\"")
        case .any:
            Bilingual(
                "\"\(number)秒\"、\"\(number)轮\"、\"\(number)句\"",
                "\"\(number)s\", \"\(number) turns\", \"\(number) sentences\"")
        }
    }
}

extension MacroExpansion {
    func isNumber(_ node: NodeID) -> Bool { literalNumber(node) != nil }

    /// The number that an argument is, as text.
    func literalNumber(_ node: NodeID) -> String? {
        literalInt(node).map(String.init) ?? literalDouble(node).map { "\($0)" }
    }
}
