#include "cre2.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

struct cre2_pattern {
  RE2 re;
  cre2_pattern(const re2::StringPiece &text, const RE2::Options &options) : re(text, options) {}
};

namespace {

re2::StringPiece piece(const uint8_t *text, size_t length) {
  return re2::StringPiece(reinterpret_cast<const char *>(text), length);
}

void write_reason(const std::string &reason, char *out, size_t capacity) {
  if (capacity == 0) return;
  size_t length = std::min(reason.size(), capacity - 1);
  std::memcpy(out, reason.data(), length);
  out[length] = 0;
}

}  // namespace

// No exception may reach Swift, so running out of memory is a refusal too.

extern "C" cre2_pattern *cre2_compile(const uint8_t *text, size_t length, int64_t memory_limit,
                                      char *reason, size_t reason_capacity) try {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory_limit);
  cre2_pattern *pattern = new cre2_pattern(piece(text, length), options);
  if (pattern->re.ok()) return pattern;
  write_reason(pattern->re.error(), reason, reason_capacity);
  delete pattern;
  return nullptr;
} catch (const std::bad_alloc &) {
  write_reason("out of memory", reason, reason_capacity);
  return nullptr;
}

extern "C" void cre2_free(cre2_pattern *pattern) { delete pattern; }

extern "C" int32_t cre2_group_count(const cre2_pattern *pattern) {
  return pattern->re.NumberOfCapturingGroups();
}

extern "C" int32_t cre2_program_size(const cre2_pattern *pattern) {
  return pattern->re.ProgramSize();
}

extern "C" int32_t cre2_matches(const cre2_pattern *pattern, const uint8_t *text, size_t length) try {
  return pattern->re.Match(piece(text, length), 0, length, RE2::UNANCHORED, nullptr, 0) ? 1 : 0;
} catch (const std::bad_alloc &) {
  return 0;
}

extern "C" int32_t cre2_find(const cre2_pattern *pattern, const uint8_t *text, size_t length,
                             size_t start, int64_t *ranges, int32_t count) try {
  if (start > length || count < 0) return 0;
  std::vector<re2::StringPiece> groups(count);
  re2::StringPiece whole = piece(text, length);
  if (!pattern->re.Match(whole, start, length, RE2::UNANCHORED, groups.data(), count)) return 0;
  for (int32_t index = 0; index < count; index++) {
    bool absent = groups[index].data() == nullptr;
    ranges[2 * index] = absent ? -1 : groups[index].data() - whole.data();
    ranges[2 * index + 1] = absent ? -1 : ranges[2 * index] + (int64_t)groups[index].size();
  }
  return 1;
} catch (const std::bad_alloc &) {
  return 0;
}
