import CEL
import Pipeline

/// The manual of the channels' settings, made from the tables that the reader goes by.
enum ChannelManual {
    /// A key, and the kinds of channels that have it.
    struct Row: Hashable, Sendable {
        let key: SettingKey
        var types: [String]
    }

    /// Keys that only some kinds have; what means the same stands there once.
    static let rows: [Row] = {
        var rows: [Row] = []
        for kind in ChannelKind.all {
            for key in kind.settings {
                if let place = rows.firstIndex(where: { $0.key.means(key) }) {
                    rows[place].types.append(kind.name)
                } else {
                    rows.append(Row(key: key, types: [kind.name]))
                }
            }
        }
        return rows
    }()

    /// The tables of the README.
    static func markdown(in language: Language) -> String {
        func words(_ chinese: String, _ english: String) -> String {
            language == .chinese ? chinese : english
        }
        let (key, meaning) = (words("键和示例", "key, with an example"), words("含义", "meaning"))
        let terms = words("默认值、范围", "default, bound")
        var text = "| \(key) | `type` | \(meaning) | \(terms) |\n|---|---|---|---|\n"
        let every = words("所有", "every")
        for key in SettingKey.ofEveryChannel { text += line(key, every, in: language) }
        for row in rows {
            let types = row.types.map { "`\($0)`" }.joined(separator: " ")
            text += line(row.key, types, in: language)
        }
        for (name, keys) in [("at", SettingKey.ofMentions), ("network", SettingKey.ofNetwork)] {
            text += "\n| `\(name)` | \(meaning) | \(terms) |\n|---|---|---|\n"
            for key in keys { text += line(key, nil, in: language) }
        }
        return text
    }

    private static func line(_ key: SettingKey, _ types: String?, in language: Language) -> String {
        let cells =
            ["`\(key.line)`"] + (types.map { [$0] } ?? [])
            + [key.meaning.text(in: language), key.terms.text(in: language)]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    /// For people at a terminal: the keys of one kind of channel, and what is below them.
    static func text(of kind: ChannelKind, in language: Language) -> String {
        var text = "\(kind.name)\n\n"
        for key in SettingKey.ofEveryChannel + kind.settings {
            text += entry(key, indent: "  ", in: language)
            switch key.name {
            case "network":
                for below in SettingKey.ofNetwork {
                    text += entry(below, indent: "      ", in: language)
                }
            case "at":
                for below in SettingKey.ofMentions
                where key.meaning.english.contains("`\(below.name)`") {
                    text += entry(below, indent: "      ", in: language)
                }
            default: break
            }
        }
        return text
    }

    private static func entry(_ key: SettingKey, indent: String, in language: Language) -> String {
        let terms = key.terms.text(in: language)
        return "\(indent)\(key.line)\n\(indent)    \(key.meaning.text(in: language))"
            + (terms.isEmpty ? "\n" : "\n\(indent)    \(terms)\n")
    }
}

extension SettingKey {
    /// Whether it is the same key with another example at most.
    fileprivate func means(_ other: SettingKey) -> Bool {
        name == other.name && meaning == other.meaning && terms == other.terms
    }
}
