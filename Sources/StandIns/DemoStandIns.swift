/// The outside world of `tocsin demo`: the clouds, a webhook and a DingTalk robot, and a mail
/// server.
///
/// ```swift let world = try DemoStandIns() try await withStandIns(world.all) { let settings = try
/// await world.addresses } ```
package struct DemoStandIns: Sendable {
    package let cloud: CloudStandIn
    package let receiver: ReceiverStandIn
    package let mail: MailStandIn

    /// Where everything listens; secrets included, since they are worth nothing.
    package struct Addresses: Hashable, Sendable {
        /// The endpoint of both sources.
        package let cloud: String
        package let webhook: String
        package let robot: String
        package let mail: String
    }

    package static let appKey = "app-1"
    package static let credentials = CloudCredentials.test
    package static let webhookSecret = "whsec_dG9jc2luLWRlbW8tc2VjcmV0LW9mLW5vLXZhbHVl"
    package static let robotSecret = "SECdemo0000000000000000000000000000"
    package static let robotToken = "demo"
    package static let robotKeyword = "质检"

    /// The tasks of a seed; 32 calls and 12 records hold every kind of trouble.
    package init(
        calls: Int = 32, records: Int = 12, seed: UInt64 = 1
    ) throws(StandInError) {
        let tasks = try GeneratedTasks(
            calls: calls, records: records, seed: seed, appKey: Self.appKey
        ).tasks
        cloud = CloudStandIn(tasks: tasks, credentials: [Self.credentials])
        var options = ReceiverOptions()
        options.webhookSecret = Self.webhookSecret
        options.rules[.dingtalk] = ReceiverOptions.Rules(
            key: Self.robotToken, secret: Self.robotSecret, keyword: Self.robotKeyword)
        receiver = try ReceiverStandIn(options: options)
        mail = MailStandIn()
    }

    /// For `withStandIns`.
    package var all: [any StandIn] { [cloud, receiver, mail] }

    /// The addresses, once all listen.
    package var addresses: Addresses {
        get async throws {
            let receiverAddress = "http://127.0.0.1:\(try await receiver.port)"
            return Addresses(
                cloud: "http://127.0.0.1:\(try await cloud.port)",
                webhook: "\(receiverAddress)/webhook/demo",
                robot: "\(receiverAddress)/robot/send?access_token=\(Self.robotToken)",
                mail: "smtp://127.0.0.1:\(try await mail.port)")
        }
    }
}
