#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One value: the layout of CEL's Cell while a tape is being filled.
typedef struct {
    uint64_t bits;
    uint32_t length;
    uint32_t tag;
} csimdjson_cell;

/// What csimdjson_parse found wrong.
enum {
    CSIMDJSON_OK = 0,
    CSIMDJSON_EMPTY,
    CSIMDJSON_TOO_LARGE,
    CSIMDJSON_TOO_DEEP,
    CSIMDJSON_UTF8,
    CSIMDJSON_NUMBER,
    CSIMDJSON_MALFORMED,
    CSIMDJSON_MEMORY
};

/// A parsed document: cells, the bytes of all texts and names, and the names as cells.
///
/// The memory is the calling thread's own and holds until its next call of csimdjson_parse.
typedef struct {
    const csimdjson_cell *cells;
    size_t cell_count;
    const uint8_t *bytes;
    size_t byte_count;
    const csimdjson_cell *names;
    size_t name_count;
} csimdjson_document;

/// How many readable bytes must follow a buffer for it to be parsed in place.
size_t csimdjson_padding(void);

/// Parses one JSON document.
///
/// `capacity` says how many bytes at `bytes` may be read; when fewer than csimdjson_padding()
/// follow the document, it is copied first. `depth_limit` is the deepest nesting of arrays and
/// objects, `name_limit` the most different member names.
int32_t csimdjson_parse(const uint8_t *bytes, size_t length, size_t capacity, size_t depth_limit,
                        size_t name_limit, csimdjson_document *document);

#ifdef __cplusplus
}
#endif

#endif
