import Pipeline

/// What the cloud knows and decides, without a clock and without a socket: one request in, one
/// decision out.
///
/// What takes time (hashing, writing replies) is done outside of it.
struct CloudState: Sendable {
    private(set) var tasks: CloudTasks
    private(set) var counters = CloudCounters()
    private(set) var nonces = NonceMemory()
    private var faults: FaultSource
    private var generator: SplitMix64

    init(tasks: CloudTasks, faults: Faults) {
        self.tasks = tasks
        self.faults = FaultSource(faults)
        generator = SplitMix64(seed: faults.seed, stream: "request ids", number: 0)
    }

    /// The answer to be written.
    struct Decision: Sendable {
        enum Content: Sendable {
            case refusal(CloudRefusal)
            /// Of the older API, with HTTP 200.
            case failure(code: String, message: String)
            case call(CallTask, status: String, hasEnded: Bool, withTranscript: Bool)
            case records(
                [(item: RecordTask.Item, code: Int)], count: Int, hasEnded: Bool, version: String)
        }

        let requestID: String
        let content: Content
        var fault: Fault?
        /// For a throttled client; 0 for none.
        var retryAfterMilliseconds = 0
    }

    mutating func decide(
        on request: LoopbackRequest, verified: Result<SignedCall, CloudRefusal>,
        at now: Timestamp
    ) -> Decision {
        counters.requests += 1
        counters.add(Admission.scheme(of: request).rawValue, to: \.schemes)
        let requestID = generator.identifier()
        do {
            let call = try verified.get()
            try nonces.admit(date: call.date, nonce: call.nonce, at: now)
            counters.add("\(call.action) \(call.version)", to: \.apis)
            if let attempts = request.header("x-acs-retry-attempts") {
                counters.add(attempts, to: \.retryAttempts)
            }
            let fault = faults.next()
            if let fault { counters.add(fault.rawValue, to: \.faults) }
            if let refusal = Self.refusal(for: fault, action: call.action) {
                counters.add("fault", to: \.outcomes)
                return Decision(
                    requestID: requestID, content: .refusal(refusal), fault: fault,
                    retryAfterMilliseconds: faults.faults.retryAfterMilliseconds)
            }
            let content = try answer(to: call, request: request)
            counters.add(fault == nil ? "ok" : "fault", to: \.outcomes)
            return Decision(requestID: requestID, content: content, fault: fault)
        } catch {
            counters.add(error)
            return Decision(requestID: requestID, content: .refusal(error))
        }
    }

    /// Counts a reply as it left.
    mutating func sent(_ answer: LoopbackAnswer) {
        guard answer.ending != .reset else { return }
        counters.add(String(answer.status), to: \.statuses)
        counters.bytesOut += answer.body.count
    }

    private mutating func answer(
        to call: SignedCall, request: LoopbackRequest
    ) throws(CloudRefusal) -> Decision.Content {
        switch call.action {
        case "GetTaskResult"
        where request.method == "GET" && request.path == "/ccai/app/getTaskResult":
            try Self.require(call.version, among: ["2024-06-03"])
            return try taskResult(call.parameters)
        case "GetAudioDataStatus"
        where ["GET", "POST"].contains(request.method) && request.path == "/":
            try Self.require(call.version, among: ["2019-01-15", "2016-08-01"])
            return try audioDataStatus(call)
        default:
            throw CloudRefusal(
                status: 404,
                code: request.path == "/" ? "InvalidAction.NotFound" : "InvalidApi.NotFound",
                message: "Specified api is not found, please check your url and method.")
        }
    }

    private mutating func taskResult(
        _ parameters: [FormPair]
    ) throws(CloudRefusal) -> Decision.Content {
        let id = parameters.first("taskId") ?? ""
        guard !id.unicodeScalars.trimmingWhitespace.isEmpty else {
            throw CloudRefusal(
                status: 403, code: "CCAI.ParamNotfound.MissParam",
                message: "Parameter verification failed, "
                    + "The specified parameter taskId is missing.")
        }
        let fields = (parameters.first("requiredFieldList") ?? "").split(separator: ",")
        guard fields.allSatisfy({ ["asr_result", "debug"].contains($0) }) else {
            throw CloudRefusal(
                status: 400, code: "CCAI.ParamInvalid.IllegalParamValue",
                message: "The parameter value of the request API is illegal requiredFieldList.")
        }
        let polled = tasks.withCall(id) { task in
            let (status, hasEnded) = task.poll()
            return (task: task, status: status, hasEnded: hasEnded)
        }
        guard let polled else {
            throw CloudRefusal(
                status: 400, code: "CCAI.InvalidParam.NotExist",
                message: "The specified parameter taskId is not valid.")
        }
        counters.add("ccai \(polled.status)", to: \.states)
        if polled.hasEnded { counters.addEnd(times: polled.task.timesEnded) }
        return .call(
            polled.task, status: polled.status, hasEnded: polled.hasEnded,
            withTranscript: fields.contains("asr_result"))
    }

    private mutating func audioDataStatus(
        _ call: SignedCall
    ) throws(CloudRefusal) -> Decision.Content {
        guard let text = call.parameters.first("JsonStr") else {
            throw CloudRefusal(
                status: 400, code: "MissingJsonStr",
                message: "JsonStr is mandatory for this action.")
        }
        guard let question = try? JSONReader.read(Array(text.utf8)), question.members != nil else {
            return .failure(code: "InvalidJsonStr", message: "jsonStr is not a json object")
        }
        let wanted = question["tid"]?.text ?? ""
        let appKey = question["appKey"]?.text
        let polled = tasks.withRecord(question["taskId"]?.text ?? "") { task in
            guard task.appKey == nil || task.appKey == appKey else { return nil as PolledRecords? }
            return PolledRecords(&task, tid: wanted)
        }
        // An unknown task is no error: right after an upload there is nothing to be told yet.
        guard let known = polled else {
            return .records([], count: 0, hasEnded: true, version: call.version)
        }
        guard let polled = known else {
            throw CloudRefusal(
                status: 403, code: "AccessDenied",
                message: "User has no access to the given task.")
        }
        for record in polled.records { counters.add("qc \(record.code)", to: \.states) }
        if polled.hasEnded { counters.addEnd(times: polled.timesEnded) }
        return .records(
            polled.records, count: polled.count, hasEnded: polled.hasEnded, version: call.version)
    }

    private struct PolledRecords {
        var records: [(item: RecordTask.Item, code: Int)] = []
        let count: Int
        let hasEnded: Bool
        let timesEnded: Int

        /// Polls all records of the task, or the one of that `tid`.
        init(_ task: inout RecordTask, tid: String) {
            for index in task.items.indices where tid.isEmpty || task.items[index].tid == tid {
                let code = task.items[index].poll()
                records.append((task.items[index], code))
            }
            count = task.items.count
            hasEnded = records.allSatisfy { $0.code == $0.item.finalCode }
            if hasEnded && !records.isEmpty { task.timesEnded += 1 }
            timesEnded = task.timesEnded
        }
    }

    private static func require(
        _ version: String, among known: [String]
    ) throws(CloudRefusal) {
        guard !known.contains(version) else { return }
        throw CloudRefusal(
            status: 404, code: "InvalidVersion",
            message: "Specified parameter Version is not valid.")
    }

    /// What a fault says in place of the answer, where it says anything.
    private static func refusal(for fault: Fault?, action: String) -> CloudRefusal? {
        switch fault {
        case .throttled where action == "GetTaskResult":
            CloudRefusal(
                status: 400, code: "CCAI.Throttling.Qps",
                message: "Trigger current QPS limit, pay API please buy higher QPS.")
        case .throttled:
            CloudRefusal(
                status: 400, code: "Throttling.User",
                message: "Request was denied due to user flow control.")
        case .failed where action == "GetTaskResult":
            CloudRefusal(
                status: 500, code: "CCAI.InternalError",
                message: "The request processing has failed due to some unknown error.")
        case .failed:
            CloudRefusal(
                status: 500, code: "InternalError",
                message: "The request processing has failed due to some unknown error.")
        case .reset:
            // Nothing of it leaves; the poll must not move the task.
            CloudRefusal(status: 503, code: "Reset", message: "")
        case .cut, nil: nil
        }
    }
}

/// What was asked and how it was answered, under the names of `/__stats`.
struct CloudCounters: Sendable {
    var requests = 0
    var bytesOut = 0
    var replays = 0
    var skewed = 0
    var badSignatures = 0
    var unsignedHeaders = 0
    /// A client that goes on polling what has ended shows here.
    var pollsAfterTerminal = 0
    var terminalTold = 0
    var outcomes: [String: Int] = [:]
    var apis: [String: Int] = [:]
    var schemes: [String: Int] = [:]
    var statuses: [String: Int] = [:]
    var faults: [String: Int] = [:]
    var rejections: [String: Int] = [:]
    var states: [String: Int] = [:]
    var retryAttempts: [String: Int] = [:]

    /// The most different keys under one name: clients choose some of them.
    static let keyLimit = 100

    mutating func add(_ key: String, to path: WritableKeyPath<CloudCounters, [String: Int]>) {
        let isKnown = self[keyPath: path][key] != nil
        let name = isKnown || self[keyPath: path].count < Self.keyLimit ? key : "other"
        self[keyPath: path][name, default: 0] += 1
    }

    mutating func add(_ refusal: CloudRefusal) {
        guard let reason = refusal.reason else {
            add("apiError", to: \.outcomes)
            return
        }
        add("rejected", to: \.outcomes)
        add(reason, to: \.rejections)
        switch reason {
        case "replay": replays += 1
        case "skew": skewed += 1
        case "signature": badSignatures += 1
        case "unsignedHeader": unsignedHeaders += 1
        default: break
        }
    }

    mutating func addEnd(times: Int) {
        if times > 1 { pollsAfterTerminal += 1 } else { terminalTold += 1 }
    }
}
