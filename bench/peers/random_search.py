import math

import numpy as np


class RandomSearch:
    """Uniform on each parameter's own scale."""

    def __init__(self, space, seed):
        self.space = space
        self.random = np.random.default_rng([seed, 0x52])

    def suggest(self):
        return {name: self._draw(spec) for name, spec in self.space.items()}

    def observe(self, values, loss):
        """Random search learns nothing."""

    def _draw(self, spec):
        low, high = spec["range"]
        is_whole = spec["type"] == "int"
        if spec.get("scale") != "log":
            return int(self.random.integers(low, high, endpoint=True)) if is_whole else self.random.uniform(low, high)
        # Half a step beyond either end, so that the first and the last whole number get their share.
        margin = 0.5 if is_whole else 0
        value = math.exp(self.random.uniform(math.log(low - margin), math.log(high + margin)))
        return min(high, max(low, round(value) if is_whole else value))
