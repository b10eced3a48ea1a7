#include "csimdjson.h"

#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include <simdjson.h>

namespace {

namespace dom = simdjson::dom;

// The kinds of CEL's Cell, in the low byte of a tag.
enum Kind : uint32_t {
    Null = 1, Bool = 2, Int = 3, UInt = 4, Double = 5, String = 6, List = 10, Object = 12
};

// What a thread may keep between two documents; larger buffers are given back.
constexpr size_t retained_bytes = 1 << 20;

const uint64_t hash_seed = [] {
    std::random_device device;
    return (static_cast<uint64_t>(device()) << 32 | device()) | 1;
}();

uint64_t mix(uint64_t value) {
    using Wide = unsigned __int128;
    Wide product = static_cast<Wide>(value) * (0x9E3779B97F4A7C15u ^ hash_seed);
    return static_cast<uint64_t>(product >> 64) ^ static_cast<uint64_t>(product);
}

uint64_t hash(std::string_view text) {
    uint64_t state = hash_seed ^ text.size();
    size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        uint64_t word;
        std::memcpy(&word, text.data() + at, 8);
        state = mix(state ^ word);
    }
    uint64_t rest = 0;
    if (at < text.size()) std::memcpy(&rest, text.data() + at, text.size() - at);
    return mix(state ^ rest);
}

template <typename Word>
bool sameWord(const uint8_t *left, const char *right) {
    Word a, b;
    std::memcpy(&a, left, sizeof(Word));
    std::memcpy(&b, right, sizeof(Word));
    return a == b;
}

// Names are short, so that a call of memcmp would cost more than the comparison.
bool same(const uint8_t *left, std::string_view right) {
    size_t count = right.size(), at = 0;
    if (count >= 8) {
        for (; at + 8 <= count; at += 8)
            if (!sameWord<uint64_t>(left + at, right.data() + at)) return false;
        return sameWord<uint64_t>(left + count - 8, right.data() + count - 8);
    }
    if (count >= 4)
        return sameWord<uint32_t>(left, right.data())
            && sameWord<uint32_t>(left + count - 4, right.data() + count - 4);
    for (; at < count; at++)
        if (left[at] != static_cast<uint8_t>(right[at])) return false;
    return true;
}

// Texts are copied in blocks of so many bytes: from and to where as many may follow.
constexpr size_t block = 16;

// Turns simdjson's own tape (its tape.md) into the buffers of one of ours; reused from document to
// document.
class Writer {
  public:
    std::vector<csimdjson_cell> cells;
    std::vector<csimdjson_cell> names;
    std::unique_ptr<uint8_t[]> bytes;
    size_t byte_count = 0;

    // `length` is that of the source: texts only get shorter when their escapes are resolved.
    int32_t write(const dom::document &document, size_t length, size_t depth_limit,
                  size_t name_limit) {
        if (capacity_ < length) {
            bytes.reset(new uint8_t[length + block]);
            capacity_ = length;
        }
        byte_count = 0;
        cells.clear();
        names.clear();
        pending_.clear();
        followers_.assign(1, 0);
        last_name_ = 0;
        marks_.assign(1, 0);
        objects_ = 0;
        table_.assign(64, 0);
        names.push_back(csimdjson_cell{0, 0, String});
        limit_ = name_limit;
        status_ = CSIMDJSON_OK;
        // The first word is the tape's own.
        next_ = document.tape.get() + 1;
        texts_ = document.string_buf.get();
        csimdjson_cell cell = value(depth_limit);
        cells.push_back(cell);
        return status_;
    }

    void release() {
        if (capacity_ + cells.capacity() * sizeof(csimdjson_cell) <= retained_bytes) return;
        *this = Writer();
    }

  private:
    std::vector<csimdjson_cell> pending_;
    std::vector<uint32_t> table_;
    std::vector<uint64_t> marks_;
    // The name that came after each name the last time: mostly the one that comes after it again.
    std::vector<uint32_t> followers_;
    uint32_t last_name_ = 0;
    size_t capacity_ = 0;
    uint64_t objects_ = 0;
    size_t limit_ = 0;
    int32_t status_ = CSIMDJSON_OK;
    // The next word of simdjson's tape, and its texts: four bytes of length before each.
    const uint64_t *next_ = nullptr;
    const uint8_t *texts_ = nullptr;

    std::string_view read(uint64_t word) const {
        const uint8_t *start = texts_ + (word & simdjson::internal::JSON_VALUE_MASK);
        uint32_t length;
        std::memcpy(&length, start, 4);
        return {reinterpret_cast<const char *>(start) + 4, length};
    }

    csimdjson_cell text(std::string_view text) {
        if (text.size() > capacity_ - byte_count) {
            status_ = CSIMDJSON_MALFORMED;
            return {0, 0, Null};
        }
        csimdjson_cell cell{byte_count, static_cast<uint32_t>(text.size()), String};
        // A call of memcpy would cost more than most texts. simdjson's texts have padding behind them.
        uint8_t *start = bytes.get() + byte_count;
        for (size_t at = 0; at < text.size(); at += block)
            std::memcpy(start + at, text.data() + at, block);
        byte_count += text.size();
        return cell;
    }

    csimdjson_cell value(size_t depth) {
        uint64_t word = *next_++;
        switch (static_cast<simdjson::internal::tape_type>(word >> 56)) {
        case simdjson::internal::tape_type::START_ARRAY: return array(depth);
        case simdjson::internal::tape_type::START_OBJECT: return object(depth);
        case simdjson::internal::tape_type::STRING: return text(read(word));
        case simdjson::internal::tape_type::INT64: return {*next_++, 0, Int};
        case simdjson::internal::tape_type::UINT64: return {*next_++, 0, UInt};
        case simdjson::internal::tape_type::DOUBLE: return {*next_++, 0, Double};
        case simdjson::internal::tape_type::TRUE_VALUE: return {1, 0, Bool};
        case simdjson::internal::tape_type::FALSE_VALUE: return {0, 0, Bool};
        default: return {0, 0, Null};
        }
    }

    // Whether the list or object goes on; if not, its end is passed.
    bool goesOn(simdjson::internal::tape_type end) {
        if (static_cast<simdjson::internal::tape_type>(*next_ >> 56) != end) return true;
        next_++;
        return false;
    }

    csimdjson_cell array(size_t depth) {
        if (depth == 0) {
            status_ = CSIMDJSON_TOO_DEEP;
            return {0, 0, Null};
        }
        size_t first = pending_.size();
        while (goesOn(simdjson::internal::tape_type::END_ARRAY)) {
            csimdjson_cell cell = value(depth - 1);
            pending_.push_back(cell);
            if (status_ != CSIMDJSON_OK) break;
        }
        return container(List, first);
    }

    csimdjson_cell object(size_t depth) {
        if (depth == 0) {
            status_ = CSIMDJSON_TOO_DEEP;
            return {0, 0, Null};
        }
        size_t first = pending_.size();
        while (goesOn(simdjson::internal::tape_type::END_OBJECT)) {
            uint32_t number = name(read(*next_++));
            csimdjson_cell cell = value(depth - 1);
            cell.tag |= number << 8;
            pending_.push_back(cell);
            if (status_ != CSIMDJSON_OK) break;
        }
        dropRepeated(first);
        return container(Object, first);
    }

    // Of members with one name the last stays. Each name remembers the object that had it last.
    void dropRepeated(size_t first) {
        objects_ += 1;
        size_t kept = pending_.size();
        for (size_t index = pending_.size(); index > first;) {
            index -= 1;
            uint64_t &mark = marks_[pending_[index].tag >> 8];
            if (mark == objects_) continue;
            mark = objects_;
            pending_[--kept] = pending_[index];
        }
        if (kept > first) pending_.erase(pending_.begin() + first, pending_.begin() + kept);
    }

    csimdjson_cell container(Kind kind, size_t first) {
        csimdjson_cell cell{cells.size(), static_cast<uint32_t>(pending_.size() - first), kind};
        cells.insert(cells.end(), pending_.begin() + first, pending_.end());
        pending_.resize(first);
        return cell;
    }

    // The number of a name, from 1.
    uint32_t name(std::string_view key) {
        uint32_t guess = followers_[last_name_];
        if (guess == 0 || !isNamed(guess, key)) {
            guess = lookUp(key);
            followers_[last_name_] = guess;
        }
        last_name_ = guess;
        return guess;
    }

    bool isNamed(uint32_t number, std::string_view key) const {
        return names[number].length == key.size() && same(bytes.get() + names[number].bits, key);
    }

    uint32_t lookUp(std::string_view key) {
        size_t mask = table_.size() - 1;
        size_t slot = hash(key) & mask;
        for (; table_[slot] != 0; slot = (slot + 1) & mask)
            if (isNamed(table_[slot], key)) return table_[slot];
        if (names.size() >= limit_) {
            status_ = CSIMDJSON_TOO_LARGE;
            return 0;
        }
        uint32_t number = static_cast<uint32_t>(names.size());
        names.push_back(text(key));
        marks_.push_back(0);
        followers_.push_back(0);
        table_[slot] = number;
        if (names.size() * 2 > table_.size()) grow();
        return number;
    }

    void grow() {
        table_.assign(table_.size() * 2, 0);
        size_t mask = table_.size() - 1;
        for (size_t number = 1; number < names.size(); number++) {
            std::string_view text(reinterpret_cast<const char *>(bytes.get()) + names[number].bits,
                                  names[number].length);
            size_t slot = hash(text) & mask;
            while (table_[slot] != 0) slot = (slot + 1) & mask;
            table_[slot] = static_cast<uint32_t>(number);
        }
    }
};

// The document with "e0" behind each integer of 20 or more characters: simdjson refuses integers
// over 64 bits, and takes a number with an exponent for a double.
std::string withoutLongIntegers(const uint8_t *bytes, size_t length) {
    std::string text;
    text.reserve(length + 64);
    bool quoted = false;
    for (size_t at = 0; at < length;) {
        uint8_t byte = bytes[at];
        if (quoted || !(byte == '-' || (byte >= '0' && byte <= '9'))) {
            if (byte == '"') quoted = !quoted;
            text.push_back(static_cast<char>(byte));
            if (quoted && byte == '\\' && at + 1 < length)
                text.push_back(static_cast<char>(bytes[++at]));
            at++;
            continue;
        }
        size_t end = at;
        bool integer = true;
        for (; end < length; end++) {
            uint8_t next = bytes[end];
            if ((next >= '0' && next <= '9') || (next == '-' && end == at)) continue;
            if (next != '.' && next != 'e' && next != 'E' && next != '+' && next != '-') break;
            integer = false;
        }
        text.append(reinterpret_cast<const char *>(bytes) + at, end - at);
        if (integer && end - at >= 20) text.append("e0");
        at = end;
    }
    return text;
}

int32_t status(simdjson::error_code code) {
    switch (code) {
    case simdjson::SUCCESS: return CSIMDJSON_OK;
    case simdjson::EMPTY: return CSIMDJSON_EMPTY;
    case simdjson::CAPACITY: return CSIMDJSON_TOO_LARGE;
    case simdjson::MEMALLOC: return CSIMDJSON_MEMORY;
    case simdjson::DEPTH_ERROR: return CSIMDJSON_TOO_DEEP;
    case simdjson::UTF8_ERROR: return CSIMDJSON_UTF8;
    case simdjson::NUMBER_ERROR: return CSIMDJSON_NUMBER;
    default: return CSIMDJSON_MALFORMED;
    }
}

struct Workplace {
    std::unique_ptr<dom::parser> parser;
    Writer writer;
};

Workplace &workplace() {
    static thread_local Workplace own;
    return own;
}

int32_t parse(Workplace &own, const uint8_t *bytes, size_t length, bool copied,
              size_t depth_limit) {
    if (!own.parser) own.parser.reset(new dom::parser());
    // One level more than wanted, so that the writer is the one to say what is too deep.
    if (own.parser->max_depth() != depth_limit + 2) {
        size_t capacity = length < retained_bytes / 16 ? retained_bytes / 16 : length;
        simdjson::error_code code = own.parser->allocate(capacity, depth_limit + 2);
        if (code != simdjson::SUCCESS) return status(code);
    }
    return status(own.parser->parse(bytes, length, copied).error());
}

}  // namespace

size_t csimdjson_padding(void) { return simdjson::SIMDJSON_PADDING; }

int32_t csimdjson_parse(const uint8_t *bytes, size_t length, size_t capacity, size_t depth_limit,
                        size_t name_limit, csimdjson_document *document) try {
    Workplace &own = workplace();
    if (length == 0) return CSIMDJSON_EMPTY;
    bool copied = capacity - length < simdjson::SIMDJSON_PADDING;
    int32_t result = parse(own, bytes, length, copied, depth_limit);
    if (result == CSIMDJSON_NUMBER) {
        std::string rewritten = withoutLongIntegers(bytes, length);
        result = parse(own, reinterpret_cast<const uint8_t *>(rewritten.data()), rewritten.size(),
                       true, depth_limit);
    }
    own.writer.release();
    if (result == CSIMDJSON_OK)
        result = own.writer.write(own.parser->doc, length, depth_limit, name_limit);
    if (own.parser && own.parser->capacity() > retained_bytes) own.parser.reset();
    if (result != CSIMDJSON_OK) return result;
    *document = {own.writer.cells.data(), own.writer.cells.size(), own.writer.bytes.get(),
                 own.writer.byte_count, own.writer.names.data(), own.writer.names.size()};
    return CSIMDJSON_OK;
} catch (const std::bad_alloc &) {
    return CSIMDJSON_MEMORY;
}
