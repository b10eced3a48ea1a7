package import Networking
package import Pipeline

/// A Microsoft Teams channel behind a workflow (Power Automate) that takes Adaptive Cards.
///
/// The flow answers before the card is shown, so a card that is too long or not sound is lost
/// without a word: what is sent here is neither.
package struct Teams: Service {
    /// Opaque, and sent byte by byte as given: its query is signed.
    package let endpoint: Endpoint
    let mentions: Mentions

    /// Checks them all.
    ///
    /// The address is that of a flow with the trigger "When a Teams webhook request is
    /// received", set to be called by anyone.
    package init(
        url: String, mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try Endpoint(url, allowing: ranges)
        guard !endpoint.authority.lowercased().contains(".webhook.office.com") else {
            throw SettingsError(
                "url",
                wrong: Bilingual(
                    "Office 365 连接器已停用", "connectors of Office 365 have been retired"),
                hint: Bilingual(
                    "在 Teams 的“工作流”里新建 webhook，用它的地址",
                    "make a webhook in Workflows of Teams, and use its address"))
        }
        let target = endpoint.target
        try SettingsCheck.address(
            ["/workflows/", "/triggers/", "sig="].allSatisfy { target.contains($0) },
            sample: "https://….logic.azure.com/workflows/…/triggers/manual/paths/invoke?…&sig=…"
        )
        try mentions.check(
            most: Mentions.most,
            form: Bilingual(
                "写 zhang@contoso.com 或 张三 <zhang@contoso.com>",
                "write zhang@contoso.com or Zhang San <zhang@contoso.com>")
        ) { people in
            people.users.allSatisfy { TeamsPerson($0) != nil }
        }
        self.mentions = mentions
    }
}

extension Teams {
    /// Within the four a second and sixty in half a minute that the service documents; its limits
    /// of an hour and of a day are told by 429.
    package var messagesPerMinute: Int? { 60 }
    package var verdict: any ServiceVerdict.Type { TeamsVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        TeamsFormat(mentions: mentions, context: context)
    }
}
