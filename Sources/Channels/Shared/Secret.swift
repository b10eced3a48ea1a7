/// A text that is never shown: a signing key, a password, a URL that is one.
package struct Secret: Hashable, Sendable {
    /// For signing, for the wire, and for taking it out of texts; for nothing else.
    package let value: String

    package init(_ value: String) {
        self.value = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }

    package var debugDescription: String { description }

    /// Without children, because `dump` and test reports print what a mirror shows.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
