"""Taxi trips as arrays: what is known at the start (and the distance), and the fare in dollars."""

import csv
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data_files import DataNotFoundError
from prepare_data import FILE, TAXI

COLUMNS = ("tpep_pickup_datetime", "trip_distance", "passenger_count", "PULocationID", "DOLocationID", "fare_amount")
#: Lowest and highest value of every column but the first; distance in miles, fare in dollars.
RANGES = {
    "trip_distance": (0.01, 1_000),
    "passenger_count": (0, 9),
    "PULocationID": (1, 265),
    "DOLocationID": (1, 265),
    "fare_amount": (0.01, 10_000),
}
ZONES = 266  # of the city, from 1
WHOLE_NUMBERS = ("passenger_count", "PULocationID", "DOLocationID")  # written as 1 or 1.0
ROWS = 100_000
TEST_ROWS, VAL_ROWS = 20_000, 10_000


class BadRowError(Exception):
    """A row of the file is not a trip; the message says which and why."""


@dataclass(frozen=True)
class Trips:
    numbers: np.ndarray  # float32, trips x 6: see `describe`
    zones: np.ndarray  # int64, trips x 2: where it began, where it ended
    miles: np.ndarray
    dollars: np.ndarray

    def take(self, rows):
        return Trips(self.numbers[rows], self.zones[rows], self.miles[rows], self.dollars[rows])


def load():
    path = TAXI.folder() / FILE
    try:
        with open(path, encoding="utf-8", newline="") as file:
            trips = read(csv.reader(file))
    except (OSError, ValueError, csv.Error, BadRowError) as error:
        raise TAXI.damaged(path, f"is not the published table: {error}") from error
    print(f"{len(trips.dollars):,} trips in {path}")
    return trips


def read(rows):
    header = tuple(next(rows, ()))
    if header != COLUMNS:
        raise BadRowError(f"its columns are {', '.join(header) or 'none'} instead of {', '.join(COLUMNS)}")
    times, values = [], []
    for number, row in enumerate(rows, start=2):
        try:
            time, *rest = row
            times.append(datetime.fromisoformat(time))
            values.append([float(value) for value in rest])
            if len(rest) != len(RANGES):
                raise ValueError(f"{len(row)} cells instead of {len(COLUMNS)}")
        except ValueError as error:
            raise BadRowError(f"in row {number}, {error}") from error
    if len(values) != ROWS:
        raise BadRowError(f"it has {len(values):,} trips instead of {ROWS:,}")
    table = dict(zip(RANGES, np.array(values).T))
    for name, (low, high) in RANGES.items():
        wrong = np.flatnonzero(~((table[name] >= low) & (table[name] <= high)))
        if len(wrong):
            raise BadRowError(f"in row {wrong[0] + 2}, {name} is {table[name][wrong[0]]:g}, not from {low:g} to {high:g}")
    for name in WHOLE_NUMBERS:
        broken = np.flatnonzero(table[name] != np.floor(table[name]))
        if len(broken):
            raise BadRowError(f"in row {broken[0] + 2}, {name} is {table[name][broken[0]]:g}, no whole number")
    return describe(times, table)


def describe(times, table):
    """Hours go round a circle, so that 23:59 lies beside 0:00."""
    angle = np.array([2 * np.pi * (time.hour + time.minute / 60) / 24 for time in times])
    weekend = np.array([time.weekday() >= 5 for time in times])
    miles = table["trip_distance"]
    numbers = [miles, np.log(miles), table["passenger_count"], np.sin(angle), np.cos(angle), weekend]
    zones = np.stack([table["PULocationID"], table["DOLocationID"]], axis=1)
    return Trips(np.stack(numbers, axis=1).astype(np.float32), zones.astype(np.int64), miles, table["fare_amount"])


def split(trips, train_rows):
    """(to train on, to choose by, to test): disjoint, and the same for every seed.

    Those to choose by and to test do not change with `train_rows`.
    """
    available = len(trips.dollars) - TEST_ROWS - VAL_ROWS
    if train_rows > available:
        raise DataNotFoundError(
            f"Dataset not found in full: config.yaml asks for {train_rows:,} trips to train on, and {available:,} are there."
        )
    order = np.random.default_rng(0).permutation(len(trips.dollars))
    test, val, train = np.split(order, [TEST_ROWS, TEST_ROWS + VAL_ROWS])
    return trips.take(train[:train_rows]), trips.take(val), trips.take(test)
