/// Names that other languages have for functions, macros and constants of this one.
enum Synonyms {
    /// What a name in small letters without `_` stands for.
    private static let names: [String: String] = [
        // Loops.
        "any": "exists", "some": "exists", "anymatch": "exists", "every": "all", "allmatch": "all",
        "foreach": "all", "where": "filter", "findall": "filter", "find": "filter",
        "select": "map", "collect": "map", "transform": "map", "one": "exists_one",
        // Sizes.
        "len": "size", "length": "size", "count": "size", "isempty": "size",
        // Texts.
        "includes": "contains", "has": "contains", "search": "matches", "match": "matches",
        "regex": "matches", "test": "matches", "lower": "lowerAscii", "tolower": "lowerAscii",
        "tolowercase": "lowerAscii", "lowercase": "lowerAscii", "upper": "upperAscii",
        "toupper": "upperAscii", "touppercase": "upperAscii", "uppercase": "upperAscii",
        "strip": "trim", "substr": "substring", "slice": "substring", "find_first": "indexOf",
        // Conversions.
        "str": "string", "tostring": "string", "float": "double", "number": "double",
        "tonumber": "double", "parseint": "int", "toint": "int", "integer": "int",
        "parsefloat": "double", "boolean": "bool", "date": "timestamp", "datetime": "timestamp",
        "typeof": "type", "min": "math.least", "max": "math.greatest", "abs": "math.abs",
        "round": "math.round", "floor": "math.floor", "ceil": "math.ceil", "not": "!",
    ]

    /// Constants of other languages.
    private static let constants = [
        "none": "null", "nil": "null", "undefined": "null", "void": "null",
    ]

    /// Names that hosts have for the same.
    private static let fields: [Set<String>] = [
        ["avg", "average", "mean"], ["max", "maximum", "highest"], ["min", "minimum", "lowest"],
    ]

    /// The field among some that is another name of what was asked for.
    static func field(_ name: String, among known: [String]) -> String? {
        let name = name.lowercased()
        return fields.first { $0.contains(name) }.flatMap { same in
            known.first(where: same.contains)
        }
    }

    static func function(_ name: String) -> String? {
        names[name.lowercased().filter { $0 != "_" }]
    }

    static func constant(_ name: String) -> String? { constants[name.lowercased()] }
}
