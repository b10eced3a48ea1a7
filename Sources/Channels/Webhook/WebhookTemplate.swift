import CEL
import Pipeline

/// A text of the operator's with `{{ expressions }}` over alerts in it: a body, or the value of a
/// header.
package struct WebhookTemplate: Sendable {
    enum Piece: Sendable {
        /// As it is sent; what `${…}` brought into it may be secret.
        case fixed(Secret)
        case hole(Hole)
    }

    struct Hole: Sendable {
        let program: Program
        /// Where its source starts in the template's text, in UTF-8 bytes.
        let offset: Int
        let form: Form
    }

    /// What becomes of a value.
    enum Form: Hashable, Sendable {
        /// A whole value of JSON.
        case jsonValue
        /// Text, escaped as the kind of body wants it.
        case text(BodyKind)
        /// Text in one line.
        case header
    }

    /// Why a template gave no text; it repeats nothing of the alerts.
    enum Failure: Error, Hashable {
        case evaluation(source: String, offset: Int, EvaluationError)
        case tooLarge(limit: Int)
        /// The message is not one of this program's.
        case noAlerts
    }

    let pieces: [Piece]
    /// What must not be shown when a receiver repeats it.
    let secrets: [Secret]
    /// Whether it is about one alert, so that every alert needs a message of its own.
    let readsOneAlert: Bool

    /// The most bytes of a template's text, and of one that is rendered.
    package static let textLimit = 32 << 10
    static let renderedLimit = 256 << 10
    /// The most expressions of a template.
    package static let holeLimit = 100
    /// The work that one expression may take, in the language's units.
    static let costLimit = 200_000

    init(pieces: [Piece], secrets: [String]) {
        self.pieces = pieces
        self.secrets = secrets.map { Secret($0) }
        readsOneAlert = pieces.contains { piece in
            if case .hole(let hole) = piece { hole.program.usage.reads("alert") } else { false }
        }
    }

    var holeCount: Int {
        pieces.count { if case .hole = $0 { true } else { false } }
    }

    /// All but the values.
    var fixedText: String {
        pieces.map { piece in
            if case .fixed(let text) = piece { text.value } else { "" }
        }.joined()
    }

    /// The text with its values.
    func rendered(_ activation: Activation) throws(Failure) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .fixed(let fixed): text += fixed.value
            case .hole(let hole):
                do throws(EvaluationError) {
                    text += try hole.text(activation)
                } catch {
                    throw .evaluation(
                        source: hole.program.source, offset: hole.offset, error)
                }
            }
            guard text.utf8.count <= Self.renderedLimit else {
                throw .tooLarge(limit: Self.renderedLimit)
            }
        }
        return text
    }
}

extension WebhookTemplate.Hole {
    /// What one header gets of a value at most, in bytes.
    static let headerLimit = 512

    /// The value as it stands in the text; a label that is not there is empty, or `null`.
    func text(_ activation: Activation) throws(EvaluationError) -> String {
        do throws(EvaluationError) {
            return try program.withResult(
                activation, budget: Budget(cost: WebhookTemplate.costLimit)
            ) { view throws(EvaluationStop) in
                switch form {
                case .jsonValue: try Self.json(view)
                case .text(let kind): kind.escaped(ValueText.text(of: try view.value()))
                case .header:
                    PlainText.line(ValueText.text(of: try view.value()))
                        .prefix(bytes: Self.headerLimit)
                }
            }
        } catch {
            guard error.code == "no-such-key" else { throw error }
            return form == .jsonValue ? "null" : ""
        }
    }

    private static func json(_ view: View) throws(EvaluationStop) -> String {
        switch view.kind {
        case .optional, .opaque: JSONText.value(try view.value())
        default: JSONText.value(try view.tape().root)
        }
    }
}
