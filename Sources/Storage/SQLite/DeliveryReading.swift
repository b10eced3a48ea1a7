import CEL
import Foundation
import GRDB
import JSON
import Pipeline

// Each claim reads up to hundreds of deliveries: read by hand, one costs a third of what a
// decoder's containers do.

extension StoredRow {
    /// A model value from its JSON, by a reader of its own.
    ///
    /// What that does not take is left to the decoder, which says what is wrong.
    func value<Value: Decodable>(
        _ column: Int, read: (Tape.Node) -> Value?
    ) throws(StoreError) -> Value {
        // The text's bytes, without a String between.
        let bytes = try? row.withUnsafeData(atIndex: column) { $0.map(Array.init) }
        if let bytes, let tape = try? JSON.parse(bytes), let value = read(tape.root) {
            return value
        }
        return try value(column)
    }
}

extension CarriedDelivery {
    /// Nil for anything unexpected.
    init?(_ node: Tape.Node) {
        guard let id = node["id"]?.string, let group = node["group"].flatMap(AlertGroup.Key.init),
            let message = node["message"].flatMap(Message.init),
            let createdAt = node["createdAt"]?.int
        else { return nil }
        if let isUrgent = node["isUrgent"] {
            guard let flag = isUrgent.bool else { return nil }
            self.isUrgent = flag
        } else {
            isUrgent = nil
        }
        self.id = Delivery.ID(id)
        self.group = group
        self.message = message
        self.createdAt = Pipeline.Timestamp(milliseconds: createdAt)
    }
}

extension AlertGroup.Key {
    fileprivate init?(_ node: Tape.Node) {
        guard let channel = node["channel"]?.string, let route = node["route"]?.string,
            let labels = node["labels"], labels.kind == .object
        else { return nil }
        var texts: [String: String] = [:]
        for (name, value) in labels.members {
            guard let text = value.string, texts.updateValue(text, forKey: name) == nil else {
                return nil
            }
        }
        self.init(channel: channel, route: route, labels: texts)
    }
}

extension Message {
    fileprivate init?(_ node: Tape.Node) {
        guard let part = node["part"]?.int, let parts = node["parts"]?.int,
            let recipient = node["recipient"]?.string, let body = node["body"]?.string,
            let list = node["alerts"], list.kind == .list
        else { return nil }
        let plain = node["plain"]
        guard plain == nil || plain?.string != nil else { return nil }
        var alerts: [Alert.ID] = []
        for element in list.elements {
            guard let id = Alert.ID(element) else { return nil }
            alerts.append(id)
        }
        self.init(
            part: Int(part), parts: Int(parts), recipient: recipient, body: body,
            plain: plain?.string, alerts: alerts)
    }
}

extension Alert.ID {
    fileprivate init?(_ node: Tape.Node) {
        guard let rule = node["rule"]?.string, let tid = node["tid"]?.string,
            let task = node["task"], let source = task["source"]?.string,
            let id = task["id"]?.string
        else { return nil }
        self.init(rule: rule, task: TaskID(source: source, id: id), tid: tid)
    }
}
