#!/usr/bin/env bash
# Builds CEL, Text and the fuzz cases with libFuzzer and the address sanitizer, and runs them.
#
#   Tests/CELFuzzing/run.sh                      one minute
#   Tests/CELFuzzing/run.sh -max_total_time=600  any options of libFuzzer
#   Tests/CELFuzzing/run.sh crash-…              one input again
#
# What the fuzzer learns is kept in .build/fuzz/learnt; Corpus holds the few inputs that tests replay.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=.build/fuzz
mkdir -p "$out/learnt"
sanitizers=(-sanitize=fuzzer,address)
settings=(
  -O -wmo -parse-as-library -swift-version 6 -enable-testing -package-name tocsin
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility -g
  -I "$out" -I Sources/CRE2/include -Xcc -fmodule-map-file="$out/module.modulemap"
)
newer() { [ ! -e "$1" ] || [ -n "$(find "${@:2}" -newer "$1" -type f -print -quit)" ]; }

echo "module CRE2 { header \"$PWD/Sources/CRE2/include/cre2.h\" export * }" >"$out/module.modulemap"
if newer "$out/cre2.o" Sources/CRE2; then
  clang++ -std=c++17 -O1 -g -fsanitize=address -I Sources/CRE2/include -c Sources/CRE2/cre2.cpp -o "$out/cre2.o"
fi
if newer "$out/CEL.o" Sources/CEL; then
  swiftc "${settings[@]}" "${sanitizers[@]}" -module-name CEL -emit-module \
    -emit-module-path "$out/CEL.swiftmodule" -c $(find Sources/CEL -name '*.swift' | sort) -o "$out/CEL.o"
fi
if newer "$out/Text.o" "$out/CEL.o" Sources/Text; then
  swiftc "${settings[@]}" "${sanitizers[@]}" -module-name Text -emit-module \
    -emit-module-path "$out/Text.swiftmodule" -c Sources/Text/*.swift -o "$out/Text.o"
fi
if newer "$out/fuzz" "$out/Text.o" "$out/cre2.o" Tests/CELFuzzing/Cases Tests/CELFuzzing/Entry.swift; then
  swiftc "${settings[@]}" "${sanitizers[@]}" -module-name CELFuzzing \
    -c Tests/CELFuzzing/Entry.swift Tests/CELFuzzing/Cases/*.swift -o "$out/CELFuzzing.o"
  swiftc "${sanitizers[@]}" "$out"/{CELFuzzing,CEL,Text,cre2}.o -lre2 -lstdc++ -o "$out/fuzz"
fi

# Leaks are not looked for: what Swift makes once and keeps would be told as one.
export ASAN_OPTIONS=detect_leaks=0:malloc_context_size=2:quarantine_size_mb=32
export SWIFT_BACKTRACE=enable=no SWIFT_DETERMINISTIC_HASHING=1
defaults=(-rss_limit_mb=2048 -timeout=5 -detect_leaks=0 -max_len=300
  -dict=Tests/CELFuzzing/tokens.dict -artifact_prefix="$out/")
case "${1:-}" in
"") exec "$out/fuzz" "${defaults[@]}" -max_total_time=60 "$out/learnt" Tests/CELFuzzing/Corpus ;;
-*) exec "$out/fuzz" "${defaults[@]}" "$@" "$out/learnt" Tests/CELFuzzing/Corpus ;;
*) exec "$out/fuzz" "${defaults[@]}" "$@" ;;
esac
