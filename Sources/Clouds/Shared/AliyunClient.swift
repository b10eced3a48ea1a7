import Networking
import Pipeline

/// Sends calls of one source: signs, tries once more where that helps, and classifies answers.
struct AliyunClient: Sendable {
    let endpoint: CloudEndpoint
    let signature: SignatureVersion
    let credentials: any CredentialsProvider
    let transport: any Transport
    let nonce: Nonce.Source

    /// One answered request, and what it was signed with.
    private struct Answer {
        let response: HTTPResponse
        let secrets: [String]
    }

    /// Sends the call and decodes the answer.
    ///
    /// A used nonce and expired credentials are each mended once, at once; nothing else is tried
    /// again here.
    func read(
        _ call: CloudCall, at now: Timestamp,
        decode: (ReplyBody) throws(ReplyFailure) -> TaskReply
    ) async throws(CloudError) -> TaskReply {
        var isResigned = false
        var isRenewed = false
        var isRenewing = false
        while true {
            let answer = try await send(call, renewed: isRenewing, at: now)
            isRenewing = false
            let response = answer.response
            do throws(ReplyFailure) {
                return try decode(ReplyBody(bytes: response.body, httpStatus: response.status))
            } catch {
                switch error.errorClass {
                case .resign where !isResigned: isResigned = true
                case .renewCredentials where !isRenewed:
                    isRenewed = true
                    isRenewing = true
                default:
                    return try error.completed(from: response, at: now)
                        .reply(to: response.body, secrets: answer.secrets)
                }
            }
        }
    }

    private func send(
        _ call: CloudCall, renewed: Bool, at now: Timestamp
    ) async throws(CloudError) -> Answer {
        let credentials: Credentials
        do {
            credentials = try await self.credentials.credentials(renewed: renewed)
        } catch {
            throw .refusedSource(reason: error.description)
        }
        let request = call.signed(
            for: endpoint, with: credentials, as: signature, nonce: nonce(), at: now)
        do {
            return Answer(
                response: try await transport.send(request),
                secrets: [credentials.accessKeySecret, credentials.securityToken ?? ""])
        } catch {
            throw .unavailable(reason: error.message)
        }
    }

    /// Sends the call of a task that does not exist and explains the answer.
    func probe(_ call: CloudCall, at now: Timestamp) async -> CloudProbe {
        do throws(CloudError) {
            _ = try await read(call, at: now) { body in
                TaskReply(conversations: [], status: .queue, bytes: body.bytes, tape: body.tape)
            }
            return .works("the cloud took the signature and answered")
        } catch {
            // That the task does not exist is what was to be heard.
            guard case .refusedTask(let reason) = error else { return .fails(error) }
            return .works("the cloud took the signature and looked for the task: \(reason)")
        }
    }
}
