import ArgumentParser
import Pipeline

/// Names that commands are given: one that nothing has is a mistake, and no empty answer.
enum KnownName {
    /// A usage error that names the nearest one.
    static func error(
        _ wanted: String, among known: [String], what: (chinese: String, english: String)
    ) -> ValidationError {
        let nearest = Nearest.name(to: wanted, among: known)
        let hint =
            nearest.map { Output.words("；是想写 \($0) 吗？", "; did you mean \($0)?") }
            ?? (known.isEmpty
                ? ""
                : Output.words(
                    "；有：\(known.joined(separator: "、"))",
                    "; there are: \(known.joined(separator: ", "))"))
        return ValidationError(
            Output.words(
                "没有叫 \(wanted) 的\(what.chinese)", "no \(what.english) has the name \(wanted)")
                + hint)
    }
}

extension DeliveryFilter {
    /// Throws when neither the settings nor the store know a channel of the name asked for.
    func checkChannel(_ settings: Settings, in store: any Store) async throws {
        guard let channel, settings.switches[channel] == nil else { return }
        let query = DeliveryQuery(channel: channel, limit: 1)
        let found = try await store.read { reader throws(StoreError) in
            (
                deliveries: try reader.count(query),
                groups: try reader.waitingGroups(to: channel, limit: 1),
                names: try reader.backlogs().map(\.channel)
            )
        }
        guard found.deliveries == 0, found.groups.isEmpty else { return }
        throw KnownName.error(
            channel, among: Set(settings.switches.keys).union(found.names).sorted(),
            what: ("通道", "channel"))
    }
}

extension Array {
    /// Those of the names, in their order; all when none is named.
    func chosen(
        _ names: [String], by name: (Element) -> String, what: (chinese: String, english: String)
    ) throws -> [Element] {
        guard !names.isEmpty else { return self }
        return try names.map { wanted in
            guard let found = first(where: { name($0) == wanted }) else {
                throw KnownName.error(wanted, among: map(name), what: what)
            }
            return found
        }
    }
}
