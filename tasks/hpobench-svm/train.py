"""Train a support vector machine on one of eight OpenML tables: HPOBench's SVM benchmark (see tables.py).

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test rows as well
"""

import argparse
import json
import sys
from pathlib import Path

import yaml
from sklearn.svm import SVC

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
        machine = SVC(kernel="rbf", C=config["C"], gamma=config["gamma"])
        machine.fit(*train)
        write_row(log, {"train_error": error_of(machine, train), "val_error": error_of(machine, val)})
        if arguments.evaluate:
            write_row(log, {"test_error": error_of(machine, test)})


def write_row(log, row):
    print(json.dumps(row), file=log, flush=True)


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
