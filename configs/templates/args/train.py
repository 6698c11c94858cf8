"""Logistic regression by gradient descent on generated data. It needs nothing but Python, and knows nothing of agenthpo.

    python train.py --learning-rate 0.1     # writes train_log.jsonl
"""

import argparse
import json
import math
import random
from pathlib import Path

HERE = Path(__file__).parent
FEATURES = 12


def main():
    settings = read_flags()
    random.seed(settings.seed)
    data = random.Random(0)  # the same points whatever the seed
    train_points, validation_points = make_points(data, 400), make_points(data, 400)
    weights, velocity = [0.0] * (FEATURES + 1), [0.0] * (FEATURES + 1)

    with (HERE / "train_log.jsonl").open("w", encoding="utf-8") as log:
        for epoch in range(1, settings.epochs + 1):
            random.shuffle(train_points)
            train_one_epoch(weights, velocity, train_points, settings)
            row = {
                "epoch": epoch,
                "train_loss": loss_of(weights, train_points),
                "val_loss": loss_of(weights, validation_points),
            }
            # One row an epoch, written at once: agenthpo follows the training while it runs.
            print(json.dumps(row), file=log, flush=True)


def read_flags():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--momentum", type=float, default=0.0)
    parser.add_argument("--weight-decay", type=float, default=0.0001)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def make_points(source, count):
    """Points of two classes that overlap: 12 numbers and a constant 1, with a label of 0 or 1."""
    points = []
    for _ in range(count):
        label = source.randint(0, 1)
        shift = 0.4 if label else -0.4
        points.append(([source.gauss(shift / (1 + i), 1) for i in range(FEATURES)] + [1.0], label))
    return points


def train_one_epoch(weights, velocity, points, settings):
    size = settings.batch_size
    for start in range(0, len(points), size):
        batch = points[start : start + size]
        gradient = [settings.weight_decay * weight for weight in weights]
        for inputs, label in batch:
            error = probability(weights, inputs) - label
            for i, value in enumerate(inputs):
                gradient[i] += error * value / len(batch)
        for i in range(len(weights)):
            velocity[i] = settings.momentum * velocity[i] - settings.learning_rate * gradient[i]
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
