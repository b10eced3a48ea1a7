// RE2 behind functions that Swift can call. https://github.com/google/re2/blob/main/re2/re2.h
#ifndef TOCSIN_CRE2_H
#define TOCSIN_CRE2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern; made by cre2_compile, freed by cre2_free, used by many threads at a time.
typedef struct cre2_pattern cre2_pattern;

/// Compiles UTF-8 text. Returns NULL when the pattern is refused, and then writes the reason, ended by
/// a zero byte and cut to fit, into `reason`.
///
/// `memory_limit` is the most memory in bytes that the pattern's programs may take.
cre2_pattern *cre2_compile(const uint8_t *text, size_t length, int64_t memory_limit,
                           char *reason, size_t reason_capacity);

void cre2_free(cre2_pattern *pattern);

/// The number of capturing groups.
int32_t cre2_group_count(const cre2_pattern *pattern);

/// The number of instructions of the compiled pattern.
int32_t cre2_program_size(const cre2_pattern *pattern);

/// Whether the pattern is found anywhere in the text.
int32_t cre2_matches(const cre2_pattern *pattern, const uint8_t *text, size_t length);

/// The first match at or after `start`. `ranges` has room for 2 * count numbers: start and end of the
/// whole match, then of each group; -1 for a group that took no part. Returns 1 when there is one.
int32_t cre2_find(const cre2_pattern *pattern, const uint8_t *text, size_t length, size_t start,
                  int64_t *ranges, int32_t count);

#ifdef __cplusplus
}
#endif

#endif
