import Channels
import Clouds
import Logging
import Networking
import Pipeline

/// Joins the parts by the settings: the one place that knows them all.
struct Assembly: Sendable {
    let parts: WatcherParts
    private let transport: CurlTransport

    init(_ workspace: Workspace, store: any Store, logger: Logger) {
        let settings = workspace.settings
        let transport = Self.transport(settings.network)
        let context = MessageContext(language: settings.language, zone: HostZone.offset)
        self.transport = transport
        parts = WatcherParts(
            store: store, clock: SystemClock(),
            sources: settings.sources.map { Self.source($0, transport) },
            outlets: settings.channels.filter(\.isEnabled).map {
                Self.outlet($0, context, transport)
            },
            routes: settings.routes, rules: workspace.rules, keep: settings.keep,
            language: settings.language.ofFindings,
            longestSleep: .seconds(1), logger: logger)
    }

    /// Ends what is on the wire, and the transport's threads.
    func shutdown() async { await transport.shutdown() }

    static func transport(
        _ network: NetworkSettings
    ) -> CurlTransport {
        var configuration = CurlTransport.Configuration()
        configuration.userAgent = "tocsin/\(Version.text)"
        configuration.connection = network.connection
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
        var retrying = settings.retrying
        retrying.language = context.language.ofFindings
        return Outlet(
            name: settings.name,
            channel: settings.plan.channel(
                named: settings.name, context: context,
                transport: transport.connecting(by: settings.connection)),
            retrying: retrying, messagesPerMinute: settings.messagesPerMinute,
            concurrency: settings.plan.concurrency, fallback: settings.fallback,
            // A mail has threads of its own, and takes longer to make.
            executor: settings.plan is EmailChannel.Settings ? nil : transport.executor)
    }
}

/// A cloud that `sources test` can ask a harmless question.
protocol ProbedCloud: Cloud {
    func probe(at now: Timestamp) async -> CloudProbe
}

extension AliyunCCAI: ProbedCloud {}
extension AliyunQualitycheck: ProbedCloud {}
