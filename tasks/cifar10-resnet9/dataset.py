"""CIFAR-10 as arrays: images (uint8, n x 3 x 32 x 32) and labels (0 to 9)."""

import numpy as np

from batch_file import BadBatchError, read_batch
from data_files import DataNotFoundError
from prepare_data import CIFAR10, TEST_FILES, TRAIN_FILES

CLASSES = 10


def load_split(config):
    """((images, labels) to train on, (images, labels) to choose by), as many as config.yaml asks for."""
    return split(*load(TRAIN_FILES), config["train_images"], config["val_images"])


def load_test(config):
    return load(TEST_FILES)


def split(images, labels, train_count, val_count):
    """The same for every seed, and disjoint; the validation images do not change with `train_count`."""
    if train_count + val_count > len(images):
        raise DataNotFoundError(
            f"Dataset not found in full: config.yaml asks for {train_count:,} + {val_count:,} images to train and validate "
            f"with, and only {len(images):,} are there. Get the whole of CIFAR-10, or use fewer (the profile `quick` does)."
        )
    order = np.random.default_rng(10).permutation(len(images))
    val, train = order[:val_count], order[val_count : val_count + train_count]
    return (images[train], labels[train]), (images[val], labels[val])


def load(names):
    folder = CIFAR10.folder()
    images, labels = zip(*(load_file(folder / name) for name in names))
    print(f"{sum(map(len, labels)):,} images in {', '.join(names)} of {folder}")
    return np.concatenate(images), np.concatenate(labels)


def load_file(path):
    try:
        return read_batch(path.read_bytes())
    except OSError as error:
        raise CIFAR10.damaged(path, f"cannot be read ({error.strerror})") from error
    except BadBatchError as error:
        raise CIFAR10.damaged(path, error) from error
