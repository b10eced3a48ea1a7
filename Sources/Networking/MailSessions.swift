/// What is known of the open sessions with mail servers, so that a kept one carries no mail that it
/// must not.
///
/// libcurl does not compare all of this when it takes a kept connection: an `smtp:` session in the
/// clear would do for it where STARTTLS is required, and one without a login after a failed one.
final class MailSessions {
    struct Terms: Hashable {
        var security: MailServer.Security
        var credentials: MailCredentials?
        var connection: ConnectionSettings
    }

    private struct Session {
        var terms: Terms
        var takesInternational: Bool
    }

    private var known: [Connection: Session] = [:]

    /// Forgetting is safe, as an unknown session is not used; so closed ones are forgotten in bulk.
    private static let mostKnown = 256

    func opened(_ connection: Connection, _ terms: Terms, takesInternational: Bool) {
        if known.count >= Self.mostKnown { known = [:] }
        known[connection] = Session(terms: terms, takesInternational: takesInternational)
    }

    func isOpen(_ connection: Connection, on terms: Terms) -> Bool {
        known[connection]?.terms == terms
    }

    /// Whether the server offered SMTPUTF8.
    func takesInternational(_ connection: Connection) -> Bool {
        known[connection]?.takesInternational == true
    }
}
