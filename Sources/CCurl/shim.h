// What Swift cannot call of libcurl: its variadic functions, one `static inline` function for each
// type of argument.
// https://curl.se/libcurl/c/curl_easy_setopt.html
#pragma once

#include <curl/curl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

// Spelt CURLOPT_MAIL_RCPT_ALLLOWFAILS before 8.2.0 and CURLOPT_MAIL_RCPT_ALLOWFAILS since.
static const CURLoption CCURL_MAIL_RCPT_ALLOWFAILS = (CURLoption)290;

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

// CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION, CURLOPT_READFUNCTION
static inline CURLcode ccurl_set_data_function(
    CURL *easy, CURLoption option, size_t (*function)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(easy, option, function);
}

// CURLOPT_OPENSOCKETFUNCTION
static inline CURLcode ccurl_set_open_socket_function(
    CURL *easy, curl_opensocket_callback function) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
}

// CURLOPT_CLOSESOCKETFUNCTION
static inline CURLcode ccurl_set_close_socket_function(
    CURL *easy, curl_closesocket_callback function) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, function);
}

// CURLOPT_PREREQFUNCTION
static inline CURLcode ccurl_set_before_request_function(
    CURL *easy, curl_prereq_callback function) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

// CURLOPT_XFERINFOFUNCTION
static inline CURLcode ccurl_set_progress_function(CURL *easy, curl_xferinfo_callback function) {
    return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, function);
}

static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// CURLMOPT_SOCKETFUNCTION and CURLMOPT_SOCKETDATA
static inline void ccurl_multi_set_socket_function(
    CURLM *multi, curl_socket_callback function, void *context) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
}

// CURLMOPT_TIMERFUNCTION and CURLMOPT_TIMERDATA
static inline void ccurl_multi_set_timer_function(
    CURLM *multi, curl_multi_timer_callback function, void *context) {
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

// Looks at all transfers. Deprecated as the only way of working, for what it costs.
static inline CURLMcode ccurl_multi_look_at_all(CURLM *multi) {
    int running = 0;
    CURL_IGNORE_DEPRECATION(return curl_multi_socket_all(multi, &running);)
}

// The result of a transfer that has ended: a member of a union, which Swift reads as raw bytes.
static inline CURLcode ccurl_message_result(const CURLMsg *message) {
    return message->data.result;
}

// Copies the address that a socket is to be opened for, and returns its length: 4, 16, or 0 for
// another family. Here, because `addr` is longer than its declared type for IPv6.
static inline int ccurl_address_bytes(
    const struct curl_sockaddr *address, unsigned char bytes[16]) {
    if (address->family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)&address->addr)->sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)&address->addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

// Keeps SIGPIPE from the calling thread. With CURLOPT_NOSIGNAL libcurl does not: a TLS library that
// writes to a closed connection would end the program.
static inline void ccurl_block_pipe_signal(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

// Has the system wake the calling thread without pushing aside what runs where it is to run. A
// thread that serves many connections then finds several answers when its turn comes, where it
// would be woken for each and push aside the very server that is writing the next. Threads that it
// starts work so, too. Elsewhere than on Linux, where the system refuses, and where the operator has
// chosen another policy, things stay as they are.
// https://man7.org/linux/man-pages/man7/sched.7.html
static inline void ccurl_work_in_batches(void) {
#ifdef __linux__
    const int batch = 3;  // SCHED_BATCH, which <sched.h> shows to GNU C alone
    struct sched_param parameters = {0};
    if (sched_getscheduler(0) == SCHED_OTHER) sched_setscheduler(0, batch, &parameters);
#endif
}
