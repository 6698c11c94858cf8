"""Functions of two numbers; the seed moves the optimum."""
import math

import numpy as np

# By name: the function, and where one of its optima lies.
FUNCTIONS = {
    "rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2, (1.0, 1.0)),
    "branin": (
        lambda x, y: (y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6) ** 2
        + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x)
        + 10,
        (math.pi, 2.275),
    ),
    "himmelblau": (lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2, (3.0, 2.0)),
    "ackley": (
        lambda x, y: 20 + math.e
        - 20 * math.exp(-0.2 * math.sqrt((x * x + y * y) / 2))
        - math.exp((math.cos(2 * math.pi * x) + math.cos(2 * math.pi * y)) / 2),
        (0.0, 0.0),
    ),
    "quadratic-well": (lambda x, y: x * x + y * y, (0.0, 0.0)),
    # Condition number 1,000, the long axis at 30 degrees to x.
    "quadratic-ill": (lambda x, y: (0.866 * x + 0.5 * y) ** 2 + 1000 * (0.866 * y - 0.5 * x) ** 2, (0.0, 0.0)),
}
INNER_SHARE = 0.9


def create(instance, space):
    name = instance.removesuffix("-noisy").removesuffix("-unshifted")
    function, optimum = FUNCTIONS[name]
    is_shifted = not instance.endswith("-unshifted")

    def loss_of(values, seed):
        shift_x, shift_y = _shift(instance, seed, optimum, space) if is_shifted else (0.0, 0.0)
        return function(values["x"] - shift_x, values["y"] - shift_y)

    return loss_of


def _shift(instance, seed, optimum, space):
    """Moves the optimum to a point drawn from the inner share of the box. Outside of its usual box a function is what its formula says."""
    random = np.random.default_rng([seed, *instance.encode()])
    shares = 0.5 + INNER_SHARE * (random.random(2) - 0.5)
    ranges = [spec["range"] for spec in space.values()]
    return [low + share * (high - low) - at for (low, high), share, at in zip(ranges, shares, optimum)]
