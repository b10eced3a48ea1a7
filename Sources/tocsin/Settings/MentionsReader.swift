import Channels
import Pipeline

/// Reads `at:` of a chat channel: whom its messages call.
///
/// ```yaml
/// at:
///   users: [ou_lead]            # always
///   label: team                 # and, by the value of a label,
///   people:
///     一组: [ou_one, ou_two]     # users, or a mapping with the keys that stand here, too
/// ```
struct MentionsReader {
    let texts: SettingsTexts
    /// What the service can call: of `users mobiles groups roles here all`.
    let kinds: [String]

    func read(_ cursor: Cursor?) -> Mentions {
        guard let cursor, let fields = cursor.fields(kinds + ["label", "people"]) else {
            return Mentions()
        }
        var mentions = Mentions(people(fields))
        mentions.label = fields["label"].flatMap(texts.text) ?? ""
        for (_, value, chosen) in fields["people"]?.entries() ?? [] {
            mentions.byValue[value] = people(at: chosen)
        }
        return mentions
    }

    private func people(at cursor: Cursor) -> People {
        guard cursor.isMapping else { return People(users: names(cursor)) }
        return cursor.fields(kinds).map(people) ?? People()
    }

    private func people(_ fields: [String: Cursor]) -> People {
        People(
            users: names(fields["users"]), mobiles: names(fields["mobiles"]),
            groups: names(fields["groups"]) + names(fields["roles"]),
            here: fields["here"]?.bool() ?? false, all: fields["all"]?.bool() ?? false)
    }

    private func names(_ cursor: Cursor?) -> [String] {
        (cursor?.itemsOrOne() ?? []).compactMap(texts.text)
    }
}
