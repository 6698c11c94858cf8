"""Train a random forest on one of eight OpenML tables: HPOBench's RF benchmark (see tables.py).

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test rows as well
"""

import argparse
import json
import sys
from pathlib import Path

import yaml
from sklearn.ensemble import RandomForestClassifier

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
        forest = build(config, columns=train.inputs.shape[1])
        fit(forest, train, val, config, lambda row: write_row(log, row))
        if arguments.evaluate:
            write_row(log, {"test_error": error_of(forest, test)})


def build(config, columns):
    return RandomForestClassifier(
        max_depth=config["max_depth"],
        # HPOBench's meaning of it, which is not scikit-learn's: an exponent, so that 0.5 is the usual square root.
        max_features=round(columns ** config["max_features"]),
        min_samples_leaf=config["min_samples_leaf"],
        min_samples_split=config["min_samples_split"],
        warm_start=True,  # a further `fit` adds trees, and the same forest comes out as from a single one
        random_state=config["seed"],
    )


def fit(forest, train, val, config, report):
    """A forest does not learn in epochs: its curve is over the number of trees."""
    steps = range(config["report_every"], config["trees"], config["report_every"])
    for trees in (*steps, config["trees"]):
        forest.set_params(n_estimators=trees).fit(*train)
        report({"round": trees, "train_error": error_of(forest, train), "val_error": error_of(forest, val)})


def write_row(log, row):
    print(json.dumps(row), file=log, flush=True)  # flushed, so that the curve can be followed live


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
