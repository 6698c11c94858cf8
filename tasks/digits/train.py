"""Train a small neural network on scikit-learn's handwritten digits.

    python train.py              # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate   # the same training, then the test images as well
"""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # for matrices this small, more threads only get in each other's way

import numpy as np
import yaml
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

HERE = Path(__file__).parent
DIGITS = np.arange(10)


def load_split():
    """1,797 images of 8 x 8 pixels: 60 % to train on, 20 % to choose by, 20 % to test. The same for every seed."""
    images, labels = load_digits(return_X_y=True)
    images = images / 16.0
    rest, test, rest_labels, test_labels = train_test_split(
        images, labels, test_size=0.2, random_state=0, stratify=labels
    )
    train, val, train_labels, val_labels = train_test_split(
        rest, rest_labels, test_size=0.25, random_state=0, stratify=rest_labels
    )
    return (train, train_labels), (val, val_labels), (test, test_labels)


def build_network(config):
    return MLPClassifier(
        hidden_layer_sizes=[config["hidden_units"]] * config["hidden_layers"],
        activation=config["activation"],
        solver=config["optimizer"],
        learning_rate_init=config["learning_rate"],
        momentum=config["momentum"],  # has no effect on adam
        alpha=config["weight_decay"],
        batch_size=config["batch_size"],
        random_state=np.random.RandomState(config["seed"]),
    )


def measure(network, images, labels, name):
    probabilities = network.predict_proba(images)
    return {
        f"{name}_loss": log_loss(labels, probabilities, labels=DIGITS),
        f"{name}_accuracy": accuracy_score(labels, probabilities.argmax(axis=1)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test images once training is over")
    arguments = parser.parse_args()

    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    train, val, test = load_split()
    network = build_network(config)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        for epoch in range(1, config["epochs"] + 1):
            network.partial_fit(*train, classes=DIGITS)
            row = {"epoch": epoch, **measure(network, *train, "train"), **measure(network, *val, "val")}
            print(json.dumps(row), file=log, flush=True)  # flushed, so that the curve can be followed live

        if arguments.evaluate:
            print(json.dumps(measure(network, *test, "test")), file=log, flush=True)


if __name__ == "__main__":
    main()
