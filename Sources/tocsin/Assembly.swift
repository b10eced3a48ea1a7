import Channels
import Clouds
import Logging
import Networking
import Pipeline

/// Joins the parts by the settings: the one place that knows them all.
struct Assembly: Sendable {
    let parts: WatcherParts
    private let transport: CurlTransport

    /// Sends under way at once: webhooks are quick, mails share few connections, a robot keeps
    /// the order of a message's parts.
    private static let webhookConcurrency = 8
    private static let mailConcurrency = 2

    init(_ workspace: Workspace, store: any Store, logger: Logger) {
        let settings = workspace.settings
        let transport = Self.transport(settings.network)
        let context = MessageContext(language: settings.language, zone: HostZone.offset)
        self.transport = transport
        parts = WatcherParts(
            store: store, clock: SystemClock(),
            sources: settings.sources.map { Self.source($0, transport) },
            outlets: settings.channels.map { Self.outlet($0, context, transport) },
            routes: settings.routes, rules: workspace.rules, keep: settings.keep,
            longestSleep: .seconds(1), logger: logger)
    }

    /// Ends what is on the wire, and the transport's threads.
    func shutdown() async { await transport.shutdown() }

    static func transport(
        _ network: NetworkSettings
    ) -> CurlTransport {
        var configuration = CurlTransport.Configuration()
        configuration.userAgent = "tocsin/\(Version.text)"
        configuration.caFile = network.caFile
        configuration.proxy = network.proxy
        return CurlTransport(configuration)
    }

    static func source(_ settings: SourceSettings, _ transport: any Transport) -> Source {
        Source(
            name: settings.name, cloud: cloud(settings, transport), schedule: settings.schedule,
            queriesPerSecond: settings.queriesPerSecond,
            queriesPerMinute: settings.queriesPerMinute)
    }

    static func cloud(
        _ settings: SourceSettings, _ transport: any Transport
    ) -> any ProbedCloud {
        let credentials: any CredentialsProvider = settings.credentials ?? CredentialsChain()
        switch settings.kind {
        case .ccai(let own):
            return AliyunCCAI(own, credentials: credentials, transport: transport)
        case .qualitycheck(let own):
            return AliyunQualitycheck(own, credentials: credentials, transport: transport)
        }
    }

    static func outlet(
        _ settings: ChannelSettings, _ context: MessageContext, _ transport: any Transport
    ) -> Outlet {
        let channel = channel(settings, context, transport)
        let concurrency =
            switch settings.kind {
            case .webhook: webhookConcurrency
            case .email: mailConcurrency
            case .service(let plan): plan.concurrency
            default: 1
            }
        return Outlet(
            name: settings.name, channel: channel, retrying: settings.retrying,
            messagesPerMinute: settings.messagesPerMinute, concurrency: concurrency)
    }

    private static func channel(
        _ settings: ChannelSettings, _ context: MessageContext, _ transport: any Transport
    ) -> any Channel {
        let name = settings.name
        return switch settings.kind {
        case .webhook(let own):
            WebhookChannel(name: name, settings: own, context: context, transport: transport)
        case .dingTalk(let own):
            DingTalkChannel(name: name, settings: own, context: context, transport: transport)
        case .feishu(let own):
            FeishuChannel(name: name, settings: own, context: context, transport: transport)
        case .weCom(let own):
            WeComChannel(name: name, settings: own, context: context, transport: transport)
        case .slack(let own):
            SlackChannel(name: name, settings: own, context: context, transport: transport)
        case .teams(let own):
            TeamsChannel(name: name, settings: own, context: context, transport: transport)
        case .discord(let own):
            DiscordChannel(name: name, settings: own, context: context, transport: transport)
        case .email(let own):
            EmailChannel(name: name, settings: own, context: context, transport: transport)
        case .service(let plan):
            plan.channel(named: name, context: context, transport: transport)
        }
    }
}

/// A cloud that `sources test` can ask a harmless question.
protocol ProbedCloud: Cloud {
    func probe(at now: Timestamp) async -> CloudProbe
}

extension AliyunCCAI: ProbedCloud {}
extension AliyunQualitycheck: ProbedCloud {}
