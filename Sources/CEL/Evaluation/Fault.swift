/// The error of an evaluation under way: trivially copyable, so that `&&` and `||` absorb it at no
/// cost.
///
/// ``Program`` turns the one that gets out into an ``EvaluationError``.
struct Fault: Error {
    /// What went wrong.
    enum Code: UInt8, Sendable, CaseIterable {
        case unknownName, unknownFunction, noSuchOverload, noSuchField, noSuchKey
        case badIndex, indexOutOfRange, divisionByZero, overflow, outOfRange
        case badConversion, wrongKind, duplicateKey, badKey, badPattern, unknownZone
        case noRegexEngine, noTimeZones, noneValue, notText, badFormat, badArgument
        case costExceeded, memoryExceeded, cancelled, host, tooLarge, tooDeep
    }

    var code: Code
    /// The node that failed, -1 as long as nobody has said.
    var node: Int32
    /// What it was about, of any kind; absent when there is nothing to name.
    var subject: Cell

    @inline(never)
    init(_ code: Code, _ subject: Cell = .absent, at node: NodeID? = nil) {
        self.code = code
        self.subject = subject
        self.node = node.map { Int32($0.index) } ?? -1
    }

    /// The same fault, blamed on a node unless one has been blamed before.
    @inline(never)
    func blaming(_ node: NodeID) -> Fault {
        guard self.node < 0 else { return self }
        var copy = self
        copy.node = Int32(node.index)
        return copy
    }

    /// Whether `&&`, `||` and the loops may swallow it: the end of a budget must get out.
    var isAbsorbable: Bool {
        code != .costExceeded && code != .memoryExceeded && code != .cancelled
    }
}

extension Fault.Code {
    /// The stable name of the fault.
    var name: String {
        switch self {
        case .unknownName: "unknown-name"
        case .unknownFunction: "unknown-function"
        case .noSuchOverload: "no-such-overload"
        case .noSuchField: "no-such-field"
        case .noSuchKey: "no-such-key"
        case .badIndex: "bad-index"
        case .indexOutOfRange: "index-out-of-range"
        case .divisionByZero: "division-by-zero"
        case .overflow: "overflow"
        case .outOfRange: "out-of-range"
        case .badConversion: "bad-conversion"
        case .wrongKind: "wrong-kind"
        case .duplicateKey: "duplicate-key"
        case .badKey: "bad-key"
        case .badPattern: "bad-pattern"
        case .unknownZone: "unknown-zone"
        case .noRegexEngine: "no-regex-engine"
        case .noTimeZones: "no-time-zones"
        case .noneValue: "none-value"
        case .notText: "not-text"
        case .badFormat: "bad-format"
        case .badArgument: "bad-argument"
        case .costExceeded: "cost-exceeded"
        case .memoryExceeded: "memory-exceeded"
        case .cancelled: "cancelled"
        case .host: "host-failure"
        case .tooLarge: "too-large"
        case .tooDeep: "too-deep"
        }
    }

    /// The sentence in English.
    var english: String {
        switch self {
        case .unknownName: "there is no such name"
        case .unknownFunction: "there is no such function"
        case .noSuchOverload: "the function does not take these arguments"
        case .noSuchField: "there is no such field"
        case .noSuchKey: "there is no such key"
        case .badIndex: "not an index"
        case .indexOutOfRange: "the index is out of range"
        case .divisionByZero: "division by zero"
        case .overflow: "the result does not fit"
        case .outOfRange: "the value is out of range"
        case .badConversion: "the value cannot be converted"
        case .wrongKind: "a value of another type was needed"
        case .duplicateKey: "the key is there twice"
        case .badKey: "the value cannot be a key"
        case .badPattern: "the regular expression is refused"
        case .unknownZone: "there is no such time zone"
        case .noRegexEngine: "no regular expression engine is set up"
        case .noTimeZones: "no time zones are set up"
        case .noneValue: "the optional holds no value"
        case .notText: "the bytes are not UTF-8 text"
        case .badFormat: "the format does not fit its arguments"
        case .badArgument: "the argument is not allowed"
        case .costExceeded: "the evaluation takes more work than allowed"
        case .memoryExceeded: "the evaluation builds more than allowed"
        case .cancelled: "the evaluation was cancelled"
        case .host: "a function failed"
        case .tooLarge: "the result is too large"
        case .tooDeep: "lists and maps are nested too deep"
        }
    }

    /// The sentence in Chinese.
    var chinese: String {
        switch self {
        case .unknownName: "没有这个名称"
        case .unknownFunction: "没有这个函数"
        case .noSuchOverload: "函数不接受这样的参数"
        case .noSuchField: "没有这个字段"
        case .noSuchKey: "没有这个键"
        case .badIndex: "不能用作下标"
        case .indexOutOfRange: "下标越界"
        case .divisionByZero: "除数为零"
        case .overflow: "结果溢出"
        case .outOfRange: "值超出范围"
        case .badConversion: "值无法转换"
        case .wrongKind: "值的类型不对"
        case .duplicateKey: "键重复"
        case .badKey: "该值不能用作键"
        case .badPattern: "正则表达式不被接受"
        case .unknownZone: "没有这个时区"
        case .noRegexEngine: "没有配置正则引擎"
        case .noTimeZones: "没有配置时区数据"
        case .noneValue: "可选值为空"
        case .notText: "字节不是 UTF-8 文本"
        case .badFormat: "格式与参数不符"
        case .badArgument: "参数不被允许"
        case .costExceeded: "求值超出允许的工作量"
        case .memoryExceeded: "求值构造的数据超出上限"
        case .cancelled: "求值已取消"
        case .host: "函数执行失败"
        case .tooLarge: "结果过大"
        case .tooDeep: "列表与 map 的嵌套过深"
        }
    }
}
