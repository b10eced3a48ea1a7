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
        return try await travel { answer(request, host: host, path: path) }
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        world.enter("mail#\(incarnation)")
        defer { world.leave("mail#\(incarnation)") }
        let response = try await travel {
            let text = String(decoding: mail.message, as: UTF8.self)
            let id = Self.header("Message-ID", in: text)
            world.receive(World.Receipt(channel: "mail", id: id, body: text))
            return HTTPResponse(status: 250)
        }
        guard response.status == 250 else {
            throw TransportError(.mail(status: 451), message: "simulated: try later")
        }
        return MailReply(
            status: 250, lines: ["250 OK"],
            recipients: mail.recipients.map { .init(address: $0, status: 250, text: "OK") })
    }

    /// The way there and back, with what can go wrong on it.
    private func travel(
        _ arrive: () -> HTTPResponse
    ) async throws(TransportError) -> HTTPResponse {
        if world.strikes(.clockJump) {
            world.clock.jump(by: .seconds(world.number(in: -600...600)))
        }
        let isSlow = world.strikes(.latency)
        await pause(milliseconds: world.number(in: isSlow ? 500...9000 : 1...200))
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
            let wish: Duration? = world.number(in: 0...1) == 0 ? nil : .seconds(3)
            let body = #"{"Code":"Throttling.User","Message":"slow down"}"#
            return HTTPResponse(
                status: 429,
                headers: wish.map { _ in [HTTPHeader("Retry-After", "3")] } ?? [],
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
            world.receive(World.Receipt(channel: "hook", id: id, body: body))
            return HTTPResponse(status: 200)
        case Self.robotHost:
            let body = String(decoding: request.body, as: UTF8.self)
            let id = body.split(separator: #""msgUuid":""#).last?.prefix { $0 != "\"" } ?? ""
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
