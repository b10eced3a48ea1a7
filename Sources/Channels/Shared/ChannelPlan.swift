package import Networking
package import Pipeline

/// Checked settings that know their channel.
package protocol ChannelPlan: Sendable {
    /// What the service documents, for a channel that names no rate of its own; nil: no limit.
    var messagesPerMinute: Int? { get }
    /// Sends under way at once; 1 keeps the order of a message's parts.
    var concurrency: Int { get }
    /// What must never be stored or shown, even if the service repeats it.
    var secrets: [String] { get }

    func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel
}

extension ChannelPlan {
    package var messagesPerMinute: Int? { nil }
    package var concurrency: Int { 1 }
}
