import CEL
import Foundation
import JSON
import Pipeline
import TestSupport
import Testing

@testable import Storage

@Suite("What a delivery carries, read by hand")
struct DeliveryReadingTests {
    private static func delivery(_ message: Message, _ labels: [String: String]) -> Delivery {
        Delivery(
            id: Delivery.ID("d-1"),
            group: AlertGroup.Key(channel: "群", route: "routes[0]", labels: labels),
            message: message, createdAt: Samples.now, isUrgent: !labels.isEmpty,
            state: .waiting(dueAt: Samples.now))
    }

    @Test(
        "is what the decoder reads",
        arguments: [
            delivery(Message(body: "", alerts: []), [:]),
            delivery(
                Message(
                    part: 2, parts: 3, recipient: "a@b.cn", body: "“\u{0}\n\\\"客户😀",
                    plain: "", alerts: [Samples.alert().id, Samples.alert().id]),
                ["team": "一组", "": "空", "é": "1", "e\u{301}x": "2"]),
        ])
    func same(delivery: Delivery) throws {
        let text = try JSONText.text(of: delivery)
        let read = try #require(CarriedDelivery(try JSON.parse(Array(text.utf8)).root))
        let decoded = try JSONDecoder().decode(CarriedDelivery.self, from: Data(text.utf8))
        let standing = Standing(of: delivery)
        #expect(read.delivery(standing) == delivery)
        #expect(decoded.delivery(standing) == delivery)
    }

    @Test("leaves to the decoder what is not as it was written")
    func unexpected() throws {
        let text = try JSONText.text(of: Self.delivery(Message(body: "b", alerts: []), [:]))
        for (part, other) in [
            ("\"id\":\"d-1\"", "\"id\":1"), ("\"part\":1", "\"part\":1.5"),
            ("\"body\":", "\"bodies\":"),
            ("\"labels\":{}", "\"labels\":[]"), ("\"labels\":{}", "\"labels\":{\"a\":1}"),
            ("\"alerts\":[]", "\"alerts\":[1]"), ("\"isUrgent\":false", "\"isUrgent\":0"),
        ] {
            let changed = text.replacing(part, with: other)
            try #require(changed != text, "\(part)")
            #expect(CarriedDelivery(try JSON.parse(Array(changed.utf8)).root) == nil, "\(other)")
        }
    }
}
