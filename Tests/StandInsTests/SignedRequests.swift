import Foundation
import Pipeline

@testable import StandIns

/// The moment that requests of the tests are made at, unless they say otherwise.
let noon = Timestamp(milliseconds: 1_795_233_600_000)  // 2026-11-21T04:00:00Z

/// A request signed with ACS3, before something is done to it.
struct ACS3Request {
    var method = "GET"
    var path = "/ccai/app/getTaskResult"
    var query: [(String, String)] = []
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var credentials = CloudCredentials.test

    /// GetTaskResult.
    init(task id: String, fields: String? = "asr_result", at now: Timestamp = noon, nonce: String) {
        query = [("taskId", id)]
        if let fields { query.append(("requiredFieldList", fields)) }
        sign("GetTaskResult", "2024-06-03", now, nonce)
    }

    /// GetAudioDataStatus by POST.
    init(
        question: JSONValue, version: String = "2019-01-15", asForm: Bool = false,
        at now: Timestamp = noon, nonce: String
    ) {
        method = "POST"
        path = "/"
        if asForm {
            headers["content-type"] = "application/x-www-form-urlencoded"
            body = Array("JsonStr=\(escaped(question.spelling))".utf8)
        } else {
            query = [("JsonStr", question.spelling)]
        }
        sign("GetAudioDataStatus", version, now, nonce)
    }

    private mutating func sign(
        _ action: String, _ version: String, _ now: Timestamp, _ nonce: String
    ) {
        headers["host"] = "127.0.0.1:80"
        headers["x-acs-action"] = action
        headers["x-acs-version"] = version
        headers["x-acs-date"] = now.rfc3339
        headers["x-acs-signature-nonce"] = nonce
        headers["x-acs-content-sha256"] = Digest.sha256(body)
        signAgain()
    }

    /// Signs what is there now.
    mutating func signAgain() {
        let names = headers.keys.filter { $0 != "authorization" }.sorted()
        let signature = CloudSignatures.acs3(
            secret: credentials.accessKeySecret, method: method, path: path,
            query: FormPair.decode(Array(rawQuery.utf8)),
            signedHeaders: names.map { ($0, [headers[$0] ?? ""]) },
            payloadHash: Digest.sha256(body)
        ).signature
        headers["authorization"] =
            "ACS3-HMAC-SHA256 Credential=\(credentials.accessKeyID),"
            + "SignedHeaders=\(names.joined(separator: ";")),Signature=\(signature)"
    }

    var rawQuery: String {
        query.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }

    var target: String { query.isEmpty ? path : "\(path)?\(rawQuery)" }

    var request: LoopbackRequest {
        LoopbackRequest(
            method: method, target: target, headers: headers.mapValues { [$0] }, body: body)
    }
}

/// GetAudioDataStatus with the older RPC signature.
func legacyRequest(
    question: JSONValue, method: String = "GET", at now: Timestamp = noon, nonce: String,
    changing changes: [String: String] = [:]
) -> LoopbackRequest {
    var parameters = [
        "Action": "GetAudioDataStatus", "Version": "2019-01-15", "Format": "JSON",
        "AccessKeyId": CloudCredentials.test.accessKeyID, "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0", "SignatureNonce": nonce, "Timestamp": now.rfc3339,
        "JsonStr": question.spelling,
    ]
    parameters.merge(changes) { $1 }
    var query = parameters.map { "\(escaped($0.key))=\(escaped($0.value))" }
        .joined(separator: "&")
    let signature = CloudSignatures.legacyRPC(
        secret: CloudCredentials.test.accessKeySecret, method: method,
        parameters: FormPair.decode(Array(query.utf8))
    ).signature
    query += "&Signature=\(escaped(signature))"
    return LoopbackRequest(method: method, target: "/?\(query)")
}

private func escaped(_ text: String) -> String {
    let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
    return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
}

extension LoopbackAnswer {
    /// The body, parsed; null when it is no JSON.
    var json: JSONValue { (try? JSONReader.read(body)) ?? .null }
}

/// Golden data: in the folder that `TOCSIN_DATA` names, else beside the repository.
enum GoldenData {
    static func url(_ path: String) -> URL {
        if let folder = ProcessInfo.processInfo.environment["TOCSIN_DATA"] {
            return URL(fileURLWithPath: folder).appendingPathComponent(path)
        }
        return URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("../shared/data/\(path)").standardizedFileURL
    }

    static func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path)
    }

    static func read(_ path: String) throws -> JSONValue {
        try JSONReader.read(Array(Data(contentsOf: url(path))))
    }
}
