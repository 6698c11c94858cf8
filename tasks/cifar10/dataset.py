"""CIFAR-10 as arrays: images (uint8, n x 3 x 32 x 32) and labels (0 to 9), from the unpacked folder or the archive."""

import tarfile

import numpy as np

from batch_file import BadBatchError, read_batch
from data_files import FOLDER_NAME, TEST_FILES, TRAIN_FILES, DatasetNotFoundError, find_archive, find_folder

HOW_TO_GET_IT = "Run `python prepare_data.py` in this folder, which fetches it, or train with --stand-in."


def load_training_images():
    return load(TRAIN_FILES)


def load_test_images():
    return load(TEST_FILES)


def split(images, labels, train_count, val_count):
    """((images, labels) to train on, (images, labels) to choose by): the same for every seed, and disjoint.

    The validation images do not change with `train_count`.
    """
    if train_count + val_count > len(images):
        raise DatasetNotFoundError(
            f"Dataset not found in full: config.yaml asks for {train_count:,} + {val_count:,} images to train and validate "
            f"with, and only {len(images):,} are there. Get the whole of CIFAR-10, or use fewer (the profile `quick` does)."
        )
    order = np.random.default_rng(10).permutation(len(images))
    val, train = order[:val_count], order[val_count : val_count + train_count]
    return (images[train], labels[train]), (images[val], labels[val])


def load(names):
    source, contents = read_files(names)
    try:
        batches = [read_batch(f"{source}/{name}", content) for name, content in zip(names, contents)]
    except BadBatchError as error:
        raise DatasetNotFoundError(f"Dataset not found: {error}. Remove it and get the original: {HOW_TO_GET_IT}") from error
    images, labels = zip(*batches)
    print(f"{sum(map(len, labels)):,} images in {', '.join(names)} of {source}")
    return np.concatenate(images), np.concatenate(labels)


def read_files(names):
    """Where the files are, and their contents. From the archive they are read without unpacking anything."""
    folder = find_folder()
    if folder is not None:
        return folder, [(folder / name).read_bytes() for name in names]
    archive = find_archive()
    if archive is None:
        raise DatasetNotFoundError(f"Dataset not found: CIFAR-10 is not there. {HOW_TO_GET_IT}")
    try:
        with tarfile.open(archive) as tar:
            return archive, [tar.extractfile(f"{FOLDER_NAME}/{name}").read() for name in names]
    except (tarfile.TarError, EOFError, OSError, KeyError, AttributeError) as error:
        raise DatasetNotFoundError(f"Dataset not found: {archive} cannot be read ({error}). {HOW_TO_GET_IT}") from error
