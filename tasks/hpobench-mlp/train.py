"""Train a multi-layer perceptron on one of eight OpenML tables: HPOBench's NN benchmark (see tables.py).

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test rows as well
"""

import argparse
import json
import math
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # for matrices this small, more threads only get in each other's way

import numpy as np
import yaml
from sklearn.neural_network import MLPClassifier

from data_files import DataNotFoundError
from tables import error_of, load_split, majority_error

HERE = Path(__file__).parent
#: When MLPClassifier.fit stops by itself, with HPOBench's (and its own default) settings.
TOLERANCE, PATIENCE = 1e-4, 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test rows once training is over")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    train, val, test = load_split(config["dataset"])

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        write_row(log, {"trivial_val_error": majority_error(train, val)})
        network = build(config)
        fit(network, train, val, config["epochs"], lambda row: write_row(log, row))
        if arguments.evaluate:
            write_row(log, {"test_error": error_of(network, test)})


def build(config):
    return MLPClassifier(
        hidden_layer_sizes=[config["width"]] * config["depth"],
        activation="relu",
        solver="adam",
        alpha=config["alpha"],
        batch_size=config["batch_size"],
        learning_rate_init=config["learning_rate_init"],
        random_state=np.random.RandomState(config["seed"]),  # one generator, so that every epoch has its own order
    )


def fit(network, train, val, epochs, report):
    """MLPClassifier.fit, one epoch at a time: trains until the last one, or until the training loss has stopped falling."""
    classes = np.unique(train.classes)
    best_loss, epochs_without_progress = math.inf, 0
    for epoch in range(1, epochs + 1):
        train_epoch(network, train, classes, epoch)
        report(
            {
                "epoch": epoch,
                "train_loss": network.loss_,
                "train_error": error_of(network, train),
                "val_error": error_of(network, val),
            }
        )
        epochs_without_progress = epochs_without_progress + 1 if network.loss_ > best_loss - TOLERANCE else 0
        best_loss = min(best_loss, network.loss_)
        if epochs_without_progress > PATIENCE:
            print(f"The training loss has stopped falling: stopped after epoch {epoch}")
            return


def train_epoch(network, train, classes, epoch):
    try:
        network.partial_fit(*train, classes=classes)
    except ValueError as error:  # how scikit-learn says that a weight overflowed
        raise FloatingPointError(f"the training diverged: in epoch {epoch}, {error}") from error
    if not math.isfinite(network.loss_):
        raise FloatingPointError(f"the training diverged: the loss became {network.loss_} in epoch {epoch}")


def write_row(log, row):
    print(json.dumps(row), file=log, flush=True)  # flushed, so that the curve can be followed live


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
