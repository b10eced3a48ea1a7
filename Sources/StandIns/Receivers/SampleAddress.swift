extension Receipt.Service {
    /// What a channel's `url` has behind the stand-in's host and port.
    ///
    /// The last piece is the key, where the address has one.
    package var samplePath: String {
        switch self {
        case .webhook: "/webhook/demo"
        case .dingtalk: "/robot/send?access_token=demo"
        case .feishu: "/open-apis/bot/v2/hook/demo"
        case .wecom: "/cgi-bin/webhook/send?key=demo"
        case .slack: "/services/T0/B0/demo"
        case .teams:
            "/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?sig=demo"
        case .discord: "/api/v10/webhooks/1/demo"
        case .mattermost: "/hooks/abcdefghijklmnopqrstuvwxyz"
        case .rocketchat: "/hooks/abcdefghijklmnopq/abcdefghijklmnopqrstuvwxyz"
        case .ntfy: "/ntfy"
        case .apprise: "/notify/demo"
        case .telegram, .matrix, .pagerduty, .alertmanager: ""
        }
    }
}

extension ReceiverStandIn {
    /// The `url` of a channel for each service, by its name in the settings.
    package var addresses: [String: String] {
        get async throws {
            let base = "http://127.0.0.1:\(try await port)"
            return Dictionary(
                uniqueKeysWithValues: Receipt.Service.allCases.map {
                    ($0.rawValue, base + $0.samplePath)
                })
        }
    }
}
