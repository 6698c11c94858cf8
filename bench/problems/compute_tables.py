"""Computes tables/*.json.gz: cross-validated errors of scikit-learn's models on a dense grid of hyperparameters.

    AGENTHPO_BENCH_DATA=../data python -m problems.compute_tables [hpobench/svm-car ...]

Run once, on scikit-learn 1.9.1; the tables are kept, so that a comparison needs none of this and never changes.
"""
import gzip
import itertools
import json
import sys
import time
import warnings

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from .catalogue import BENCH, problem_names
from .openml import load_table

FOLDS = 3
TREES = 20
EPOCHS = 50

# The grids: on the ends and, on the parameter's own scale, evenly (or nearly, where whole numbers are few) between them.
GRIDS = {
    "svm": {"C": np.geomspace(2**-10, 2**10, 21), "gamma": np.geomspace(2**-10, 2**10, 21)},
    "logistic": {"alpha": np.geomspace(1e-5, 1, 21), "eta0": np.geomspace(1e-5, 1, 21)},
    "forest": {
        "max_depth": [1, 2, 4, 7, 13, 25, 50],
        "max_features": [0, 0.15, 0.3, 0.5, 0.75, 1],
        "min_samples_leaf": [1, 2, 5, 10, 20],
        "min_samples_split": [2, 8, 32, 128],
    },
}


def main():
    warnings.simplefilter("ignore")
    wanted = sys.argv[1:] or [name for name in problem_names() if name.startswith("hpobench/")]
    for name in wanted:
        started = time.time()
        write_table(name.split("/")[1])
        print(f"{name}: {time.time() - started:.0f} s", flush=True)


def write_table(instance):
    kind, data_set = instance.split("-")
    inputs, classes = load_table(data_set)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    grid = {parameter: [float(value) for value in values] for parameter, values in GRIDS[kind].items()}
    errors = [
        round(1 - cross_val_score(build(kind, dict(zip(grid, point))), inputs, classes, cv=folds).mean(), 6)
        for point in itertools.product(*grid.values())
    ]
    target = BENCH / "tables" / f"{instance}.json.gz"
    target.parent.mkdir(exist_ok=True)
    # No time of writing in the file: the same figures are the same bytes.
    with gzip.GzipFile(target, "wb", mtime=0) as file:
        file.write(json.dumps({"grid": grid, "errors": errors}).encode())


def build(kind, values):
    return {"svm": svm, "logistic": logistic, "forest": forest}[kind](**values)


def svm(C, gamma):
    return make_pipeline(StandardScaler(), SVC(C=C, gamma=gamma, max_iter=20_000))


def logistic(alpha, eta0):
    regression = SGDClassifier("log_loss", alpha=alpha, eta0=eta0, learning_rate="constant", max_iter=EPOCHS, tol=None, random_state=0)
    return make_pipeline(StandardScaler(), regression)


def forest(max_depth, max_features, min_samples_leaf, min_samples_split):
    return RandomForestClassifier(
        n_estimators=TREES,
        max_depth=int(max_depth),
        # No share at all means one feature, as scikit-learn has it for tiny shares.
        max_features=max_features or 1,
        min_samples_leaf=int(min_samples_leaf),
        min_samples_split=int(min_samples_split),
        random_state=0,
    )


if __name__ == "__main__":
    main()
