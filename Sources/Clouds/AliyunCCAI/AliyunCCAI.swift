import JSON
package import Networking
package import Pipeline

/// ContactCenterAI 2024-06-03, GetTaskResult: one task is one conversation.
package struct AliyunCCAI: Cloud {
    private let settings: Settings
    private let client: AliyunClient

    package init(
        _ settings: Settings, credentials: any CredentialsProvider, transport: any Transport,
        nonce: @escaping Nonce.Source = Nonce.system
    ) {
        self.settings = settings
        client = AliyunClient(
            endpoint: settings.endpoint, signature: .v3, credentials: credentials,
            transport: transport, nonce: nonce)
    }

    package func read(_ task: TaskRecord, at now: Timestamp) async throws(CloudError) -> TaskReply {
        let decoder = CCAIReply(roles: settings.roles)
        return try await client.read(Self.call(taskID: task.id.id), at: now) {
            body throws(ReplyFailure) in
            let reply = try decoder.reply(from: body)
            guard let answered = reply.taskID, answered != task.id.id else { return reply.task }
            throw .badReply("the reply is about another task")
        }
    }

    package func decode(_ reply: [UInt8]) throws(CloudError) -> TaskReply {
        do {
            let body = try ReplyBody(bytes: reply, httpStatus: nil)
            return try CCAIReply(roles: settings.roles).reply(from: body).task
        } catch {
            return try error.reply(to: reply, secrets: [])
        }
    }

    /// The request for a task, before it is signed.
    ///
    /// `asr_result` is always asked for: without it the transcript stays away.
    package static func call(taskID: String) -> CloudCall {
        CloudCall(
            .get, path: "/ccai/app/getTaskResult", action: "GetTaskResult", version: "2024-06-03",
            query: [QueryItem("taskId", taskID), QueryItem("requiredFieldList", "asr_result")])
    }

    /// Asks for a task that does not exist: what the answer says of address, credentials and clock.
    package func probe(at now: Timestamp) async -> CloudProbe {
        await client.probe(Self.call(taskID: CloudProbe.taskID), at: now)
    }
}
