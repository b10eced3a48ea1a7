import Pipeline

/// Whom a message calls by name, in the words of its service.
package struct People: Hashable, Sendable {
    package var users: [String]
    package var mobiles: [String]
    /// Groups of users, or roles.
    package var groups: [String]
    /// Those who are there now.
    package var here: Bool
    package var all: Bool

    package init(
        users: [String] = [], mobiles: [String] = [], groups: [String] = [], here: Bool = false,
        all: Bool = false
    ) {
        self.users = users
        self.mobiles = mobiles
        self.groups = groups
        self.here = here
        self.all = all
    }

    package var isEmpty: Bool { count == 0 && !here && !all }

    /// Those with a name.
    var count: Int { users.count + mobiles.count + groups.count }

    fileprivate mutating func add(_ others: People, most: Int) {
        users += others.users.filter { !users.contains($0) }
        mobiles += others.mobiles.filter { !mobiles.contains($0) }
        groups += others.groups.filter { !groups.contains($0) }
        users = Array(users.prefix(most))
        mobiles = Array(mobiles.prefix(most - users.count))
        groups = Array(groups.prefix(most - users.count - mobiles.count))
        here = here || others.here
        all = all || others.all
    }
}

/// Whom the messages of a channel call: some always, some by the value of a label.
package struct Mentions: Hashable, Sendable {
    package var always: People
    /// The label whose value chooses; empty when none does.
    package var label: String
    package var byValue: [String: People]

    /// The most values that choose people.
    package static let valueLimit = 200

    package init(
        _ always: People = People(), label: String = "", byValue: [String: People] = [:]
    ) {
        self.always = always
        self.label = label
        self.byValue = byValue
    }

    /// Those to be called for these alerts and what is folded into them, each once, in the order of
    /// the alerts; those beyond `most` are left out.
    func people(for alerts: [Alert], most: Int) -> People {
        var people = People()
        people.add(always, most: most)
        guard !label.isEmpty else { return people }
        for labels in alerts.flatMap({ [$0.labels] + $0.foldedLabels }) {
            guard let value = labels[label], let chosen = byValue[value] else { continue }
            people.add(chosen, most: most)
        }
        return people
    }

    /// Throws when there are too many of them, or one is not written as the service has it.
    ///
    /// A name that is refused is not repeated: a mobile number is a personal one.
    func check(
        most: Int, form: Bilingual, _ isSound: (People) -> Bool
    ) throws(SettingsError) {
        guard byValue.count <= Self.valueLimit else {
            throw SettingsError("at", .tooMany(limit: Self.valueLimit))
        }
        for people in [always] + byValue.sorted(by: { $0.key < $1.key }).map(\.value) {
            guard people.count <= most else {
                throw SettingsError("at", .tooMany(limit: most))
            }
            guard isSound(people) else {
                throw SettingsError(
                    "at",
                    wrong: Bilingual("有的名字不是该服务的写法", "a name is not written as the service has it"),
                    hint: form)
            }
        }
        guard label.isEmpty == byValue.isEmpty else {
            throw SettingsError(
                "at",
                wrong: Bilingual("`label` 和 `people` 要一起写", "`label` and `people` go together"),
                hint: Bilingual(
                    "at: { label: team, people: { 一组: [名字] } }",
                    "at: { label: team, people: { one: [name] } }"))
        }
    }
}

extension StringProtocol {
    /// One to `limit` bytes, each an ASCII letter or digit or one of `others`.
    func isName(upTo limit: Int = 64, others: String = "") -> Bool {
        (1...limit).contains(utf8.count)
            && unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9": true
                default: others.unicodeScalars.contains(scalar)
                }
            }
    }
}
