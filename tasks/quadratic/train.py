"""Stand-in for a training: walks from the origin to (x, y, z) and reports a convex function of where it is.

    python train.py --x 1.0 --y -0.5 --z 2.0     # writes train_log.jsonl
"""

import argparse
import json
from pathlib import Path

STEPS = 10
LOG = Path(__file__).with_name("train_log.jsonl")


def loss(x, y, z):
    """Convex, and 0 at its only minimum (1.2, -0.7, 2.5). x and y pull on each other; z is the steepest."""
    a, b, c = x - 1.2, y + 0.7, z - 2.5
    return a * a + a * b + 2 * b * b + 3 * c * c


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("x", "y", "z"):
        parser.add_argument(f"--{name}", type=float, required=True)
    goal = parser.parse_args()

    with LOG.open("w", encoding="utf-8") as log:
        for step in range(1, STEPS + 1):
            done = step / STEPS
            row = {"step": step, "loss": loss(done * goal.x, done * goal.y, done * goal.z)}
            print(json.dumps(row), file=log, flush=True)


if __name__ == "__main__":
    main()
