import CEL
import Testing

/// Words in texts, and how alike texts are.
@Suite("Words in texts")
struct TextFunctionTests {
    static let environment: Environment = {
        var environment = Environment()
        environment.declare(variable: "t", as: .list(.string))
        environment.declare(variable: "any", as: .dyn)
        return environment
    }()

    static func value(_ source: String, texts: [String] = [], any: Value = .null) throws -> Value {
        var activation = Activation(environment)
        try activation.set("t", to: .list(texts.map(Value.string)))
        try activation.set("any", to: any)
        return try environment.compile(source).evaluate(activation)
    }

    @Test(
        "words are found as they should",
        arguments: [
            ("'我要投诉你们'.containsAny(['退款', '投诉'])", true),
            ("'我要投诉你们'.containsAny(['退款', '退货'])", false),
            ("'refund please'.containsAny(['refund'])", true),
            ("'a'.containsAny([])", false), ("''.containsAny(['a'])", false),
            ("'a'.containsAny([''])", true), ("'投诉'.containsAny('投')", true),
            ("'投诉'.containsAny('诉投')", false),
            ("'退款和退货'.containsAll(['退款', '退货'])", true),
            ("'退款'.containsAll(['退款', '退货'])", false), ("'x'.containsAll([])", true),
            ("'好的好的好'.countOf('好的')", 2), ("'aaaa'.countOf('aa')", 2),
            ("'a'.countOf('')", 0), ("''.countOf('a')", 0),
            ("'保证一定保证'.countOf(['保证', '一定'])", 3), ("'x'.countOf([])", 0),
            // Five characters lie between the two words.
            ("'请把您手机上的验证码告诉我'.containsNear('把', '验证码', 5)", true),
            ("'请把您手机上的验证码告诉我'.containsNear('把', '验证码', 4)", false),
            ("'请把您手机上的验证码告诉我'.containsNear('验证码', '把', 5)", true),
            ("'请把您手机上的验证码告诉我'.containsNear(['报', '把'], ['密码', '验证码'], 5)", true),
            ("'give me the code'.containsNear('give', ['code'], 8)", true),
            ("'give me the code'.containsNear('give', ['code'], 7)", false),
            ("'验证码'.containsNear('验证', '验证码', 9)", false),
            ("'验证验证码'.containsNear('验证', '验证码', 0)", true),
            ("'ab'.containsNear('a', 'b', -1)", false),
            ("'好👍坏'.containsNear('好', '坏', 1)", true),
        ] as [(String, Value)])
    func words(_ source: String, _ expected: Value) throws {
        #expect(try Self.value(source) == expected)
    }

    @Test(
        "similarity is one less the share of changes",
        arguments: [
            ("", "", 1.0), ("a", "", 0), ("投诉", "投诉", 1), ("投诉", "投述", 0.5),
            ("kitten", "sitting", 1 - 3.0 / 7), ("abc", "xyz", 0), ("ab", "ba", 0),
            ("我的快递还没到", "我的快递怎么还没到", 1 - 2.0 / 9),
        ] as [(String, String, Double)])
    func similarity(_ left: String, _ right: String, _ expected: Double) throws {
        for source in ["any[0].similarity(any[1])", "any[1].similarity(any[0])"] {
            let found = try Self.value(source, any: [.string(left), .string(right)])
            guard case .double(let value) = found else { throw HostFailure("no double") }
            #expect(abs(value - expected) < 1e-12)
        }
    }

    /// The whole table, without the shortcuts.
    static func plainDistance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (line, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in right.enumerated() {
                let value = min(
                    diagonal + (character == other ? 0 : 1), row[column] + 1, row[column + 1] + 1)
                diagonal = row[column + 1]
                row[column + 1] = value
            }
        }
        return row[right.count]
    }

    @Test("similarity is that of the whole table", arguments: 0..<20)
    func randomSimilarity(seed: Int) throws {
        var random = SplitMix64(state: UInt64(seed) &* 31 &+ 5)
        for _ in 0..<40 {
            let texts = (0..<2).map { _ in
                (0..<Int.random(in: 0...9, using: &random)).map { _ in
                    ["你", "好", "a", "b"].randomElement(using: &random) ?? ""
                }.joined()
            }
            let length = max(texts[0].count, texts[1].count)
            let distance = Self.plainDistance(Array(texts[0]), Array(texts[1]))
            let expected = length == 0 ? 1 : 1 - Double(distance) / Double(length)
            let found = try Self.value(
                "any[0].similarity(any[1])", any: .list(texts.map(Value.string)))
            #expect(found == .double(expected), "\(texts)")
        }
    }

    @Test(
        "alike texts are found by their places",
        arguments: [
            (["我的快递还没到", "好的", "我的快递还没有到！", "您稍等", "我的快递，还没到"], 3, 0.8, [0, 2, 4]),
            (["我的快递还没到", "我的快递还没有到"], 3, 0.8, []),
            (["我的快递还没到", "我的快递还没有到"], 2, 0.8, [0, 1]),
            (["我的快递还没到", "我的快递还没有到"], 2, 1.0, []),
            // Too short to say anything.
            (["好的", "好的", "好的", "好的"], 3, 0.8, []),
            (["好的好的", "好的好的", "好的好的"], 3, 0.8, [0, 1, 2]),
            ([], 2, 0.8, []), (["我的快递还没到"], 1, 0.8, []),
            // The third is alike with both, which are not alike with each other.
            (["aaaabbbb", "aabbbbbb", "aaabbbbb"], 3, 0.87, [0, 1, 2]),
            (["when will it arrive", "x", "When will it arrive?"], 2, 0.9, [0, 2]),
        ] as [([String], Int, Double, [Int64])])
    func alike(
        _ texts: [String], _ times: Int, _ similarity: Double, _ expected: [Int64]
    ) throws {
        let found = try Self.value(
            "t.indexesOfAlike(\(times), \(similarity), 64)", texts: texts)
        #expect(found == .list(expected.map(Value.int)))
    }

    @Test("alike texts must be within the window")
    func window() throws {
        let texts = ["我的快递还没到"] + (0..<4).map { "第\($0)句别的话\($0)" } + ["我的快递还没到"]
        #expect(try Self.value("t.indexesOfAlike(2, 0.9, 5)", texts: texts) == [0, 5])
        #expect(try Self.value("t.indexesOfAlike(2, 0.9, 4)", texts: texts) == [])
    }

    @Test("2,000 texts take work in proportion")
    func work() throws {
        func cost(_ count: Int) throws -> Int {
            var activation = Activation(Self.environment)
            let texts = (0..<count).map { "第\($0)句里客户说快递\($0 * 7919 % 1000)还没有送到家" }
            try activation.set("t", to: .list(texts.map(Value.string)))
            return try Self.environment.compile("t.indexesOfAlike(3, 0.8, 64)")
                .evaluateCounting(activation).cost
        }
        let (small, large) = (try cost(500), try cost(2_000))
        #expect(large < small * 5)
        #expect(large < 5_000_000)
    }

    @Test("a list of anything but texts is a fault, and long texts stay in the budget")
    func faults() throws {
        let error = #expect(throws: EvaluationError.self) {
            try Self.value("'a'.containsAny(any)", any: [1])
        }
        #expect(error?.code == "no-such-overload")
        let long = Value.list([
            .string(String(repeating: "ab", count: 50_000)),
            .string(String(repeating: "ba", count: 50_000)),
        ])
        let costly = #expect(throws: EvaluationError.self) {
            try Self.value("any[0].similarity(any[1])", any: long)
        }
        #expect(costly?.code == "cost-exceeded")
    }
}
