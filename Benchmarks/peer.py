#!/usr/bin/env python3
"""Times one engine that Python can load, in the form of `Benchmarks cel`.

usage: peer.py ENGINE DIR OUT CONVERSATION

What is timed holds one call across the border between Python and the engine; the row with the
expression `true` shows what that costs. An activation is made once, and the conversion that it
means is not timed; only decode_and_rules100 has it.
"""
import functools
import json
import sys
import time

BATCH_SECONDS = 0.04
BATCHES = 9


class CelCpp:
    """cel-cpp, by its own Python package cel-expr-python; every variable is dyn."""

    def __init__(self, names):
        from cel_expr_python import cel
        from cel_expr_python.ext import ext_strings

        self.environment = cel.NewEnv(
            variables={name: cel.Type.DYN for name in names},
            extensions=[ext_strings.ExtStrings()],
        )
        self.compile = self.environment.compile
        self.activate = self.environment.Activation

    def call(self, program, activation):
        return functools.partial(program.eval, activation)

    def value(self, result):
        if result.type().name() == "ERROR":
            raise ValueError(str(result.value()))
        return result.plain_value()


class CelRust:
    """cel-rust, by the Python package common-expression-language; it has no checker."""

    def __init__(self, names):
        import cel

        self.context = cel.Context
        self.compile = cel.compile

    def activate(self, data):
        context = self.context()
        for name, value in data.items():
            context.add_variable(name, value)
        return context

    def call(self, program, activation):
        return functools.partial(program.execute, activation)

    def value(self, result):
        return result


ENGINES = {"cel-cpp": CelCpp, "cel-rust": CelRust}


def batch(count, body):
    start = time.perf_counter()
    for _ in range(count):
        body()
    return time.perf_counter() - start


def timed(body):
    """The least and the middle of the batches, in nanoseconds for one run."""
    count = 1
    while (spent := batch(count, body)) < BATCH_SECONDS / 2:
        count *= 2
    count = int(count * BATCH_SECONDS / spent) + 1
    times = sorted(batch(count, body) / count * 1e9 for _ in range(BATCHES))
    return {"ns": times[0], "median_ns": times[len(times) // 2]}


def rows(engine, folder, conversation):
    def read(name):
        with open(f"{folder}/{name}", encoding="utf-8") as file:
            return file.read()

    text = read(conversation)
    activation = engine.activate(json.loads(text))
    for entry in json.loads(read("expressions.json")):
        try:
            call = engine.call(engine.compile(entry["expr"]), activation)
            yield {"name": entry["name"], "value": engine.value(call()), **timed(call)}
        except Exception as error:
            yield {"name": entry["name"], "error": f"{type(error).__name__}: {str(error)[:200]}"}
    sources = [entry["expr"] for entry in json.loads(read("rules100.json"))]
    programs = [engine.compile(source) for source in sources]
    calls = [engine.call(program, activation) for program in programs]

    def evaluate():
        for call in calls:
            call()

    def decode_and_evaluate():
        fresh = engine.activate(json.loads(text))
        for program in programs:
            engine.call(program, fresh)()

    def compile_all():
        for source in sources:
            engine.compile(source)

    answers = [engine.value(call()) for call in calls]
    yield {"name": "rules100", "value": answers, **timed(evaluate)}
    yield {"name": "decode_and_rules100", **timed(decode_and_evaluate)}
    yield {"name": "compile_rules100", **timed(compile_all)}


def main():
    name, folder, output, conversation = sys.argv[1:5]
    with open(f"{folder}/{conversation}", encoding="utf-8") as file:
        names = list(json.load(file))
    engine = ENGINES[name](names)
    report = {"peer": name, "mode": "python", "results": list(rows(engine, folder, conversation))}
    with open(output, "w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
