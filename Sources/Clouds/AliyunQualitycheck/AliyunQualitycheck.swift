import JSON
package import Networking
package import Pipeline

/// Qualitycheck, GetAudioDataStatus: one task holds several records, each a conversation.
package struct AliyunQualitycheck: Cloud {
    private let settings: Settings
    private let client: AliyunClient

    package init(
        _ settings: Settings, credentials: any CredentialsProvider, transport: any Transport,
        nonce: @escaping Nonce.Source = Nonce.system
    ) {
        self.settings = settings
        client = AliyunClient(
            endpoint: settings.endpoint, signature: settings.signature, credentials: credentials,
            transport: transport, nonce: nonce)
    }

    package func read(_ task: TaskRecord, at now: Timestamp) async throws(CloudError) -> TaskReply {
        let decoder = QualitycheckReply(agentChannel: settings.agentChannel)
        let call = call(taskID: task.id.id, tid: task.tid)
        return try await client.read(call, at: now) { body throws(ReplyFailure) in
            let reply = try decoder.reply(from: body)
            let isForeign = reply.conversations.contains { $0.tid != task.tid && !$0.tid.isEmpty }
            guard task.tid.isEmpty || !isForeign else {
                throw .badReply("the reply is about another record")
            }
            return reply
        }
    }

    package func decode(_ reply: [UInt8]) throws(CloudError) -> TaskReply {
        do {
            let body = try ReplyBody(bytes: reply, httpStatus: nil)
            return try QualitycheckReply(agentChannel: settings.agentChannel).reply(from: body)
        } catch {
            return try error.reply(to: reply, secrets: [])
        }
    }

    /// The request for a task, before it is signed; an empty `tid` asks for all its records.
    package func call(taskID: String, tid: String = "") -> CloudCall {
        var members = [("appKey", settings.appKey), ("taskId", taskID)]
        if !tid.isEmpty { members.append(("tid", tid)) }
        let text = members.map { "\(JSON.quoted($0.0)):\(JSON.quoted($0.1))" }
            .joined(separator: ",")
        return CloudCall(
            settings.method, path: "/", action: "GetAudioDataStatus", version: settings.version,
            query: [QueryItem("JsonStr", "{\(text)}")])
    }

    /// Asks for a task that does not exist: what the answer says of address, credentials and clock.
    package func probe(at now: Timestamp) async -> CloudProbe {
        await client.probe(call(taskID: CloudProbe.taskID), at: now)
    }
}
