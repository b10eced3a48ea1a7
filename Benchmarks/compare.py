#!/usr/bin/env python3
"""Runs this engine and others turn by turn on the same bytes, checks every value, prints a table.

usage: compare.py [--inputs DIR] [--rounds N] [--engine 'NAME=COMMAND {dir} {out} {conv}']...

Without --inputs the runner makes its own. The least time of all rounds counts: on a machine with
neighbours it is the figure to compare. --engine adds any program that writes the runner's form.
Other engines are installed into .build/peers, a virtual environment, when they are not there.
"""
import argparse
import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
PACKAGES = ["cel-expr-python==0.1.3", "common-expression-language==0.10.0"]
WHOLES = ["rules100", "decode_and_rules100", "compile_rules100"]
OURS = "tocsin"
OURS_DYNAMIC = "tocsin, dyn"
# Two doubles that differ by less are the same answer, computed in another order.
TOLERANCE = 1e-9


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", help="a folder in the form of `Benchmarks inputs`")
    parser.add_argument("--conversation", default="conversation.json")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runner", default=str(BUILD / "release" / "Benchmarks"))
    parser.add_argument("--peers", default="cel-cpp,cel-rust", help="by comma; may be empty")
    parser.add_argument("--engine", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--json", help="write all figures to this file too")
    return parser.parse_args()


def python_of_peers():
    """The interpreter of the virtual environment, with the packages installed; None without."""
    folder = BUILD / "peers"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    listed = subprocess.run(
        [python, "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    ).stdout.split()
    missing = [package for package in PACKAGES if package not in listed]
    if missing:
        pip = subprocess.run([python, "-m", "pip", "install", "--quiet", *missing])
        if pip.returncode:
            print(f"not installed, so left out: {', '.join(missing)}", file=sys.stderr)
            return None
    return str(python)


def commands(options):
    """The engines by name, each with its command."""
    runner = shlex.quote(options.runner)
    engines = {
        OURS: f"{runner} cel {{dir}} {{out}} {{conv}} --mode typed",
        OURS_DYNAMIC: f"{runner} cel {{dir}} {{out}} {{conv}} --mode dynamic",
    }
    peers = [name for name in options.peers.split(",") if name]
    if peers and (python := python_of_peers()):
        script = Path(__file__).with_name("peer.py")
        for name in peers:
            command = shlex.join([python, str(script), name])
            engines[name] = command + " {dir} {out} {conv}"
    for engine in options.engine:
        name, command = engine.split("=", 1)
        engines[name] = command
    return engines


def run(command, folder, conversation):
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "out.json"
        line = command.format(
            dir=shlex.quote(folder), out=shlex.quote(str(output)), conv=shlex.quote(conversation)
        )
        subprocess.run(line, shell=True, check=True)
        return json.loads(output.read_text(encoding="utf-8"))["results"]


def least(engines, folder, options):
    """By engine and row, what the fastest round said."""
    best = {name: {} for name in engines}
    for number in range(options.rounds):
        for name, command in engines.items():
            for row in run(command, folder, options.conversation):
                known = best[name].get(row["name"])
                if known is None or row.get("ns", 1e99) < known.get("ns", 1e99):
                    best[name][row["name"]] = row
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr)
    return best


def same(left, right):
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= TOLERANCE * max(abs(left), abs(right), 1)
    return left == right


def disagreements(best, folder, options):
    """Rows whose value is not what the file expects, or not what the other engines say."""
    expected = {}
    if options.conversation == "conversation.json":
        for entry in read(folder, "expressions.json"):
            expected[entry["name"]] = entry.get("expect")
        answers = [entry.get("expect") for entry in read(folder, "rules100.json")]
        expected["rules100"] = None if None in answers else answers
    wrong = []
    for engine, rows in best.items():
        for name, row in rows.items():
            wanted = expected.get(name)
            if "error" in row:
                wrong.append(f"{engine}: {name}: {row['error']}")
            elif wanted is not None and not same(row.get("value"), wanted):
                wrong.append(f"{engine}: {name}: not the expected value")
            elif not same(row.get("value"), best[OURS].get(name, {}).get("value")):
                wrong.append(f"{engine}: {name}: another value than {OURS}'s")
    return wrong


def read(folder, name):
    return json.loads((Path(folder) / name).read_text(encoding="utf-8"))


class Figures:
    """The least times, and what follows from them."""

    def __init__(self, best, folder):
        self.best = best
        self.peers = [name for name in best if name not in (OURS, OURS_DYNAMIC)]
        self.rows = [entry["name"] for entry in read(folder, "expressions.json")]
        self.floor = next(
            (x["name"] for x in read(folder, "expressions.json") if x["expr"] == "true"), None
        )

    def ns(self, engine, row):
        return self.best[engine].get(row, {}).get("ns")

    def border(self, peer):
        """What a call of a peer costs at least, by its fastest row."""
        return min((time for row in self.rows if (time := self.ns(peer, row)) is not None), default=0)

    def fastest(self, row, calls=0):
        """The fastest peer's time, less the border of so many calls."""
        times = []
        for peer in self.peers:
            if (time := self.ns(peer, row)) is not None:
                times.append((time - calls * self.border(peer), peer))
        return min(times, default=(None, None))

    def ratio(self, row, calls=0):
        peer, ours = self.fastest(row, calls)[0], self.ns(OURS, row)
        return None if peer is None or not ours else peer / ours

    def table(self):
        yield "| ns | " + " | ".join(self.best) + " | fastest other / tocsin |"
        yield "|---" + "|---:" * (len(self.best) + 1) + "|"
        for row in self.rows + WHOLES:
            times = [self.ns(engine, row) for engine in self.best]
            cells = ["-" if time is None else f"{time:,.0f}" for time in times]
            ratio = self.ratio(row)
            cells.append("-" if ratio is None else f"{ratio:.1f}")
            yield f"| {row} | " + " | ".join(cells) + " |"

    def summary(self):
        rows = [row for row in self.rows if row != self.floor]
        ratios = {row: self.ratio(row) for row in rows if self.ratio(row) is not None}
        if not ratios:
            return
        for row, calls in zip(WHOLES, (100, 100, 0)):
            time, peer = self.fastest(row)
            line = f"- {row}: {self.ratio(row):.1f} times as fast as {peer}"
            if calls:
                line += f" ({self.ratio(row, calls):.1f} with the border of {calls} calls taken off)"
            yield line
        faster = sum(ratio > 1 for ratio in ratios.values())
        worst = min(ratios, key=ratios.get)
        yield (
            f"- {faster} of {len(ratios)} expressions faster than every other engine; worst: {worst}, "
            f"{ratios[worst]:.2f} times as fast; middle {statistics.median(ratios.values()):.1f}"
        )
        slower = [row for row in ratios if self.ratio(row, 1) < 1]
        yield (
            f"- with the border of the call taken off the others (an estimate): "
            f"{len(ratios) - len(slower)} of {len(ratios)}; slower: {', '.join(slower) or 'none'}"
        )


def main():
    options = arguments()
    folder = options.inputs
    if folder is None:
        folder = str(BUILD / "benchmark-inputs")
        subprocess.run([options.runner, "inputs", folder], check=True)
    best = least(commands(options), folder, options)
    if options.json:
        Path(options.json).write_text(json.dumps(best, ensure_ascii=False, indent=1) + "\n")
    figures = Figures(best, folder)
    print("\n".join([*figures.table(), "", *figures.summary()]))
    wrong = disagreements(best, folder, options)
    for line in wrong:
        print("WRONG " + line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
