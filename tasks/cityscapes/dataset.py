"""Cityscapes as arrays of one size, from the published layout:

    leftImg8bit/<part>/<city>/<name>_leftImg8bit.png       photographs, 2048 x 1024
    gtFine/<part>/<city>/<name>_gtFine_labelIds.png        the label of each pixel

Three cities of the published training part are for validation, the rest for training. The published validation part is the test,
because the labels of the published test part are not public.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PIL import Image

from classes import CLASS_OF_LABEL, LAST_LABEL
from data_files import DataNotFoundError
from prepare_data import CITYSCAPES

VALIDATION_CITIES = ("ulm", "weimar", "zurich")
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)  # what Pillow raises for a damaged file


@dataclass(frozen=True)
class Scenes:
    """`images`: uint8, n x 3 x height x width; `classes`: uint8, n x height x width, 0 to 18 and 255 for what is left out."""

    images: np.ndarray
    classes: np.ndarray


def load_training(size, count):
    return load("train", lambda city: city not in VALIDATION_CITIES, size, count)


def load_validation(size, count):
    return load("train", lambda city: city in VALIDATION_CITIES, size, count)


def load_test(size, count):
    return load("val", lambda city: True, size, count)


def load(part, is_wanted, size, count):
    """`count` scenes of the wanted cities, evenly spread, as (width, height)."""
    folder = CITYSCAPES.folder()
    there = [path for path in sorted((folder / "leftImg8bit" / part).glob("*/*_leftImg8bit.png")) if is_wanted(path.parent.name)]
    if len(there) < count:
        cities = ", ".join(sorted({path.parent.name for path in there})) or "no city"
        raise DataNotFoundError(
            f"Dataset not found in full: config.yaml asks for {count:,} scenes, and {folder}/leftImg8bit/{part} has "
            f"{len(there):,} that may be used ({cities}). Complete the folder, or use fewer (the profile `quick` does). "
            f"{', '.join(VALIDATION_CITIES)} of train/ are for validation, the other cities for training, val/ is the test."
        )
    chosen = [there[index * len(there) // count] for index in range(count)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # Pillow decodes outside Python's lock
        images, classes = zip(*pool.map(lambda path: read(folder, path, size), chosen))
    print(f"{count:,} scenes of {folder}/leftImg8bit/{part}")
    return Scenes(np.stack(images), np.stack(classes))


def read(folder, path, size):
    name = path.name.removesuffix("_leftImg8bit.png")
    label_path = folder / "gtFine" / path.parts[-3] / path.parent.name / f"{name}_gtFine_labelIds.png"
    photograph = open_image(path, "RGB")
    labels = open_image(label_path, "L")
    if photograph.size != labels.size:
        raise CITYSCAPES.damaged(label_path, f"is {labels.size} pixels, its photograph {photograph.size}")
    pixels = np.asarray(photograph.resize(size, Image.Resampling.BILINEAR, reducing_gap=2))
    ids = np.asarray(labels.resize(size, Image.Resampling.NEAREST))
    if ids.max() > LAST_LABEL:
        raise CITYSCAPES.damaged(label_path, f"should hold labels from 0 to {LAST_LABEL}, and holds {ids.max()}")
    return pixels.transpose(2, 0, 1), CLASS_OF_LABEL[ids]


def open_image(path, mode):
    try:
        image = Image.open(path, formats=["PNG"])
        image.load()
    except FileNotFoundError as error:
        raise CITYSCAPES.damaged(path, "is missing") from error
    except UNREADABLE as error:
        raise CITYSCAPES.damaged(path, f"cannot be read ({error})") from error
    if image.mode != mode:
        raise CITYSCAPES.damaged(path, f"should be a PNG of mode {mode}, and is {image.mode}")
    return image
