"""The butterflies as arrays: images (uint8, n x 3 x size x size) and labels (0 to 74, in the order of the species' names)."""

import csv

import numpy as np

from data_files import DataNotFoundError
from image_file import BadImageError, read_image
from prepare_data import BUTTERFLIES, IMAGES, LABELS

CLASSES = 75
#: The published test images have no labels, so these are taken from the labelled ones.
TEST_IMAGES = 1_000


def load_split(config):
    """((images, labels) to train on, (images, labels) to choose by), as many as config.yaml asks for."""
    train, val, _ = split(read_labels(BUTTERFLIES.folder()), config["train_images"], config["val_images"])
    return load("train with", train, config["image_size"]), load("validate with", val, config["image_size"])


def load_test(config):
    _, _, test = split(read_labels(BUTTERFLIES.folder()), config["train_images"], config["val_images"])
    return load("test with", test, config["image_size"])


def read_labels(folder):
    """(path, label) of every labelled image, in the order of the table."""
    table = folder / LABELS
    try:
        with open(table, encoding="utf-8", newline="") as file:
            rows = [(row["filename"], row["label"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise BUTTERFLIES.damaged(table, "is no table with the columns filename and label") from error
    for number, (name, species) in enumerate(rows, start=2):
        if not name or not species or "/" in name or "\\" in name:
            raise BUTTERFLIES.damaged(table, f"has no file name and species in line {number}")
    names = [name for name, _ in rows]
    if len(set(names)) < len(names):  # one image would be trained on and tested
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise BUTTERFLIES.damaged(table, f"names {twice} more than once")
    species = sorted({each for _, each in rows})
    if not 1 < len(species) <= CLASSES:
        raise BUTTERFLIES.damaged(table, f"names {len(species)} species, not {CLASSES}")
    return [(folder / IMAGES / name, species.index(each)) for name, each in rows]


def split(rows, train_count, val_count):
    """(train, val, test): the same for every seed, and disjoint; validation and test do not change with `train_count`."""
    wanted = TEST_IMAGES + val_count + train_count
    if wanted > len(rows):
        raise DataNotFoundError(
            f"Dataset not found in full: {TEST_IMAGES:,} test images and the {val_count:,} + {train_count:,} that config.yaml "
            f"asks for to validate and train with are more than the {len(rows):,} in {LABELS}. Get the whole set, or use fewer."
        )
    shuffled = [rows[index] for index in np.random.default_rng(75).permutation(len(rows))]
    test, val = shuffled[:TEST_IMAGES], shuffled[TEST_IMAGES : TEST_IMAGES + val_count]
    return shuffled[TEST_IMAGES + val_count : wanted], val, test


def load(purpose, rows, size):
    images = np.empty((len(rows), 3, size, size), dtype=np.uint8)
    for image, (path, _) in zip(images, rows):
        try:
            image[:] = read_image(path, size)
        except BadImageError as error:
            raise BUTTERFLIES.damaged(path, error) from error
    print(f"{len(rows):,} butterflies to {purpose}, {size} x {size} pixels")
    return images, np.array([label for _, label in rows], dtype=np.int64)
