"""Logistic regression by gradient descent on generated data. It needs nothing but Python, and knows nothing of agenthpo.

    python train.py          # reads config.yaml, writes train_log.jsonl
"""

import json
import math
import random
from pathlib import Path

HERE = Path(__file__).parent
FEATURES = 12


def main():
    config = read_config(HERE / "config.yaml")
    random.seed(config["seed"])
    data = random.Random(0)  # the same points whatever the seed
    train_points, validation_points = make_points(data, 400), make_points(data, 400)
    weights, velocity = [0.0] * (FEATURES + 1), [0.0] * (FEATURES + 1)

    with (HERE / "train_log.jsonl").open("w", encoding="utf-8") as log:
        for epoch in range(1, config["epochs"] + 1):
            random.shuffle(train_points)
            train_one_epoch(weights, velocity, train_points, config)
            row = {
                "epoch": epoch,
                "train_loss": loss_of(weights, train_points),
                "val_loss": loss_of(weights, validation_points),
            }
            # One row an epoch, written at once: agenthpo follows the training while it runs.
            print(json.dumps(row), file=log, flush=True)


def read_config(path):
    """Plain `key: value` lines, so that nothing needs to be installed. With PyYAML: yaml.safe_load(path.read_text())."""
    lines = (line.partition("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip(): json.loads(value) for key, _, value in pairs}


def make_points(source, count):
    """Points of two classes that overlap: 12 numbers and a constant 1, with a label of 0 or 1."""
    points = []
    for _ in range(count):
        label = source.randint(0, 1)
        shift = 0.4 if label else -0.4
        points.append(([source.gauss(shift / (1 + i), 1) for i in range(FEATURES)] + [1.0], label))
    return points


def train_one_epoch(weights, velocity, points, config):
    size = config["batch_size"]
    for start in range(0, len(points), size):
        batch = points[start : start + size]
        gradient = [config["weight_decay"] * weight for weight in weights]
        for inputs, label in batch:
            error = probability(weights, inputs) - label
            for i, value in enumerate(inputs):
                gradient[i] += error * value / len(batch)
        for i in range(len(weights)):
            velocity[i] = config["momentum"] * velocity[i] - config["learning_rate"] * gradient[i]
            weights[i] += velocity[i]


def probability(weights, inputs):
    score = sum(weight * value for weight, value in zip(weights, inputs))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def loss_of(weights, points):
    """The mean cross-entropy."""
    total = 0.0
    for inputs, label in points:
        predicted = probability(weights, inputs)
        total -= math.log(predicted if label else 1 - predicted)
    return total / len(points)


if __name__ == "__main__":
    main()
