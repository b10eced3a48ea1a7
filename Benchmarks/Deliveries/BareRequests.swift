import CCurl
import Foundation
import Networking

/// What libcurl itself takes for the same requests: one thread, one multi handle, as many easy
/// handles as the channel has sends under way, and nothing looked at but the status.
///
/// https://curl.se/libcurl/c/libcurl-multi.html
enum BareRequests {
    static func pace(_ requests: [HTTPRequest], concurrency: Int) async throws -> Pace {
        var failed = 0
        let pace = await Pace.of(requests.count) {
            failed = send(requests, concurrency: concurrency)
        }
        guard failed == 0 else {
            throw InputError(reason: "libcurl failed with \(failed) requests")
        }
        return pace
    }

    /// Sends them all; returns how many were not answered with success.
    private static func send(_ requests: [HTTPRequest], concurrency: Int) -> Int {
        guard let multi = curl_multi_init() else { return requests.count }
        defer { curl_multi_cleanup(multi) }
        var queue = requests[...]
        var slots: [OpaquePointer: Slot] = [:]
        for request in queue.prefix(concurrency) {
            let slot = Slot()
            guard let handle = slot.handle else { return requests.count }
            slot.load(request)
            slots[OpaquePointer(handle)] = slot
            curl_multi_add_handle(multi, handle)
        }
        queue = queue.dropFirst(concurrency)
        var failed = 0
        var running: Int32 = 0
        repeat {
            curl_multi_perform(multi, &running)
            var left: Int32 = 0
            while let message = curl_multi_info_read(multi, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle
                else { continue }
                var status = 0
                _ = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
                if ccurl_message_result(message) != CURLE_OK || !(200..<300).contains(status) {
                    failed += 1
                }
                curl_multi_remove_handle(multi, handle)
                guard let request = queue.popFirst() else { continue }
                slots[OpaquePointer(handle)]?.load(request)
                curl_multi_add_handle(multi, handle)
                running += 1
            }
            if running > 0 { curl_multi_poll(multi, nil, 0, 1000, nil) }
        } while running > 0
        for slot in slots.values { curl_multi_remove_handle(multi, slot.handle) }
        return failed
    }

    /// One easy handle, which keeps its options from one request to the next.
    private final class Slot {
        let handle = curl_easy_init()
        private var headers: UnsafeMutablePointer<curl_slist>?

        init() {
            guard let handle else { return }
            _ = ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
            _ = ccurl_set_long(handle, CURLOPT_POST, 1)
            _ = ccurl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in
                size * count
            }
        }

        deinit {
            curl_easy_cleanup(handle)
            curl_slist_free_all(headers)
        }

        func load(_ request: HTTPRequest) {
            guard let handle else { return }
            _ = ccurl_set_string(handle, CURLOPT_URL, request.url)
            _ = ccurl_set_offset(
                handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            request.body.withUnsafeBytes { body in
                _ = ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, body.baseAddress)
            }
            curl_slist_free_all(headers)
            headers = nil
            for header in request.headers {
                headers = curl_slist_append(headers, "\(header.name): \(header.value)")
            }
            for line in ["Expect:", "Accept:", "User-Agent: tocsin"] {
                headers = curl_slist_append(headers, line)
            }
            _ = ccurl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        }
    }
}
