import Foundation
import Pipeline
import TestSupport
import Testing

/// The files in `rules/`, and the two sample replies of the API documents.
@Suite struct ShippedRulesTests {
    static func fired(_ conversation: Conversation) throws -> [String] {
        let verdict = Evaluation.judge(
            conversation, of: nil, task: Samples.task(), rules: try ShippedRules.load(),
            at: Samples.now)
        #expect(verdict.faults == [])
        return verdict.alerts.map(\.id.rule).sorted()
    }

    @Test func everyFileLoadsAndPassesItsCases() throws {
        let ids = try ShippedRules.load().rules.filter(\.isEnabled).map(\.id).sorted()
        #expect(
            ids == [
                "agent-asks-secret", "agent-forbidden-words", "complaint-words",
                "customer-loud", "customer-loud-streak", "emergency-words", "long-silence",
                "no-opening", "no-transcript", "rag-empty", "rag-error", "task-error",
                "task-error-text", "task-expired",
            ])
    }

    @Test func theProgramCarriesEveryFileOfTheFolder() throws {
        let source = ShippedRules.folder.deletingLastPathComponent()
            .appending(path: "Sources/tocsin/ShippedRules.swift")
        let text = try String(contentsOf: source, encoding: .utf8)
        for document in try ShippedRules.documents() {
            #expect(text.contains("\"\(document.name)\""), "\(document.name) is not carried along")
        }
    }

    @Test func theFirstDocumentsSampleFiresExactlyThree() throws {
        var sample = Conversation(status: .finish, errorMessage: "异常")
        sample.text = "对话中没有发现客服故意套取客户隐私信息的行为"
        sample.ragStatus = "SUCCESS"
        sample.ragResult = "召回内容"
        sample.ragErrorMessage = "非法参数:[无有效知识库]"
        sample.sentences = [
            Sentence(
                begin: 80, end: 8480, speaker: .customer, role: "0", roleName: "客户",
                words: "Hello", emotionValue: 5, speechRate: 342)
        ]
        #expect(try Self.fired(sample) == ["no-opening", "rag-error", "task-error-text"])
    }

    @Test func theSecondDocumentsSampleFiresNone() throws {
        var sample = Conversation(tid: "t", status: .finish)
        sample.sentences = [
            Sentence(
                begin: 0, end: 925, speaker: .customer, role: "0", words: "喂",
                emotionValue: 6, speechRate: 64),
            Sentence(
                begin: 450, end: 6805, speaker: .agent, role: "1",
                words: "嗯,您好,我们这里是汽车客户服务中心,请问是李先生吗?", emotionValue: 5,
                speechRate: 273),
        ]
        #expect(try Self.fired(sample) == [])
    }
}
