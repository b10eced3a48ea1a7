#!/usr/bin/env python3
"""Counts the instructions of one run of a row, which neighbours on the machine do not change.

usage: instructions.py [--allocations] [--inputs DIR] [--mode typed|dynamic] [ROW...]

A row is a row of `Benchmarks cel`, or one of `text:COUNT`, `reply:LINE`, `compile:LINE`. Without
rows: those of a short list. The runner is counted under callgrind with N runs and with none; the
difference is divided by N. With --allocations it is the blocks of memory that are counted. Valgrind
must be installed.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent / ".build"
ROWS = [
    "floor", "text_equal", "members_4", "any_loud_not", "any_word_not", "all_slow",
    "any_of_words_not", "rules100", "decode_and_rules100", "compile_rules100", "text:100",
    "text:1000", "text:10000", "reply:parse", "reply:decode", "reply:facts", "reply:rules",
    "reply:alerts", "reply:whole",
]
# One run of these takes long; the others are run often enough to drown what differs at start.
SLOW = re.compile(r"text:|reply:|compile|rules100")


TOOLS = {
    "instructions": (["--tool=callgrind", "--callgrind-out-file=/dev/null"], r"Collected\s*:\s*(\d+)"),
    "allocations": (["--tool=memcheck", "--leak-check=no"], r"heap usage: ([\d,]+) allocs"),
}


def counted(what, command):
    flags, pattern = TOOLS[what]
    # Hash tables seeded by chance would make each run another.
    environment = os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"}
    line = ["valgrind", *flags, *map(str, command)]
    done = subprocess.run(line, capture_output=True, text=True, env=environment)
    found = re.search(pattern, done.stderr)
    if done.returncode or not found:
        sys.exit(done.stderr[-2000:])
    return int(found.group(1).replace(",", ""))


def command(runner, options, row, times):
    kind, _, rest = row.partition(":")
    if kind == "text":
        return [runner, "text", rest, "--conversations", "4", "--times", times]
    if kind in ("reply", "compile") and rest:
        return [runner, kind, "--only", rest, "--times", times]
    return [
        runner, "cel", options.inputs, "/dev/null", "--mode", options.mode, "--only", row,
        "--times", times,
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", default=ROWS)
    parser.add_argument("--allocations", action="store_true")
    parser.add_argument("--inputs")
    parser.add_argument("--mode", default="typed")
    parser.add_argument("--runner", default=str(BUILD / "release" / "Benchmarks"))
    options = parser.parse_args()
    what = "allocations" if options.allocations else "instructions"
    with tempfile.TemporaryDirectory() as scratch:
        # Valgrind 3.19 gives up on the debugging information that the linker lld writes.
        runner = Path(scratch) / "Benchmarks"
        shutil.copy(options.runner, runner)
        subprocess.run(["strip", "-g", runner], check=True)
        if options.inputs is None:
            options.inputs = str(Path(scratch) / "inputs")
            subprocess.run([runner, "inputs", options.inputs], check=True)
        for row in options.rows:
            # One run more on both sides, so that what happens once is not counted.
            times = 4 if SLOW.search(row) else 2_000
            more = counted(what, command(runner, options, row, times + 1))
            none = counted(what, command(runner, options, row, 1))
            runs = times * 4 if row.startswith("text:") else times
            count = (more - none) / runs
            print(f"{row:24}{count:>18,.1f}", flush=True)


if __name__ == "__main__":
    main()
