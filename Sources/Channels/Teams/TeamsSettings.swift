package import Networking
import Pipeline

extension TeamsChannel {
    /// What the settings say of a workflow, checked.
    package struct Settings: Sendable {
        /// Opaque, and sent byte by byte as given: its query is signed.
        package let endpoint: Endpoint
        let mentions: Mentions

        /// The most people of one message.
        package static let mostPeople = 50

        /// Checks them all.
        ///
        /// The address is that of a flow with the trigger "When a Teams webhook request is
        /// received", set to be called by anyone.
        package init(
            url: String, mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try Endpoint(url, allowing: ranges)
            guard !endpoint.authority.lowercased().contains(".webhook.office.com") else {
                throw ChannelSettingsError(
                    "url",
                    .wrong(
                        Bilingual(
                            "Office 365 连接器已停用", "connectors of Office 365 have been retired"),
                        hint: Bilingual(
                            "在 Teams 的“工作流”里新建 webhook，用它的地址",
                            "make a webhook in Workflows of Teams, and use its address")))
            }
            let target = endpoint.target
            try SettingsCheck.address(
                ["/workflows/", "/triggers/", "sig="].allSatisfy { target.contains($0) },
                sample: "https://….logic.azure.com/workflows/…/triggers/manual/paths/invoke?…&sig=…"
            )
            try mentions.check(
                most: Self.mostPeople,
                form: Bilingual(
                    "写 zhang@contoso.com 或 张三 <zhang@contoso.com>",
                    "write zhang@contoso.com or Zhang San <zhang@contoso.com>")
            ) { people in
                people.users.allSatisfy { TeamsPerson($0) != nil }
            }
            self.mentions = mentions
        }
    }
}
