package import Networking
package import Pipeline

extension WebhookChannel.Settings: ChannelPlan {
    /// Webhooks are quick, and ours may come in any order.
    package var concurrency: Int { 8 }

    package var secrets: [String] {
        endpoint.secrets + keys.map(\.secret.value) + (hubSecret.map { [$0.value] } ?? [])
            + headers.map(\.value.value) + content.secrets
    }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        WebhookChannel(name: name, settings: self, context: context, transport: transport)
    }
}
