"""Runs studies of one optimiser: a job a line on stdin, its study a line on stdout.

    python -m peers optuna-tpe
    {"problem": "functions/branin", "seed": 1, "samplerSeed": 905, "trials": 30}
    -> {"version": "optuna 5.0.0", "trials": [{"loss": 24.1, "true": 24.1, "seconds": 0.01, "isNew": true}, ...]}
    -> {"error": "..."}    the optimiser itself broke down

A trial that failed has no loss. `seconds` is what the optimiser took to suggest it and to be told.
"""
import json
import os
import random
import subprocess
import sys
import time
import traceback
import warnings

import numpy as np

from .arms import ARMS


class Oracle:
    def __init__(self):
        # An interpreter of its own, so that every optimiser gets the same values whatever it is installed beside.
        command = [os.environ.get("AGENTHPO_BENCH_PYTHON", sys.executable), "-m", "problems"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def evaluate(self, problem, seed, values):
        return self._ask({"problem": problem, "seed": seed, "values": values})

    def space(self, problem):
        return self._ask({"problem": problem})["space"]

    def _ask(self, request):
        print(json.dumps(request), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            # Not an Exception: no fault of the optimiser, so no result of its study.
            sys.exit("the oracle has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer


def main():
    # What libraries print must not come between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    warnings.simplefilter("ignore")
    optimiser = ARMS[sys.argv[1]]
    oracle = Oracle()
    for line in sys.stdin:
        print(json.dumps(answer(optimiser, oracle, json.loads(line))), file=answers, flush=True)


def answer(load, oracle, job):
    try:
        return run_study(load, oracle, **job)
    except Exception:
        return {"error": traceback.format_exc(limit=-3)}


def run_study(load, oracle, problem, seed, samplerSeed, trials):
    random.seed(samplerSeed)
    np.random.seed(samplerSeed)
    space = oracle.space(problem)
    optimiser, version, begins_with_default = load(space, samplerSeed, trials)
    default = {name: spec["default"] for name, spec in space.items()}
    seen, tried = [], []
    for number in range(trials):
        started = time.perf_counter()
        values = default if number == 0 and begins_with_default else optimiser.suggest()
        seconds = time.perf_counter() - started
        values = {name: int(value) if space[name]["type"] == "int" else float(value) for name, value in values.items()}
        result = oracle.evaluate(problem, seed, values)
        started = time.perf_counter()
        optimiser.observe(values, result.get("loss"))
        seconds += time.perf_counter() - started
        seen.append({**result, "seconds": round(seconds, 4), "isNew": values not in tried})
        tried.append(values)
    return {"version": version, "trials": seen}


main()
