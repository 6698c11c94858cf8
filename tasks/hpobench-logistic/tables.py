"""The eight OpenML tables with which HPOBench's classical benchmarks begin, encoded as there.

Eggensperger et al. 2021, "HPOBench: A Collection of Reproducible Multi-Fidelity Benchmark Problems for HPO"
(arXiv 2109.06716). A tenth of the rows is to test, a third of the rest to validate, by class; nominal columns become one
column a value, numeric ones are standardised. HPOBench takes its test rows from OpenML's tasks; these are drawn here, the
same for every seed, so that single errors differ from published ones.
"""

import csv
from typing import NamedTuple

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from prepare_data import TABLES

TEST_SHARE = 0.1
VALIDATION_SHARE = 0.33
SPLIT_SEED = 1


class Shape(NamedTuple):
    rows: int
    inputs: int
    classes: int
    #: Inputs that are names, some of them written as numbers.
    nominal: tuple[int, ...] = ()

    @property
    def numeric(self):
        return tuple(column for column in range(self.inputs) if column not in self.nominal)


SHAPES = {
    "australian": Shape(690, 14, 2, nominal=(0, 3, 4, 5, 7, 8, 10, 11)),
    "blood-transfusion": Shape(748, 4, 2),
    "car": Shape(1_728, 6, 4, nominal=(0, 1, 2, 3, 4, 5)),
    "credit-g": Shape(1_000, 20, 2, nominal=(0, 2, 3, 5, 6, 8, 9, 11, 13, 14, 16, 18, 19)),
    "kc1": Shape(2_109, 21, 2),
    "phoneme": Shape(5_404, 5, 2),
    "segment": Shape(2_310, 19, 7),
    "vehicle": Shape(846, 18, 4),
}


class Rows(NamedTuple):
    inputs: np.ndarray
    classes: np.ndarray


def load_split(name):
    """(rows to train on, rows to choose by, rows to test), encoded by what the first ones hold."""
    if name not in TABLES:
        raise ValueError(f"dataset: expected one of {', '.join(TABLES)}, got {name!r}")
    rest, test = split(read_table(name), TEST_SHARE)
    train, val = split(rest, VALIDATION_SHARE)
    shape = SHAPES[name]
    encoder = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), shape.nominal),
        (StandardScaler(), shape.numeric),
    ).fit(train.inputs)
    parts = train, val, test
    print(f"{name}: rows to train on, validate and test:", *(len(part.classes) for part in parts))
    return tuple(Rows(encoder.transform(part.inputs), part.classes) for part in parts)


def split(rows, share):
    """(the rest, the share), with every class in both as in the whole."""
    parts = train_test_split(*rows, test_size=share, stratify=rows.classes, random_state=SPLIT_SEED)
    return Rows(parts[0], parts[2]), Rows(parts[1], parts[3])


def read_table(name):
    """The table as text, its last column the classes. DataNotFoundError: it is not there, or not what it should be."""
    shape, (file,) = SHAPES[name], TABLES[name].files
    path = TABLES[name].folder() / file
    try:
        lines = list(READERS[path.suffix](path.read_text(encoding="utf-8").splitlines()))
        return Rows(*check([line for line in lines if line], shape))
    except (OSError, ValueError, csv.Error) as error:
        raise TABLES[name].damaged(path, f"cannot be read: {error}") from error


def check(lines, shape):
    """(inputs, classes). ValueError says what is wrong with them."""
    if len(lines) != shape.rows:
        raise ValueError(f"{shape.rows:,} rows were expected, it has {len(lines):,}")
    for number, line in enumerate(lines, start=1):
        if len(line) != shape.inputs + 1:
            raise ValueError(f"{shape.inputs + 1} columns were expected, row {number:,} has {len(line)}")
    table = np.array(lines, dtype=object)
    if not np.isfinite(table[:, shape.numeric].astype(float)).all():
        raise ValueError("numbers were expected, it has NaN or infinite ones")
    classes = table[:, -1].astype(str)
    if len(set(classes)) != shape.classes:
        raise ValueError(f"{shape.classes} classes were expected, it has {len(set(classes))}")
    return table[:, :-1], classes


def read_csv(lines):
    """A line of names, then the rows; what holds a comma is in single quotes."""
    return csv.reader(lines[1:], quotechar="'")


def read_arff(lines):
    """The rows below @data."""
    data = [line.lower() for line in lines].index("@data")
    return csv.reader(lines[data + 1 :])


def read_blank_separated(lines):
    """Rows alone, or below a line of names."""
    rows = [line.split() for line in lines]
    return rows[1:] if rows and rows[0][-1] == "class" else rows


READERS = {".csv": read_csv, ".arff": read_arff, ".dat": read_blank_separated}


def error_of(model, rows):
    """Share of the rows whose class the model gets wrong."""
    return float(np.mean(model.predict(rows.inputs) != rows.classes))


def majority_error(train, rows):
    """The same for answering with the most frequent class of the training rows, whatever the inputs."""
    names, counts = np.unique(train.classes, return_counts=True)
    return float(np.mean(rows.classes != names[counts.argmax()]))
