import CCurl
import Dispatch
import Foundation
import Synchronization

/// What libcurl itself takes for the same mails: an easy handle for each session, mail after mail,
/// with nothing kept and nothing looked at but whether it worked.
enum BareMails {
    static func pace(_ bodies: [[UInt8]], to port: Int, sessions: Int) async throws -> Pace {
        let next = Atomic(0)
        let failures = Atomic(0)
        let pace = await Pace.of(bodies.count) {
            DispatchQueue.concurrentPerform(iterations: sessions) { _ in
                let session = Session(port: port)
                while true {
                    let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard place < bodies.count else { break }
                    if !session.send(bodies[place]) {
                        failures.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
        }
        let failed = failures.load(ordering: .relaxed)
        guard failed == 0 else { throw InputError(reason: "libcurl failed with \(failed) mails") }
        return pace
    }

    /// One easy handle, as its manual shows it.
    private final class Session {
        private let handle: UnsafeMutableRawPointer?
        private let recipients = curl_slist_append(nil, "qa@example.com")
        private var body: [UInt8] = []
        private var sent = 0

        init(port: Int) {
            handle = curl_easy_init()
            guard let handle else { return }
            _ = ccurl_set_string(handle, CURLOPT_URL, "smtp://127.0.0.1:\(port)/example.com")
            _ = ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
            _ = ccurl_set_string(handle, CURLOPT_MAIL_FROM, "tocsin@example.com")
            _ = ccurl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
            _ = ccurl_set_long(handle, CURLOPT_UPLOAD, 1)
            let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
            _ = ccurl_set_pointer(handle, CURLOPT_READDATA, context)
            _ = ccurl_set_data_function(handle, CURLOPT_READFUNCTION) {
                start, size, count, context in
                guard let start, let context else { return 0 }
                return Unmanaged<Session>.fromOpaque(context).takeUnretainedValue()
                    .copy(to: UnsafeMutableRawBufferPointer(start: start, count: size * count))
            }
        }

        deinit {
            curl_easy_cleanup(handle)
            curl_slist_free_all(recipients)
        }

        func send(_ body: [UInt8]) -> Bool {
            guard let handle else { return false }
            self.body = body
            sent = 0
            _ = ccurl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(body.count))
            return curl_easy_perform(handle) == CURLE_OK
        }

        private func copy(to buffer: UnsafeMutableRawBufferPointer) -> Int {
            let part = body[sent...].prefix(buffer.count)
            buffer.copyBytes(from: part)
            sent = part.endIndex
            return part.count
        }
    }
}
