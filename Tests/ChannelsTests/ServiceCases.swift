import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// The golden `cases` of a service: what a request for each of the six alerts must be.
///
/// They judge any rendering, so ours, of the same alert.
struct ServiceCases {
    struct Case {
        let name: String
        let alert: String
        let expectations: [[String: Any]]
    }

    let cases: [Case]

    /// Only the cases whose alert is not resolved: an alert about a call has no end.
    init(_ channel: String) throws {
        let entries = try #require(
            try GoldenReplies.object(channel)["cases"] as? [[String: Any]])
        cases = try entries.map { entry in
            Case(
                name: try #require(entry["name"] as? String),
                alert: try #require(entry["alert"] as? String),
                expectations: try #require(entry["expect"] as? [[String: Any]]))
        }
    }

    /// Judges the request of each case; `except` names what does not hold for ours, and the test
    /// says why.
    func check(
        least: Int, named prefix: String = "", except: Set<String> = [],
        request: (Alert) throws -> HTTPRequest
    ) throws {
        let alerts = try Golden.alerts()
        var count = 0
        for golden in cases where golden.alert != "basic_resolved" && golden.name.hasPrefix(prefix)
        {
            let request = try request(try #require(alerts[golden.alert]))
            for expectation in golden.expectations {
                let at = try #require(expectation["at"] as? String)
                let operation = try #require(expectation["op"] as? String)
                guard !except.contains(at), !except.contains("\(at) \(operation)") else {
                    continue
                }
                let found = Self.value(at, in: request)
                let holds = try Self.holds(operation, expectation["value"], found)
                #expect(holds, "\(golden.name): \(at) \(operation)")
                count += 1
            }
        }
        #expect(count >= least)
    }

    static func value(_ pointer: String, in request: HTTPRequest) -> Any? {
        let names = pointer.split(separator: "/").map(String.init)
        guard let first = names.first else { return nil }
        switch first {
        case "method": return request.method.rawValue
        case "path": return URLComponents(string: request.url)?.percentEncodedPath
        case "query":
            let items = URLComponents(string: request.url)?.queryItems
            return items?.first { $0.name == names.last }?.value
        case "headers": return request.headers.first { $0.isNamed(names[1]) }?.value
        default:
            var value = try? JSONSerialization.jsonObject(
                with: Data(request.body), options: .fragmentsAllowed)
            for name in names.dropFirst() {
                if let list = value as? [Any], let index = Int(name), list.indices.contains(index) {
                    value = list[index]
                } else {
                    value = (value as? [String: Any])?[name]
                }
            }
            return value
        }
    }

    static func holds(_ operation: String, _ wanted: Any?, _ found: Any?) throws -> Bool {
        let text = found as? String ?? ""
        let number = wanted as? Int ?? 0
        switch operation {
        case "equals": return same(found, wanted)
        case "absent": return found == nil
        case "exists": return found != nil
        case "oneOf": return (wanted as? [Any] ?? []).contains { same($0, found) }
        case "contains": return text.contains(wanted as? String ?? "?")
        case "notContains": return !text.contains(wanted as? String ?? "?")
        case "matches", "notMatches":
            let pattern = try NSRegularExpression(pattern: wanted as? String ?? "(")
            let range = NSRange(text.startIndex..., in: text)
            let matches = pattern.firstMatch(in: text, range: range) != nil
            return matches == (operation == "matches")
        case "minChars": return text.unicodeScalars.count >= number
        case "maxChars": return text.unicodeScalars.count <= number
        case "maxBytes": return text.utf8.count <= number
        case "maxJSONBytes":
            let data = try JSONSerialization.data(withJSONObject: try #require(found))
            return data.count <= number
        case "type":
            return switch wanted as? String {
            case "string": found is String
            case "array": found is [Any]
            default: false
            }
        case "telegramEntities":
            return text.matches(of: /<([a-z]+)[^>]*>/).count == text.matches(of: /<\/[a-z]+>/).count
        default:
            Issue.record("unknown operation \(operation)")
            return false
        }
    }

    private static func same(_ left: Any?, _ right: Any?) -> Bool {
        (left as? NSObject).map { $0.isEqual(right) } ?? (right == nil)
    }
}
