"""Fetches the eight OpenML tables unless they are there: python prepare_data.py

1 MB is downloaded into $AGENTHPO_DATA/openml-hpobench (or data/ beside this file) and checked. A training needs its own
table alone, and a study with `--set dataset=…` fetches that one. Standard library only.
"""

import json
import os
import sys

from data_files import DataNotFoundError, DataSet, main, prepare
from download import Download

RAW = "https://raw.githubusercontent.com"
OPENML = "datasets/openml-datasets"
OPENML_COMMIT = "33fdb1a80bb44d92180fba7af46ef0622d54e52b"


def from_openml(name, size_bytes, sha256):
    url = f"{RAW}/{OPENML}/{OPENML_COMMIT}/data/{name}/{name}.csv"
    return one_file(f"{name}.csv", f"https://github.com/{OPENML}", "ODC-PDDL", Download(url, size_bytes, sha256))


def one_file(file, home, terms, download):
    title = f"HPOBench's {file}"
    return DataSet("openml-hpobench", title, home, files=(file,), downloads=((file, download),), terms=terms)


#: Every table by the name that config.yaml gives it.
TABLES = {
    "australian": one_file(
        "australian.dat",
        "https://archive.ics.uci.edu/ml/machine-learning-databases/statlog/australian/",
        "UCI, no explicit licence",
        # With a line of column names, which the original does not have.
        Download(
            f"{RAW}/rajdeep-cse17/Class_Imbalance/5ef9e2bc47419dd7b20d0a9f6bb1c665dfebd3a4/data/australian.dat",
            28_717,
            "ec683991fd32b3ef1d9a4e50ac3ab5574067cc0eedec67b8d755e6c26c5508fe",
        ),
    ),
    "blood-transfusion": from_openml(
        "blood-transfusion-service-center",
        10_502,
        "c3e5dc8f63e2bdc41e30f2b7a9398207203ac1c594bac206d450441a04d268c2",
    ),
    "car": one_file(
        "car.arff",
        "https://github.com/renatopp/arff-datasets",
        "UCI, no explicit licence",
        Download(
            f"{RAW}/renatopp/arff-datasets/c59f172882592bb58982cc54d2d3c8a2b57e9b73/classification/car.arff",
            57_301,
            "361952e8eadd9abebbfeaca6056228f0bdabb71a2e8cfa0b5ed49d12b6b9c6c7",
        ),
    ),
    "credit-g": from_openml("credit-g", 151_964, "7e4a89f3f4fd64675a84da5fd4be8b58111455137dfe735e7e1969d9be3eb836"),
    "kc1": from_openml("kc1", 151_530, "4bea6f974c6e7f35ccf4b19b27975ca481f0a3ba1f290e1e08b4a4b10836acef"),
    "phoneme": from_openml("phoneme", 267_324, "d78411a6cb2ce7769c222befa4a454e6f055a935fa56abcf93af60b226d9e219"),
    "segment": from_openml("segment", 302_571, "cb0005f2fc788cb30a2a85967029268f45df21552110ffa2dbcc377cb1eef50c"),
    "vehicle": from_openml("vehicle", 55_454, "4980d4ebdfc64180b4607d14e57651049d6420f960d92a12d6754cb0dded05eb"),
}


def prepare_all():
    """Every table that can be had. Exit status 0 when one is there: a training says itself that it lacks its own."""
    missing = {}
    for name, table in TABLES.items():
        try:
            prepare(table)
        except DataNotFoundError as error:
            missing[name] = str(error)
    if len(missing) == len(TABLES):
        sys.exit(next(iter(missing.values())))
    if missing:
        print(f"Not there: {', '.join(missing)}. A training on one of them says how to get it.")


if __name__ == "__main__":
    chosen = json.loads(os.environ.get("AGENTHPO_CONFIG_CHANGES", "{}")).get("dataset")
    if chosen is None:
        prepare_all()
    elif chosen in TABLES:
        main(TABLES[chosen])
    else:
        sys.exit(f"dataset: {chosen} is unknown; {', '.join(TABLES)} are known")
