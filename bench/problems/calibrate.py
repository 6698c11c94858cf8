"""Writes ../calibration.json: for each problem the best known loss and that of a middling random configuration.

    AGENTHPO_BENCH_DATA=../data python -m problems.calibrate [functions/branin ...]

Between the two lies what there is to gain; a regret of 1 is half of random search's single draws. Uniform draws (on each
parameter's own scale, over several seeds; failures left out) give the middle; where the optimum is not known, differential
evolution looks for the best. Problems that are not named keep what they have.
"""
import json
import math
import sys

import numpy as np
from scipy.optimize import differential_evolution

from .catalogue import BENCH, Failed, load_problem, problem_names

DRAWS = 2000
SEEDS = range(1, 11)
# Smaller searches of LCBench end in a corner that is not the best.
POPULATION = 300
GENERATIONS = 150
# Those of all other functions are 0.
OPTIMA = {"branin": 0.397887357729739}
FILE = BENCH / "calibration.json"


def main():
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    for name in sys.argv[1:] or problem_names():
        found = calibrate(name)
        # A search may miss what an earlier one has found.
        known[name] = {**found, "best": min(found["best"], known.get(name, found)["best"])}
        print(name, known[name], flush=True)
    FILE.write_text(json.dumps({name: known[name] for name in problem_names() if name in known}, indent=2) + "\n")


def calibrate(name):
    problem = load_problem(name)
    random = np.random.default_rng(0)
    draws = random.random((DRAWS, len(problem.space)))
    losses = [loss_at(problem, unit, SEEDS[index % len(SEEDS)]) for index, unit in enumerate(draws)]
    typical = float(np.median([loss for loss in losses if math.isfinite(loss)]))
    if problem.family == "functions":
        function = name.split("/")[1].removesuffix("-noisy").removesuffix("-unshifted")
        return {"best": OPTIMA.get(function, 0.0), "typical": typical, "how": "optimum by construction"}
    if problem.family == "hpobench":
        return {"best": problem.loss_of.lowest, "typical": typical, "how": "lowest of the table"}
    found = [search(problem, seed) for seed in (SEEDS if problem.family == "gradient-descent" else SEEDS[:1])]
    return {"best": min(*found, *losses), "typical": typical, "how": f"differential evolution, {POPULATION} x {GENERATIONS}"}


def search(problem, seed):
    bounds = [(0, 1)] * len(problem.space)
    size = POPULATION // len(bounds)
    finite = lambda unit: min(loss_at(problem, unit, seed), 1e9)
    result = differential_evolution(finite, bounds, popsize=size, init="sobol", maxiter=GENERATIONS, rng=0, polish=False)
    return float(result.fun)


def loss_at(problem, unit, seed):
    values = {name: value_at(spec, share) for (name, spec), share in zip(problem.space.items(), unit)}
    try:
        return problem.evaluate(values, seed)[1]
    except Failed:
        return math.inf


def value_at(spec, share):
    low, high = spec["range"]
    is_log = spec.get("scale") == "log"
    value = math.exp(math.log(low) + share * (math.log(high) - math.log(low))) if is_log else low + share * (high - low)
    return min(high, max(low, round(value) if spec["type"] == "int" else value))


if __name__ == "__main__":
    main()
