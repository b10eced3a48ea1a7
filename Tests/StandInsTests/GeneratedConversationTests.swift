import Testing

@testable import StandIns

@Suite("Generated conversations") struct GeneratedConversationTests {
    @Test("The same seed gives the same tasks and replies, another seed others")
    func determinism() throws {
        func replies(seed: UInt64) throws -> [String] {
            let tasks = try GeneratedTasks(calls: 40, records: 20, seed: seed).tasks
            return tasks.calls.map(\.data.spelling)
                + tasks.records.flatMap { $0.items.map { $0.tid + $0.form.spelling } }
        }
        let first = try replies(seed: 3)
        #expect(try first == replies(seed: 3))
        #expect(try Set(first).isDisjoint(with: replies(seed: 4)))
        #expect(Set(first).count == first.count)
        // Written down, so that a change of the generator on any machine shows.
        let tasks = try GeneratedTasks(calls: 1, records: 0, seed: 1).tasks.all
        #expect(tasks.map(\.taskID) == ["20261108-238C15FB-58DA-4178-695B-90282F8EC888"])
    }

    @Test("32 calls and 21 records hold every kind of trouble, and most are clean")
    func everyTrouble() throws {
        let tasks = try GeneratedTasks(calls: 320, records: 210, seed: 9).tasks.all
        for kind in StandInTask.Kind.allCases {
            let lists = tasks.filter { $0.kind == kind }.flatMap(\.conversations)
                .compactMap(\.expectedRules)
            let clean = lists.count(where: \.isEmpty)
            #expect(clean * 2 > lists.count)
            let found = Set(lists.joined())
            let none: [Trouble] = kind == .call ? [] : [.errorText, .ragError, .ragEmpty]
            #expect(
                found == Set(Trouble.allCases.map(\.rawValue)).subtracting(none.map(\.rawValue)))
        }
        let first = try GeneratedTasks(calls: 32, records: 0, seed: 5).tasks.all
        #expect(
            Set(first.flatMap(\.conversations).compactMap(\.expectedRules).joined()).count
                == Trouble.allCases.count)
        #expect(tasks.contains { $0.kind == .record && $0.conversations.count > 1 })
    }

    @Test("A conversation holds what it claims, and nothing else that a rule would find")
    func claims() throws {
        let tasks = try GeneratedTasks(calls: 640, records: 0, seed: 11).tasks
        for task in tasks.calls {
            guard case .generated(let plan) = task.content else { continue }
            let found = troubles(in: task.data)
            #expect(found == Set(plan.troubles), "\(task.taskID)")
        }
    }

    @Test("A record says of a conversation what a call would") func records() throws {
        let tasks = try GeneratedTasks(calls: 0, records: 300, seed: 12).tasks
        for item in tasks.records.flatMap(\.items) {
            guard case .generated(let plan) = item.content else { continue }
            let form = item.form
            let sentences = form["asrResult"]?["sentenceResults"]?.list ?? []
            if plan.troubles.contains(.taskError) {
                #expect(form["statusCode"] == -1)
                #expect(form["asrResult"]?["asrstatus"] == "FAILED")
                continue
            }
            #expect(form["statusCode"] == 3)
            #expect(sentences.isEmpty == plan.troubles.contains(.noTranscript))
            let agent = sentences.filter { $0["channelId"] == 0 }
            let greets = agent.first?["text"]?.text?.contains("您好") ?? false
            let mustGreet = !sentences.isEmpty && !plan.troubles.contains(.noOpening)
            #expect(greets == mustGreet)
            let loudest =
                sentences.filter { $0["channelId"] == 1 }
                .compactMap { $0["emotionValue"]?.integer }.max() ?? 0
            if !sentences.isEmpty {
                #expect(
                    form["asrResult"]?["clientEvStat"]?["cmaxEmotionValue"] == .integer(loudest))
            }
        }
    }

    /// What simple rules find in a reply: written for the test, apart from the writer.
    private func troubles(in data: JSONValue) -> Set<Trouble> {
        var found: Set<Trouble> = []
        guard data["taskStatus"] == "FINISH" else { return [.taskError] }
        if data["taskErrorMessage"] != nil { found.insert(.errorText) }
        if data["ragErrorMessage"] != nil { found.insert(.ragError) }
        if data["ragStatus"] == "SUCCESS" && data["ragResult"] == "" { found.insert(.ragEmpty) }
        let sentences = data["asrResult"]?.list ?? []
        guard !sentences.isEmpty else { return found.union([.noTranscript]) }
        let customer = sentences.filter { $0["roleName"] == "客户" }
        let agent = sentences.filter { $0["roleName"] == "客服" }
        if customer.contains(where: { $0.emotion >= 8 }) { found.insert(.loud) }
        if (0..<max(0, customer.count - 2)).contains(where: { index in
            customer[index...].prefix(3).allSatisfy { $0.emotion >= 7 }
        }) {
            found.insert(.loudStreak)
        }
        let complaints = ["投诉", "12315", "曝光", "消费者协会", "工信部"]
        if sentences.contains(where: { $0.holds(complaints) }) { found.insert(.complaint) }
        let forbidden = ["不知道", "没办法", "保证", "百分之百", "不归我管", "爱找谁找谁"]
        if agent.contains(where: { $0.holds(forbidden) }) { found.insert(.forbidden) }
        let greets = agent.contains {
            $0.holds(["您好", "你好"]) && ($0["begin"]?.integer ?? 0) < 30_000
        }
        if !greets { found.insert(.noOpening) }
        var end = 0
        for sentence in sentences {
            let begin = sentence["begin"]?.integer ?? 0
            if begin - end > 20_000 { found.insert(.silence) }
            end = max(end, sentence["end"]?.integer ?? 0)
            #expect(begin >= 0 && (sentence["end"]?.integer ?? 0) > begin)
            #expect((1...10).contains(sentence.emotion))
        }
        return found
    }

    @Test("A number out of range is said so") func limits() {
        #expect(throws: StandInError.self) {
            try GeneratedTasks(calls: -1, records: 0, seed: 1)
        }
        #expect(throws: StandInError.self) {
            try GeneratedTasks(calls: 0, records: GeneratedTasks.limit + 1, seed: 1)
        }
    }

    @Test("The ready line and the expected counts are for the commands", .timeLimit(.minutes(1)))
    func simulate() async throws {
        var options = SimulateOptions()
        options.calls = 32
        options.records = 3
        let cloud = try options.makeCloud()
        #expect(cloud.expectedAlerts["rag-empty"] == 1)
        #expect((cloud.expectedAlerts["complaint-words"] ?? 0) >= 3)
        try await withStandIns([cloud]) {
            let line = try JSONReader.read(Array(try await cloud.readyLine().utf8))
            #expect(line["ready"] == true)
            #expect(line["http"] == .text("http://127.0.0.1:\(try await cloud.port)"))
            #expect(line["calls"] == 32)
        }
        options.port = 70_000
        #expect(throws: StandInError.self) { try options.makeCloud() }
    }
}

extension JSONValue {
    fileprivate var emotion: Int { self["emotionValue"]?.integer ?? 0 }

    fileprivate func holds(_ words: [String]) -> Bool {
        words.contains { self["words"]?.text?.contains($0) ?? false }
    }
}
