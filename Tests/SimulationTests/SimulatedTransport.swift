import Networking
import Pipeline
import TestSupport

/// The network of a simulation: plays the cloud, a webhook receiver, a chat robot and a mail
/// server, and loses, delays and mangles as the seed says.
struct SimulatedTransport: Transport {
    let world: World
    let incarnation: Int

    static let cloudHost = "cloud.test"
    static let hookHost = "hook.test"
    static let robotHost = "robot.test"

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let (host, path) = Self.split(request.url)
        world.enter("\(host)#\(incarnation)")
        defer { world.leave("\(host)#\(incarnation)") }
        let channel = [Self.hookHost: "hook", Self.robotHost: "robot"][host]
        return try await travel(to: channel) { answer(request, host: host, path: path) }
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        world.enter("mail#\(incarnation)")
        defer { world.leave("mail#\(incarnation)") }
        let response = try await travel(to: "mail") {
            let text = String(decoding: mail.message, as: UTF8.self)
            let id = Self.header("Message-ID", in: text)
            if world.isPoisoned(id) { return HTTPResponse(status: 550) }
            if world.strikes(.greylisted) { return HTTPResponse(status: 450) }
            world.receive(World.Receipt(channel: "mail", id: id, body: text))
            return HTTPResponse(status: 250)
        }
        let status = response.status
        let reply = MailReply(
            status: status, lines: ["simulated"],
            recipients: mail.recipients.map { .init(address: $0, status: status, text: "-") })
        switch status {
        case 250: return reply
        case 450, 550:
            throw TransportError(
                .mail(status: status), message: "simulated: this mail", mailReply: reply)
        case 535:
            throw TransportError(
                .authenticationRefused(status: 535), message: "simulated: the login")
        default: throw TransportError(.mail(status: 421), message: "simulated: try later")
        }
    }

    /// The way there and back, with what can go wrong on it.
    private func travel(
        to channel: String?, _ arrive: () -> HTTPResponse
    ) async throws(TransportError) -> HTTPResponse {
        if world.strikes(.clockJump) {
            world.clock.jump(by: .seconds(world.number(in: -600...600)))
        }
        let isSlow = world.strikes(.latency)
        await pause(milliseconds: world.number(in: isSlow ? 500...9000 : 1...200))
        if let channel, let outage = world.plan.outage(of: channel, at: world.clock.now) {
            return try await answer(to: channel, during: outage.kind)
        }
        if world.strikes(.timeout) {
            await pause(milliseconds: 15_000)
            throw TransportError(.timeout, message: "simulated: no answer")
        }
        if world.strikes(.reset) {
            throw TransportError(.connectionLost, message: "simulated: reset")
        }
        if world.strikes(.serverError) {
            return HTTPResponse(status: 500, body: Array("oops".utf8))
        }
        if world.strikes(.throttled) {
            let seconds = channel == nil || world.number(in: 0...1) == 0 ? 3 : 300
            let wish: Duration? = world.number(in: 0...1) == 0 ? nil : .seconds(seconds)
            let body = #"{"Code":"Throttling.User","Message":"slow down"}"#
            return HTTPResponse(
                status: 429,
                headers: wish.map { _ in [HTTPHeader("Retry-After", "\(seconds)")] } ?? [],
                body: Array(body.utf8), retryAfter: wish)
        }
        // A request on its way arrives also when its sender is gone by now.
        var response = arrive()
        if world.strikes(.answerLost) || world.incarnation != incarnation {
            throw TransportError(
                .connectionLost, mayHaveBeenDelivered: true, message: "simulated: answer lost")
        }
        if world.strikes(.cutBody) { response.body.removeLast(response.body.count / 2) }
        return response
    }

    private func answer(
        to channel: String, during kind: Plan.Outage.Kind
    ) async throws(TransportError) -> HTTPResponse {
        world.note("\(channel) \(kind.rawValue)")
        switch kind {
        case .unreachable: throw TransportError(.connect, message: "simulated: nobody there")
        case .silent:
            await pause(milliseconds: 15_000)
            throw TransportError(.timeout, message: "simulated: no answer")
        case .failing: return HTTPResponse(status: 503)
        case .refusing:
            let unknown = #"{"errcode":300001,"errmsg":"token is not exist"}"#
            return HTTPResponse(
                status: ["mail": 535, "robot": 200][channel] ?? 410, body: Array(unknown.utf8))
        }
    }

    private func answer(_ request: HTTPRequest, host: String, path: String) -> HTTPResponse {
        switch host {
        case Self.cloudHost:
            let id = path.split(separator: "taskId=").last?.prefix { $0 != "&" } ?? ""
            guard let body = world.poll(String(id)) else {
                return HTTPResponse(
                    status: 400, body: Array(#"{"Code":"CCAI.InvalidParam.NotExist"}"#.utf8))
            }
            world.note("polled \(id)")
            return HTTPResponse(status: 200, body: Array(body.utf8))
        case Self.hookHost:
            let id = request.headers.first { $0.isNamed("webhook-id") }?.value ?? ""
            let body = String(decoding: request.body, as: UTF8.self)
            if world.isPoisoned(id) { return HTTPResponse(status: 413) }
            world.receive(World.Receipt(channel: "hook", id: id, body: body))
            return HTTPResponse(status: 200)
        case Self.robotHost:
            let body = String(decoding: request.body, as: UTF8.self)
            let id = body.split(separator: #""msgUuid":""#).last?.prefix { $0 != "\"" } ?? ""
            if world.isPoisoned(String(id)) {
                let refusal = #"{"errcode":430104,"errmsg":"content"}"#
                return HTTPResponse(status: 200, body: Array(refusal.utf8))
            }
            world.receive(World.Receipt(channel: "robot", id: String(id), body: body))
            return HTTPResponse(status: 200, body: Array(#"{"errcode":0,"errmsg":"ok"}"#.utf8))
        default:
            return HTTPResponse(status: 404)
        }
    }

    private func pause(milliseconds: Int) async {
        try? await world.clock.sleep(until: world.clock.now + .milliseconds(milliseconds))
    }

    private static func split(_ url: String) -> (host: String, path: String) {
        let rest = url.split(separator: "://").last ?? ""
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        return (String(host), String(rest.dropFirst(host.count)))
    }

    private static func header(_ name: String, in mail: String) -> String {
        let line = mail.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") }
        return String(line?.dropFirst(name.count + 2) ?? "")
    }
}
