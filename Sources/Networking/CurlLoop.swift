import CCurl

/// What one curl thread does: take orders, let libcurl work, answer what has ended, wait.
///
/// Nothing here is shared: the thread owns it, and the ``Inbox`` is its only door.
final class CurlLoop {
    private let inbox: Inbox
    private let sockets: SocketTable
    private let configuration: CurlTransport.Configuration
    private let transfersAtOnce: Int
    /// Runs a step of a task.
    private let run: (UnownedJob) -> Void

    /// A request that libcurl works on.
    private struct Job {
        let order: Order
        let exchange: HTTPExchange
        let transfer: Transfer
    }

    /// What libcurl works on, by the identity of the tickets.
    private var underWay: [ObjectIdentifier: Job] = [:]
    /// Orders for which there was no room yet, in their order.
    private var waiting: ArraySlice<Order> = []
    /// Transfers without an order; the one used last is used first.
    private var idle: [Transfer] = []

    private var nextSweep = ContinuousClock.now

    /// How often all transfers are looked at, for what libcurl has overlooked: it does not watch the
    /// clock of one that waits for a connection to become free.
    private static let sweepInterval: Duration = .milliseconds(250)
    /// How long past its time a transfer may go on, so that libcurl's own notice, which knows more,
    /// comes first.
    private static let sweepGrace: Duration = .milliseconds(100)
    private static let longestWait: Duration = .seconds(60)
    private static let mostIdle = 64

    init(
        inbox: Inbox, sockets: SocketTable, configuration: CurlTransport.Configuration,
        transfersAtOnce: Int, run: @escaping (UnownedJob) -> Void
    ) {
        self.inbox = inbox
        self.sockets = sockets
        self.configuration = configuration
        self.transfersAtOnce = transfersAtOnce
        self.run = run
    }

    /// Runs until the inbox says stop, and answers everything.
    func run(on multi: inout MultiHandle) {
        inbox.opens(multi.waker)
        while !inbox.isStopping {
            let mail = inbox.take()
            for job in mail.jobs { run(job) }
            accept(mail, on: multi)
            // What the tasks have left.
            if !mail.jobs.isEmpty { accept(inbox.takeOrders(), on: multi) }
            startWaiting(on: multi)
            let sweeps = isTimeToSweep()
            perform(on: &multi, sweeping: sweeps)
            if sweeps { endLate(on: multi) }
            startWaiting(on: multi)
            wait(on: &multi)
        }
        stop(on: multi)
    }

    private func perform(on multi: inout MultiHandle, sweeping: Bool) {
        do {
            if sweeping { try multi.lookAtAll() }
            try multi.perform()
            while let (transfer, result) = multi.nextEnded() {
                guard let ticket = transfer.ticket else { continue }
                conclude(ticket, transfer.ending(result), on: multi)
            }
        } catch {
            failAll(error, on: multi)
        }
    }

    private func wait(on multi: inout MultiHandle) {
        // Also when there is mail: what is ready meanwhile takes its turn with it.
        guard inbox.fallAsleep() else { return multi.wait(atMost: .zero) }
        let isBusy = !underWay.isEmpty || !waiting.isEmpty
        multi.wait(atMost: isBusy ? Self.sweepInterval : Self.longestWait)
        inbox.wokeUp()
    }

    // MARK: Orders

    private func accept(_ mail: Inbox.Mail, on multi: borrowing MultiHandle) {
        waiting += mail.orders
        for ticket in mail.cancelled { cancel(ticket, on: multi) }
    }

    private func startWaiting(on multi: borrowing MultiHandle) {
        while underWay.count < transfersAtOnce, let order = waiting.popFirst() {
            start(order, on: multi)
        }
    }

    private func start(_ order: Order, on multi: borrowing MultiHandle) {
        let exchange = HTTPExchange(
            order.request, defaults: configuration, answer: order.answer)
        let transfer: Transfer
        do throws(TransportError) {
            if let last = idle.popLast() {
                transfer = last
            } else {
                transfer = try Transfer(sockets: sockets, stopping: inbox.stopping)
            }
        } catch {
            return refuse(order, error)
        }
        do throws(TransportError) {
            try transfer.prepare(exchange, for: order.ticket, until: order.deadline)
            try multi.add(transfer)
            underWay[ObjectIdentifier(order.ticket)] = Job(
                order: order, exchange: exchange, transfer: transfer)
        } catch {
            exchange.concludes(.failed(error))
            inbox.answered()
            retire(transfer)
        }
    }

    private func cancel(_ ticket: Ticket, on multi: borrowing MultiHandle) {
        if underWay[ObjectIdentifier(ticket)] != nil {
            conclude(ticket, .failed(.cancelled), on: multi)
        } else if let place = waiting.firstIndex(where: { $0.ticket === ticket }) {
            refuse(waiting.remove(at: place), .cancelled)
        }
        // Else it has ended in the meantime.
    }

    private func refuse(_ order: Order, _ error: TransportError) {
        inbox.answered()
        order.refuse(error)
    }

    // MARK: Ends

    private func conclude(_ ticket: Ticket, _ ending: Ending, on multi: borrowing MultiHandle) {
        guard let job = underWay.removeValue(forKey: ObjectIdentifier(ticket)) else { return }
        multi.remove(job.transfer)
        job.exchange.concludes(ending)
        inbox.answered()
        retire(job.transfer)
    }

    private func retire(_ transfer: Transfer) {
        transfer.clear()
        if idle.count < Self.mostIdle { idle.append(transfer) }
    }

    private func isTimeToSweep() -> Bool {
        guard !underWay.isEmpty || !waiting.isEmpty else { return false }
        let now = ContinuousClock.now
        guard now >= nextSweep else { return false }
        nextSweep = now + Self.sweepInterval
        return true
    }

    /// Ends what is over its time.
    private func endLate(on multi: borrowing MultiHandle) {
        let limit = ContinuousClock.now - Self.sweepGrace
        for job in underWay.values where job.order.deadline < limit {
            conclude(job.order.ticket, .failed(.timeIsUp), on: multi)
        }
        while let place = waiting.firstIndex(where: { $0.deadline < limit }) {
            refuse(waiting.remove(at: place), .timeIsUp)
        }
    }

    /// libcurl itself has failed, which means no memory: nothing under way can be trusted to end.
    private func failAll(_ error: TransportError, on multi: borrowing MultiHandle) {
        for job in underWay.values { conclude(job.order.ticket, .failed(error), on: multi) }
    }

    /// Ends everything with `stopped`.
    private func stop(on multi: borrowing MultiHandle) {
        failAll(.stopped, on: multi)
        let mail = inbox.closes()
        for order in waiting + mail.orders { refuse(order, .stopped) }
        waiting = []
        for job in mail.jobs { run(job) }
    }
}
