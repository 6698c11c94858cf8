"""problems.yaml, with a function to evaluate for each problem."""
import functools
import hashlib
import importlib
import json
import math
import os
import pathlib
import sys
from dataclasses import dataclass
from typing import Callable

import yaml

BENCH = pathlib.Path(__file__).resolve().parent.parent
FAMILIES = {
    "functions": "functions",
    "hpobench": "hpobench",
    "lcbench": "lcbench",
    "taskset": "taskset",
    "gradient-descent": "gradient_descent",
}


class Failed(Exception):
    """A training that came to nothing: it has no loss."""


@dataclass(frozen=True)
class Problem:
    name: str
    split: str
    is_counted: bool
    noise: float
    space: dict
    """By parameter: type, range, scale and default, as in a task.yaml."""
    loss_of: Callable[[dict, int], float]

    @property
    def family(self):
        return self.name.split("/")[0]

    @property
    def default(self):
        return {name: spec["default"] for name, spec in self.space.items()}

    def evaluate(self, values, seed):
        """The loss an optimiser may see, and the true one. Raises Failed, or ValueError for values outside of the space."""
        inside = {name: self._inside(name, spec, values) for name, spec in self.space.items()}
        true = float(self.loss_of(inside, seed))
        if not math.isfinite(true):
            raise Failed("no finite loss")
        return true * self._noise_factor(inside, seed), true

    def _inside(self, name, spec, values):
        low, high = spec["range"]
        value = values[name]
        dust = 1e-9 * max(abs(low), abs(high))
        if not low - dust <= value <= high + dust:
            raise ValueError(f"{name} = {value} is outside [{low}, {high}]")
        if spec["type"] == "int" and value != round(value):
            raise ValueError(f"{name} = {value} is not a whole number")
        return min(high, max(low, value))

    def _noise_factor(self, values, seed):
        """The same configuration meets the same noise, whoever proposes it."""
        if self.noise == 0:
            return 1.0
        named = json.dumps([self.name, seed, {name: float(value) for name, value in values.items()}], sort_keys=True)
        share = int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], "big") / 2**64
        return 1 + self.noise * (2 * share - 1)


@functools.cache
def load_problem(name):
    entry = _listed()["problems"][name]
    family, instance = name.split("/")
    module = importlib.import_module(f".{FAMILIES[family]}", __package__)
    return Problem(
        name=name,
        split=entry["split"],
        is_counted=entry.get("counted", True),
        noise=entry.get("noise", 0),
        space=entry["space"],
        loss_of=module.create(instance, entry["space"]),
    )


def problem_names():
    return list(_listed()["problems"])


def data_folder(name):
    """A folder of the data that is not part of this repository."""
    root = os.environ.get("AGENTHPO_BENCH_DATA")
    if not root:
        sys.exit(f"Set AGENTHPO_BENCH_DATA to the folder that holds {name}/ (bench/README.md says where it comes from).")
    folder = pathlib.Path(root) / name
    if not folder.is_dir():
        sys.exit(f"There is no {folder}: AGENTHPO_BENCH_DATA must name the folder that holds {name}/.")
    return folder


@functools.cache
def _listed():
    return yaml.safe_load((BENCH / "problems.yaml").read_text())
