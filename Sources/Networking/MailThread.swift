import CCurl
import Dispatch
import Foundation

/// A thread that hands over mails, one at a time, with a libcurl handle of its own.
///
/// The handle keeps its sessions from mail to mail. It must be a thread because libcurl waits for
/// the reply to the end of a message inside the call: see ``MailExchange``.
final class MailThread: Sendable {
    private let bell = DispatchSemaphore(value: 0)

    /// The most sessions kept: one for each login at the server.
    private static let mostSessions = 4

    func start(in lane: MailLane) {
        let thread = Thread {
            Thread.current.name = "tocsin-mail"
            self.main(lane)
        }
        thread.start()
    }

    func wake() { bell.signal() }

    /// Whether it was woken up before the time was over.
    func sleeps(atMost time: DispatchTimeInterval) -> Bool {
        bell.wait(timeout: .now() + time) == .success
    }

    private func main(_ lane: MailLane) {
        ccurl_block_pipe_signal()
        // libcurl closes kept sessions, and tells the table, when the handle ends.
        let sockets = SocketTable()
        withExtendedLifetime(sockets) {
            let sessions = MailSessions()
            var kept: Transfer?
            while let order = lane.next(for: self) {
                do throws(TransportError) {
                    let transfer = try Self.transfer(kept, sockets, lane.stopping)
                    kept = transfer
                    Self.send(order, by: transfer, sessions, lane)
                } catch {
                    lane.answer(order, .failure(error))
                }
            }
            sockets.stopReading()
        }
        lane.ended()
    }

    private static func transfer(
        _ kept: Transfer?, _ sockets: SocketTable, _ stopping: StopFlag
    ) throws(TransportError) -> Transfer {
        if let kept { return kept }
        return try Transfer(sockets: sockets, stopping: stopping)
    }

    private static func send(
        _ order: MailOrder, by transfer: Transfer, _ sessions: MailSessions, _ lane: MailLane
    ) {
        let exchange = MailExchange(
            order.mail, message: order.message, defaults: lane.configuration, sessions: sessions,
            answer: { lane.answer(order, $0) })
        var ending: Ending
        repeat {
            do throws(TransportError) {
                try transfer.prepare(exchange, for: order.ticket, until: order.deadline)
                try transfer.handle.attachUpload(to: transfer)
                try transfer.handle.set(CURLOPT_MAXCONNECTS, mostSessions)
                if exchange.hasRestarted { try transfer.handle.set(CURLOPT_FRESH_CONNECT, 1) }
                guard !transfer.isUnwanted else { throw transfer.whyUnwanted }
                ending = transfer.perform()
            } catch {
                ending = .failed(error)
            }
        } while !exchange.concludes(ending)
        transfer.clear()
    }
}

extension Transfer {
    /// Does all of it, and waits for its end.
    fileprivate func perform() -> Ending {
        let result = handle.perform()
        if result == CURLE_ABORTED_BY_CALLBACK && isUnwanted { return .failed(whyUnwanted) }
        return ending(result)
    }
}
