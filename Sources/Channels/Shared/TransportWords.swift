import Networking
import Pipeline

extension Bilingual {
    func text(in language: MessageContext.Language) -> String {
        language == .chinese ? chinese : english
    }
}

extension TransportError {
    /// Why there is no answer, for people: the transport's own sentence, behind its kind.
    var explained: Bilingual {
        let mayBe = mayHaveBeenDelivered ? "，也可能已送达" : ""
        return Bilingual("\(kind)\(mayBe)（\(message)）", description)
    }

    private var kind: String {
        switch code {
        case .cancelled: "被取消"
        case .stopped: "程序正在结束"
        case .overloaded: "同时发送的太多"
        case .invalidRequest: "请求无法发送"
        case .addressRefused: "地址不允许访问"
        case .protocolRefused: "协议不允许"
        case .resolve: "域名解析不了"
        case .connect: "连不上"
        case .tls: "TLS 连接不成"
        case .timeout: "超时"
        case .connectionLost: "连接中断"
        case .responseTooLarge: "回答太大"
        case .badResponse: "回答无法理解"
        case .authenticationNotOffered: "服务器不提供所设的登录方式"
        case .authenticationRefused: "登录被拒绝"
        case .mail: "邮件被拒绝"
        case .unexpected: "发送出错"
        }
    }
}
