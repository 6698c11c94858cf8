"""Train a logistic regression by stochastic gradient descent on one of eight OpenML tables.

HPOBench's LR benchmark (see tables.py).

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test rows as well
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import SGDClassifier

from data_files import DataNotFoundError
from tables import error_of, load_split, majority_error

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test rows once training is over")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    train, val, test = load_split(config["dataset"])

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        write_row(log, {"trivial_val_error": majority_error(train, val)})
        regression = build(config)
        fit(regression, train, val, config, lambda row: write_row(log, row))
        if arguments.evaluate:
            write_row(log, {"test_error": error_of(regression, test)})


def build(config):
    return SGDClassifier(
        loss="log_loss",
        alpha=config["alpha"],
        eta0=config["eta0"],
        # HPOBench writes "adaptive" with tol=None: without a tolerance, every epoch counts as progress, and the step size
        # stays what it is.
        learning_rate="constant",
        random_state=np.random.RandomState(config["seed"]),  # one generator, so that every epoch has its own order
    )


def fit(regression, train, val, config, report):
    classes = np.unique(train.classes)
    for epoch in range(1, config["epochs"] + 1):
        try:
            regression.partial_fit(*train, classes=classes)
        except ValueError as error:  # how scikit-learn says that a weight overflowed
            raise FloatingPointError(f"the training diverged: in epoch {epoch}, {error}") from error
        if epoch % config["report_every"] == 0 or epoch == config["epochs"]:
            report({"epoch": epoch, "train_error": error_of(regression, train), "val_error": error_of(regression, val)})


def write_row(log, row):
    print(json.dumps(row), file=log, flush=True)  # flushed, so that the curve can be followed live


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
