import Foundation
import Pipeline

/// What one code of a service means: a row of its verdict table.
struct VerdictRow: Sendable {
    enum Class: Hashable, Sendable {
        case delivered
        /// It may work later.
        case busy
        /// The whole channel is to rest for so long.
        case throttled(Duration)
        /// This message will never be taken.
        case message
        /// None will be taken until the settings change.
        case channel
    }

    let kind: Class
    let meaning: String

    init(_ kind: Class, _ meaning: String) {
        self.kind = kind
        self.meaning = meaning
    }

    /// `said` is the code and the service's own words.
    func outcome(_ said: String, wish: Duration? = nil, at now: Timestamp) -> Outcome {
        let explained = "\(meaning) (\(said))"
        let wish = wish.map { min($0, HTTPVerdict.longestPause) }
        return switch kind {
        case .delivered: .delivered(answer: said)
        case .busy: .unavailable(retryAfter: wish, answer: explained)
        case .throttled(let pause):
            .throttled(
                until: now + min(max(wish ?? .zero, pause), HTTPVerdict.longestPause),
                answer: explained)
        case .message: .refusedMessage(reason: explained)
        case .channel: .refusedChannel(reason: explained)
        }
    }
}

/// A number that some documents show as a text.
struct LooseInt: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            value = number
        } else if let number = Int(try container.decode(String.self)) {
            value = number
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "it is no whole number")
        }
    }
}
