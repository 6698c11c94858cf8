"""A function of two numbers in the place of a training: what Zhang et al. give language models to minimise.

Zhang, Desai, Bae, Lorraine, Ba 2023, "Using Large Language Models for Hyperparameter Optimization" (arXiv 2312.04528).
Boxes, optima of the quadratics and the shift (0.93, 0.59) are those of the authors' code (michaelrzhang/LLM-HyperOpt).

    python train.py        # reads config.json, writes train_log.jsonl
"""

import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PUBLISHED_SHIFT = (0.93, 0.59)
QUADRATIC_OPTIMUM = (-4.15, 3.35)
#: Points along each side of the box for the mean of the function.
MEAN_POINTS = 50

Range = tuple[float, float]


def main():
    config = json.loads((HERE / "config.json").read_text(encoding="utf-8"))
    toy = choose_function(config["function"])
    shift = draw_shift(config["shift_seed"]) if config["shifted"] else (0.0, 0.0)
    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        print(json.dumps({"trivial_loss": mean_over_box(toy, shift)}), file=log, flush=True)
        print(json.dumps({"loss": value_at(toy, config["x1"], config["x2"], shift)}), file=log, flush=True)


def draw_shift(seed):
    """How far the function is moved along each axis: 0 is the published shift, other seeds draw from U(0, 1)."""
    generator = random.Random(seed)
    return PUBLISHED_SHIFT if seed == 0 else (generator.random(), generator.random())


def value_at(toy, x1, x2, shift):
    return toy.function(x1 - shift[0], x2 - shift[1])


def mean_over_box(toy, shift):
    """What a point of the box has on average: answering blindly."""
    values = [value_at(toy, x1, x2, shift) for x1 in midpoints(toy.x1) for x2 in midpoints(toy.x2)]
    return sum(values) / len(values)


def midpoints(ends):
    low, high = ends
    return [low + (high - low) * (index + 0.5) / MEAN_POINTS for index in range(MEAN_POINTS)]


def ackley(x1, x2):
    bowl = -20 * math.exp(-0.2 * math.sqrt((x1 * x1 + x2 * x2) / 2))
    ripples = -math.exp((math.cos(2 * math.pi * x1) + math.cos(2 * math.pi * x2)) / 2)
    return bowl + ripples + 20 + math.e


def branin(x1, x2):
    bend = x2 - 5.1 / (4 * math.pi**2) * x1 * x1 + 5 / math.pi * x1 - 6
    return bend * bend + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x1) + 10


def himmelblau(x1, x2):
    return (x1 * x1 + x2 - 11) ** 2 + (x1 + x2 * x2 - 7) ** 2


def rosenbrock(x1, x2):
    return (1 - x1) ** 2 + 100 * (x2 - x1 * x1) ** 2


def quadratic(x1, x2, steepness=1):
    return (x1 - QUADRATIC_OPTIMUM[0]) ** 2 + steepness * (x2 - QUADRATIC_OPTIMUM[1]) ** 2


def ill_conditioned_quadratic(x1, x2):
    return quadratic(x1, x2, steepness=10)


@dataclass(frozen=True)
class ToyFunction:
    function: Callable[[float, float], float]
    #: The box in which it is searched.
    x1: Range
    x2: Range


FUNCTIONS = {
    "ackley": ToyFunction(ackley, (-5, 5), (-5, 5)),
    "branin": ToyFunction(branin, (-5, 10), (0, 15)),
    "himmelblau": ToyFunction(himmelblau, (-5, 5), (-5, 5)),
    "rosenbrock": ToyFunction(rosenbrock, (-5, 10), (-5, 10)),
    "quadratic": ToyFunction(quadratic, (-5, 5), (-5, 5)),
    "quadratic-ill": ToyFunction(ill_conditioned_quadratic, (-5, 5), (-5, 5)),
}


def choose_function(name):
    if name not in FUNCTIONS:
        raise ValueError(f"function: expected one of {', '.join(FUNCTIONS)}, got {name!r}")
    return FUNCTIONS[name]


if __name__ == "__main__":
    main()
