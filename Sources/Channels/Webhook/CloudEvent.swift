import CEL
import Foundation
import JSON
import Networking
import Pipeline

/// One alert as an event of CloudEvents 1.0: its attributes, and the `data` of the JSON body.
///
/// The id is the delivery's, so that it is the same at every attempt: with the source it identifies
/// the event.
struct CloudEvent {
    /// Names and values, in order: texts without control characters.
    let attributes: [(name: String, value: String)]
    /// JSON.
    let data: String

    static let contentType = "application/json"
    static let structuredType = "application/cloudevents+json; charset=utf-8"

    /// The most bytes of an attribute.
    static let valueLimit = 512

    /// Nil when the body of the message is not one of this program's.
    init?(of delivery: Delivery, source: String, type: String) {
        guard let root = try? JSON.parse(delivery.message.body).root, let data = root["data"],
            let alert = data["alerts"]?[0]
        else { return nil }
        func text(_ name: String) -> String { alert[name]?.string ?? "" }
        let subject = [text("source"), text("taskId"), text("tid")].filter { !$0.isEmpty }
        let values = [
            ("specversion", "1.0"), ("id", delivery.id.text), ("source", source), ("type", type),
            ("subject", subject.joined(separator: "/")), ("time", text("raisedAt")),
            ("severity", text("severity")), ("rule", text("rule")),
        ]
        attributes = values.map { ($0, PlainText.line($1).prefix(bytes: Self.valueLimit)) }
            .filter { !$0.1.isEmpty }
        self.data = JSONText.value(data)
    }

    /// The whole event as one document.
    var structured: String {
        let members = attributes.map { ($0.name, JSONText.string($0.value)) }
        return JSONText.object(
            members + [("datacontenttype", JSONText.string(Self.contentType)), ("data", data)])
    }

    /// The attributes as headers; the data is the body.
    var headers: [HTTPHeader] {
        attributes.map { HTTPHeader("ce-\($0.name)", Self.encoded($0.value)) }
    }

    /// Of the HTTP binding: all outside of printable ASCII, and blanks, `"` and `%`, in UTF-8 as
    /// `%XX`.
    static func encoded(_ value: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "%"), 0..<0x21, 0x7F...0xFF:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text can be the source of events: a reference to a resource, within the bound.
    static func isSource(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= valueLimit
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
            && URL(string: text) != nil
    }

    static func isType(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= valueLimit && PlainText.line(text) == text
    }
}
