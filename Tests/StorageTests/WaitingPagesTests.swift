import GRDB
import Pipeline
import TestSupport
import Testing

@testable import Storage

/// Long lists of what waits, read page by page: as a command that changes all of them does.
@Suite("Pages of deliveries that wait")
struct WaitingPagesTests {
    static func waiting() -> [Delivery] {
        (0..<50).map { number in
            // Of each moment several, saved in another order than they are listed in.
            Delivery(
                id: Delivery.ID("d-\(number * 37 % 50 + 100)"),
                group: Samples.key(channel: number.isMultiple(of: 3) ? "mail" : "hook"),
                message: Message(body: "\(number)", alerts: [Samples.alert().id]),
                createdAt: at(Int64(number / 9)), state: .waiting(dueAt: at(Int64(number % 7))))
        }
    }

    @Test("They come newest first, each once and whole", arguments: StoreRig.all)
    func pages(rig: StoreRig) async throws {
        let all = Self.waiting()
        let expected = all.sorted { ($1.createdAt, $0.id.text) < ($0.createdAt, $1.id.text) }
        try await rig.run { store in
            try await store.save(deliveries: all + [Samples.delivery("dead").dead])
            for channel in [nil, "hook"] {
                var (query, found) = (
                    DeliveryQuery(channel: channel, kind: .waiting, limit: 7), [Delivery]()
                )
                repeat {
                    let page = try await store.read { [query] reader throws(StoreError) in
                        try reader.deliveries(query)
                    }
                    found += page
                    query.after = page.count == 7 ? page.last.map(DeliveryQuery.Place.init) : nil
                } while query.after != nil
                #expect(found == expected.filter { channel == nil || $0.channel == channel })
            }
        }
    }

    @Test("A page reads what its deliveries carry, and not what all that wait carry")
    func plan() async throws {
        let store = try SQLiteStore()
        let steps = try await store.write { transaction throws(StoreError) -> [String] in
            let (sql, values) = SQLSession.listing(DeliveryQuery(channel: "hook", kind: .waiting))
            return try (transaction as? SQLSession)?.rows(
                "EXPLAIN QUERY PLAN \(sql)", values + [500.databaseValue], while: "explaining"
            ) { row throws(StoreError) in try row.text(3) } ?? []
        }
        let sorted = try #require(steps.firstIndex { $0.contains("ORDER BY") }, "\(steps)")
        let carried = try #require(
            steps.firstIndex { $0.contains("SEARCH delivery_values") }, "\(steps)")
        #expect(sorted < carried, "\(steps)")
    }
}

extension Delivery {
    /// It, given up.
    fileprivate var dead: Delivery {
        var delivery = self
        delivery.state = .dead(reason: "x")
        return delivery
    }
}
