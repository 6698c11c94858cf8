"""Reads one file of the "CIFAR-10 python version": a pickled dictionary of images and labels."""

import numpy as np

from safe_pickle import ARRAYS, BadPickleError, load

PIXELS = 3 * 32 * 32


class BadBatchError(Exception):
    """The file is not one of CIFAR-10's; the message continues "<path> …"."""


def read_batch(content):
    """(images, labels): uint8 of n x 3 x 32 x 32, and int64 of n from 0 to 9."""
    try:
        batch = load(content, admitted=ARRAYS, encoding="bytes")
    except BadPickleError as error:
        raise BadBatchError(str(error)) from error
    images, labels = (batch.get(b"data"), batch.get(b"labels")) if isinstance(batch, dict) else (None, None)
    if not (isinstance(images, np.ndarray) and images.dtype == np.uint8 and images.ndim == 2 and images.shape[1] == PIXELS):
        raise BadBatchError(f"holds no array of images (uint8, {PIXELS} a row) under 'data'")
    if not is_label_list(labels, len(images)):
        raise BadBatchError(f"does not hold one label from 0 to 9 for each of its {len(images)} images")
    return images.reshape(-1, 3, 32, 32), np.array(labels, dtype=np.int64)


def is_label_list(labels, count):
    return isinstance(labels, list) and len(labels) == count and all(type(x) is int and 0 <= x < 10 for x in labels)
