"""Train boosted trees that tell from nine measurements whether water can be drunk, under cross-validation.

    python train.py              # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate   # the same training, then trees on all of those samples, measured on the test samples

A row of the log has the metrics after so many rounds: train_macro_f1, val_macro_f1, val_potable_f1, val_accuracy, val_auc …
"""

import argparse
import json
import sys
from pathlib import Path

import yaml
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

import dataset
from boosting import cross_validate, fit_and_predict, tree_parameters
from data_files import DataNotFoundError

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test samples once training is over")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    (features, labels), (test_features, test_labels) = dataset.load()
    parameters, rounds = tree_parameters(config, "binary:logistic"), config["n_estimators"]
    splits = dataset.folds(features, labels, config["folds"])

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        write_row(log, measure_without_learning(labels))
        for row in cross_validate(features, labels, splits, parameters, rounds, measure):
            write_row(log, row)
        if arguments.evaluate:
            predictions = fit_and_predict(features, labels, test_features, parameters, rounds)
            write_row(log, {f"test_{name}": value for name, value in measure(test_labels, predictions).items()})


def measure(labels, probabilities):
    predicted = probabilities > 0.5
    return {
        "macro_f1": f1_score(labels, predicted, average="macro"),
        "potable_f1": f1_score(labels, predicted),
        "accuracy": accuracy_score(labels, predicted),
        "auc": roc_auc_score(labels, probabilities),
    }


def measure_without_learning(labels):
    """The best that can be had without looking at the measurements, for each metric on its own.

    Guessing both classes as often as they occur gives each class its share as F1, so 1/2 on average: more than any constant
    answer. For the F1 of potable water alone the best is to call all water potable, for accuracy the opposite.
    """
    potable = float(labels.mean())
    return {
        "trivial_macro_f1": 0.5,
        "trivial_potable_f1": 2 * potable / (1 + potable),
        "trivial_accuracy": max(potable, 1 - potable),
    }


def write_row(log, row):
    print(json.dumps(row), file=log, flush=True)  # flushed, so that the curve can be followed live


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
