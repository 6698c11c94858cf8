"""Train boosted trees that estimate what a house is sold for, under cross-validation.

    python train.py              # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate   # the same training, then trees on all of those houses, measured on the test houses

A row of the log has the metrics after so many rounds: train_r2, train_rmse, train_mae, val_r2, val_rmse, val_mae (in dollars).
"""

import argparse
import json
import sys
from pathlib import Path

import yaml
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

import dataset
from boosting import cross_validate, fit_and_predict, out_of_fold, tree_parameters
from data_files import DataNotFoundError

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test houses once training is over")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    (features, prices), (test_features, test_prices) = dataset.load()
    parameters, rounds = tree_parameters(config, "reg:squarederror"), config["n_estimators"]
    splits = dataset.folds(features, config["folds"])

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        write_row(log, {"trivial_r2": r2_of_means(prices, splits)})
        for row in cross_validate(features, prices, splits, parameters, rounds, measure):
            write_row(log, row)
        if arguments.evaluate:
            predictions = fit_and_predict(features, prices, test_features, parameters, rounds)
            write_row(log, {f"test_{name}": value for name, value in measure(test_prices, predictions).items()})


def measure(prices, predictions):
    return {
        "r2": r2_score(prices, predictions),
        "rmse": root_mean_squared_error(prices, predictions),
        "mae": mean_absolute_error(prices, predictions),
    }


def r2_of_means(prices, splits):
    """Without learning: every house at the mean price of the houses in the other folds."""
    return r2_score(prices, out_of_fold([(validate, prices.iloc[learn].mean()) for learn, validate in splits]))


def write_row(log, row):
    print(json.dumps(row), file=log, flush=True)  # flushed, so that the curve can be followed live


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
