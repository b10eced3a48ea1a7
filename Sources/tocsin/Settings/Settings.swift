import CEL
import Channels
import Clouds
import Networking
import Pipeline

/// What `tocsin.yaml` says, checked.
struct Settings: Sendable {
    /// Of messages.
    var language = MessageContext.Language.chinese
    /// Whether the file names it.
    var namesLanguage = false
    /// The file of the store, absolute.
    var storePath: String
    /// Rule files and folders, absolute.
    var rulePaths: [String]
    var network = NetworkSettings()
    var keep = Keep()
    var sources: [SourceSettings] = []
    var channels: [ChannelSettings] = []
    /// Every channel that the file names, also one that cannot be used here, and whether it is on.
    var switches: [String: Bool] = [:]
    var routes: [Route] = []
}

struct SourceSettings: Sendable {
    enum Kind: Sendable {
        case ccai(AliyunCCAI.Settings)
        case qualitycheck(AliyunQualitycheck.Settings)
    }

    var name: String
    var kind: Kind
    /// Nil: the default chain.
    var credentials: FixedCredentials?
    var schedule: PollSchedule
    var queriesPerSecond: Int
    var queriesPerMinute: Int
}

struct ChannelSettings: Sendable {
    var name: String
    var plan: any ChannelPlan
    var retrying: Retrying
    /// Nil: no limit.
    var messagesPerMinute: Int?
    /// Whether anything is sent; what comes for a channel that is off waits.
    var isEnabled = true
    /// The channel that is told of this one's trouble, and gets its dead letters.
    var fallback: String?
    /// Nil: that of all channels.
    var connection: ConnectionSettings?
}

extension MessageContext.Language {
    /// The same as the rule language and the pipeline name it.
    var ofFindings: Language { self == .chinese ? .chinese : .english }
}
