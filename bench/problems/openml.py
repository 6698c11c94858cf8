"""The tables of openml-hpobench as numbers: nominal columns one-hot, the last column the class."""
import csv

import numpy as np

from .catalogue import data_folder

FILES = {
    "australian": "australian.dat",
    "blood": "blood-transfusion-service-center.csv",
    "car": "car.arff",
    "credit": "credit-g.csv",
    "segment": "segment.csv",
    "vehicle": "vehicle.csv",
}


def load_table(name):
    """Answers (inputs, classes): a matrix of floats and a vector of class names."""
    rows = _rows(data_folder("openml-hpobench") / FILES[name])
    columns = list(zip(*rows))
    return np.hstack([_encode(column) for column in columns[:-1]]), np.array(columns[-1])


def _rows(path):
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    if path.suffix == ".dat":
        return [line.split() for line in lines]
    if path.suffix == ".arff":
        data = next(index for index, line in enumerate(lines) if line.lower().startswith("@data"))
        return list(csv.reader(lines[data + 1 :]))
    return list(csv.reader(lines[1:], quotechar="'"))


def _encode(column):
    try:
        return np.array(column, dtype=float)[:, None]
    except ValueError:
        return (np.array(column)[:, None] == np.array(sorted(set(column)))).astype(float)
