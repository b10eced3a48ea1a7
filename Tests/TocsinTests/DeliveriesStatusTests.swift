import CEL
import Pipeline
import Testing

@testable import tocsin

/// What `deliveries status` says of a channel.
struct DeliveriesStatusTests {
    static let now = Pipeline.Timestamp(milliseconds: 1_700_000_000_000)
    static let parking = Parking(
        subject: .channel("hook"), until: now + .seconds(600), reason: "too fast", count: 1,
        isRefusal: false)

    static func status(
        absence: String? = nil, trouble: ChannelTrouble? = nil, parking: Parking? = nil
    ) -> ChannelStatus {
        ChannelStatus(
            ChannelBacklog(channel: "hook"), absence: absence, trouble: trouble, parking: parking)
    }

    static func trouble(isRefusal: Bool = false, isPaused: Bool = false) -> ChannelTrouble {
        ChannelTrouble(
            channel: "hook", since: now, failures: 1, reason: "HTTP 503", isRefusal: isRefusal,
            pause: isPaused ? ChannelTrouble.Pause(until: now + .seconds(5)) : nil)
    }

    @Test("The state says why nothing is sent")
    func states() {
        #expect(Self.status().state == "on")
        #expect(Self.status(parking: Self.parking).state == "parked")
        #expect(Self.status(trouble: Self.trouble(), parking: nil).state == "on")
        #expect(Self.status(trouble: Self.trouble(isPaused: true)).state == "failing")
        #expect(Self.status(trouble: Self.trouble(isRefusal: true)).state == "refused")
        #expect(Self.status(absence: "disabled", parking: Self.parking).state == "disabled")
    }

    @Test("A failure before it does not hide that the service asked for a rest")
    func parkedAfterFailure() {
        let status = Self.status(trouble: Self.trouble(), parking: Self.parking)
        #expect(status.state == "parked")
        #expect(status.reason == "too fast")
        #expect(status.until == Self.parking.until.rfc3339)
    }

    @Test("Every state has its word in Chinese")
    func words() {
        for status in [
            Self.status(), Self.status(parking: Self.parking),
            Self.status(trouble: Self.trouble(isPaused: true)),
            Self.status(trouble: Self.trouble(isRefusal: true)), Self.status(absence: "disabled"),
            Self.status(absence: "not in the settings"),
        ] {
            #expect(status.shownState(in: .english) == status.state)
            #expect(status.shownState(in: .chinese).allSatisfy { !$0.isASCII })
        }
    }
}
