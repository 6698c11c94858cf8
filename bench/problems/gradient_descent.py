"""Gradient descent with momentum on a function of two numbers: how low is it after 500 steps?"""
import math

import numpy as np

STEPS = 500
START = (-1.5, 2.0)
# Standard deviation of the start, which the seed draws around START.
SPREAD = 0.3
# The function is not followed below this. Losses are decades above a tenth of it: SMAC's facade takes their logarithm.
FLOOR = 1e-12
OUT_OF_BOUNDS = 1e6


def create(instance, space):
    function, gradient = {"rosenbrock": (_rosenbrock, _rosenbrock_gradient), "rastrigin": (_rastrigin, _rastrigin_gradient)}[instance]

    def loss_of(values, seed):
        from .catalogue import Failed

        x, y = np.random.default_rng([seed, *instance.encode()]).normal(START, SPREAD).tolist()
        velocity_x = velocity_y = 0.0
        for _ in range(STEPS):
            slope_x, slope_y = gradient(x, y)
            velocity_x = values["momentum"] * velocity_x - values["learning_rate"] * slope_x
            velocity_y = values["momentum"] * velocity_y - values["learning_rate"] * slope_y
            x, y = x + velocity_x, y + velocity_y
            if abs(x) > OUT_OF_BOUNDS or abs(y) > OUT_OF_BOUNDS:
                raise Failed("diverged")
        return math.log10(max(FLOOR, function(x, y)) / (FLOOR / 10))

    return loss_of


def _rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def _rosenbrock_gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)


def _rastrigin(x, y):
    return 20 + x * x - 10 * math.cos(2 * math.pi * x) + y * y - 10 * math.cos(2 * math.pi * y)


def _rastrigin_gradient(x, y):
    return 2 * x + 20 * math.pi * math.sin(2 * math.pi * x), 2 * y + 20 * math.pi * math.sin(2 * math.pi * y)
