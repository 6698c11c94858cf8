"""Gradient descent with momentum on a function of two numbers, from (-1.5, 2):

    velocity <- momentum * velocity - learning_rate * gradient
    point    <- point + velocity

It ends when a step is shorter than the tolerance. Momentum: Polyak 1964, "Some methods of speeding up the convergence of
iteration methods"; the functions: Rosenbrock 1960, and Rastrigin 1974.

    python train.py        # reads config.json, writes train_log.jsonl
"""

import json
import math
from pathlib import Path

HERE = Path(__file__).parent
START = (-1.5, 2.0)
#: Iterations in the log: the first ones, then one in so many, and the last.
FIRST_ROWS, ROW_EVERY = 20, 25
#: The logarithm is of nothing smaller, where doubles end, and has so many places: where exactly a run into the same minimum
#: stopped is no difference.
SMALLEST, PLACES = 1e-16, 6


def main():
    config = json.loads((HERE / "config.json").read_text(encoding="utf-8"))
    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        descend(config, lambda row: print(json.dumps(row), file=log, flush=True))


def descend(config, report):
    """Reports the way down, beginning with what it is to stay at the start."""
    function, gradient = choose_function(config["function"])
    learning_rate, momentum = config["learning_rate"], config["momentum"]
    (x, y), velocity_x, velocity_y = START, 0.0, 0.0
    report({"trivial_log10_f": log10(function(x, y))})
    for iteration in range(1, config["max_iterations"] + 1):
        slope_x, slope_y = gradient(x, y)
        velocity_x = momentum * velocity_x - learning_rate * slope_x
        velocity_y = momentum * velocity_y - learning_rate * slope_y
        x, y = x + velocity_x, y + velocity_y
        f = function(x, y) if math.isfinite(x) and math.isfinite(y) else math.inf
        if not math.isfinite(f):
            raise FloatingPointError(f"the training diverged: f became infinite in iteration {iteration}")
        has_converged = math.hypot(velocity_x, velocity_y) < config["tolerance"]
        is_last = has_converged or iteration == config["max_iterations"]
        if iteration <= FIRST_ROWS or iteration % ROW_EVERY == 0 or is_last:
            report({"iteration": iteration, "x": x, "y": y, "f": f, "log10_f": log10(f)})
        if has_converged:
            print(f"The step of iteration {iteration} was shorter than {config['tolerance']}")
            return


def log10(f):
    return round(math.log10(max(f, SMALLEST)), PLACES)


def rosenbrock(x, y):
    """A long curved valley that ends at (1, 1), where it is 0."""
    return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)


def rosenbrock_gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)


def rastrigin(x, y):
    """A bowl full of dents, one about every whole number; the deepest is (0, 0), where it is 0."""
    return 20 + x * x - 10 * math.cos(2 * math.pi * x) + y * y - 10 * math.cos(2 * math.pi * y)


def rastrigin_gradient(x, y):
    return 2 * x + 20 * math.pi * math.sin(2 * math.pi * x), 2 * y + 20 * math.pi * math.sin(2 * math.pi * y)


FUNCTIONS = {"rosenbrock": (rosenbrock, rosenbrock_gradient), "rastrigin": (rastrigin, rastrigin_gradient)}


def choose_function(name):
    if name not in FUNCTIONS:
        raise ValueError(f"function: expected one of {', '.join(FUNCTIONS)}, got {name!r}")
    return FUNCTIONS[name]


if __name__ == "__main__":
    main()
