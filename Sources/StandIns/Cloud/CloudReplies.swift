/// The bodies that the two APIs answer with.
enum CloudReplies {
    static func error(_ refusal: CloudRefusal, requestID: String) -> LoopbackAnswer {
        let body: JSONValue = [
            "RequestId": .text(requestID), "Message": .text(refusal.message),
            "Recommend": "https://api.aliyun.com/troubleshoot", "HostId": "127.0.0.1",
            "Code": .text(refusal.code),
        ]
        return .json(body, status: refusal.status)
    }

    /// GetTaskResult.
    ///
    /// Only a task that has ended has more than its status, and it has its transcript only if that
    /// was asked for.
    static func call(
        _ task: CallTask, status: String, hasEnded: Bool, withTranscript: Bool, requestID: String
    ) -> LoopbackAnswer {
        var data: JSONValue = ["taskId": .text(task.taskID), "taskStatus": .text(status)]
        if hasEnded {
            data = withTranscript ? task.data : task.data.removing("asrResult")
            if data["taskId"] == nil { data = data.setting("taskId", .text(task.taskID)) }
        }
        return .json(["data": data, "requestId": .text(requestID), "success": "True"])
    }

    /// GetAudioDataStatus: names begin with a capital in the version of 2019 and with a small
    /// letter in that of 2016, and both wrap a list in an object named after its element.
    static func records(
        _ items: [(item: RecordTask.Item, code: Int)], count: Int, hasEnded: Bool, version: String,
        requestID: String
    ) -> LoopbackAnswer {
        let body: JSONValue = [
            "code": "200", "message": "successful", "requestId": .text(requestID),
            "success": true, "count": .integer(count), "overallStatus": hasEnded ? 0 : 1,
            "data": .list(items.map { record($0.item, code: $0.code) }),
        ]
        return .json(body.asSent(capitalised: version != "2016-08-01"))
    }

    /// A failure that the older API tells with HTTP 200.
    static func failure(_ code: String, _ message: String, requestID: String) -> LoopbackAnswer {
        .json([
            "Code": .text(code), "Message": .text(message), "RequestId": .text(requestID),
            "Success": false,
        ])
    }

    private static func record(_ item: RecordTask.Item, code: Int) -> JSONValue {
        let names = ["新建", "语音转换中", "语音转换完成"]
        var members: [JSONValue.Member] = [.init("tid", .text(item.tid))]
        guard names.indices.contains(code) else {
            members += (item.form.members ?? []).filter { $0.name != "tid" }
            return .object(members)
        }
        members.append(.init("statusCode", .integer(code)))
        members.append(.init("statusMsg", .text(names[code])))
        if code == 1 { members.append(.init("asrResult", ["asrstatus": "RUNNING"])) }
        if code == 2, let result = item.form["asrResult"] {
            members.append(.init("asrResult", result))
        }
        return .object(members)
    }
}

extension JSONValue {
    /// The names and wrappers of the wire.
    fileprivate func asSent(capitalised: Bool) -> JSONValue {
        switch self {
        case .list(let elements):
            return .list(elements.map { $0.asSent(capitalised: capitalised) })
        case .object(let members):
            return .object(
                members.map { member in
                    let upper = member.name.prefix(1).uppercased() + member.name.dropFirst()
                    var value = member.value.asSent(capitalised: capitalised)
                    if case .list = value, let wrapper = Self.wrappers[upper] {
                        value = .object([Member(wrapper, value)])
                    }
                    return Member(capitalised ? upper : member.name, value)
                })
        default: return self
        }
    }

    private static let wrappers = [
        "Data": "TaskAsrResult", "SentenceResults": "SentenceResult",
    ]
}
