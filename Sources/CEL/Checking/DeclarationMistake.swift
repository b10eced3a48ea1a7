/// What is wrong with a declaration of the host.
enum DeclarationMistake: Hashable, Sendable {
    case unspellable
    case standardType
    case repeatedField(String)
    case unspellableField(String)
    case noOverloads
    case repeatedID(String)
    case sameArguments(String)
    case noReceiver(String)
    case tooManyParameters(String, limit: Int)
    case badArgumentCount
}

extension DeclarationMistake {
    var english: String {
        switch self {
        case .unspellable: "no source can spell the name"
        case .standardType: "the language has a type of that name"
        case .repeatedField(let field): "it has the field `\(field)` twice"
        case .unspellableField(let field): "no source can spell the field `\(field)`"
        case .noOverloads: "it has no overload"
        case .repeatedID(let id): "there is another overload with the id `\(id)`"
        case .sameArguments(let form): "there is another overload that takes the same: \(form)"
        case .noReceiver(let id): "the overload `\(id)` is a method and has no receiver"
        case .tooManyParameters(let id, let limit):
            "the overload `\(id)` has more than \(limit) parameters"
        case .badArgumentCount: "a call has no fewer than 0 arguments"
        }
    }

    var chinese: String {
        switch self {
        case .unspellable: "源文本写不出这个名称"
        case .standardType: "语言本身已有同名的类型"
        case .repeatedField(let field): "字段 `\(field)` 出现了两次"
        case .unspellableField(let field): "源文本写不出字段 `\(field)`"
        case .noOverloads: "没有任何重载"
        case .repeatedID(let id): "已有 id 为 `\(id)` 的重载"
        case .sameArguments(let form): "已有参数相同的重载：\(form)"
        case .noReceiver(let id): "重载 `\(id)` 是方法，却没有接收者"
        case .tooManyParameters(let id, let limit): "重载 `\(id)` 的参数超过 \(limit) 个"
        case .badArgumentCount: "调用的参数个数不能小于 0"
        }
    }
}
