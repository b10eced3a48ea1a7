import Pipeline
import Testing

@testable import Channels

/// The nearest miss of something that had to be said.
@Suite struct LateQuoteTests {
    static func line(late: Int64?, _ context: MessageContext) -> String {
        var quote = Quote(words: "工号一零二四", at: "00:34", speaker: .agent, roleName: "客服")
        quote.late = late
        let text = AlertText(alert: Sample.alert(evidence: [quote]), context: context)
        return text.quotes.map { $0.line(text.words) }.joined()
    }

    @Test(
        arguments: [
            (nil, "客服 00:34：工号一零二四", "客服 00:34: 工号一零二四"),
            (4_000, "客服 00:34 晚 4 秒：工号一零二四", "客服 00:34 4 s late: 工号一零二四"),
            (450, "客服 00:34 晚 0.5 秒：工号一零二四", "客服 00:34 0.5 s late: 工号一零二四"),
            (-7_000, "客服 00:34 早 7 秒：工号一零二四", "客服 00:34 7 s early: 工号一零二四"),
        ] as [(Int64?, String, String)])
    func theQuoteSaysHowLate(_ late: Int64?, _ chinese: String, _ english: String) {
        #expect(Self.line(late: late, Sample.chinese) == chinese)
        #expect(Self.line(late: late, Sample.english) == english)
    }

    @Test func theWebhookHasTheNumber() throws {
        var quote = Sample.quote
        quote.late = -2_500
        let format = WebhookFormat(channel: "hook", context: Sample.chinese)
        let message = try #require(
            format.messages(for: [Sample.alert(evidence: [quote])], in: Sample.flush).first)
        #expect(message.body.contains(#""speechRate":260,"late":-2500}"#))
    }
}
