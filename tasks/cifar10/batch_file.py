"""Reads one file of the "CIFAR-10 python version": a pickled dictionary of images and labels.

Unpickling can run any code that the file names. These files need a NumPy array and nothing else, so nothing else is let in.
"""

import io
import pickle
import warnings

import numpy as np

PIXELS = 3 * 32 * 32
ADMITTED = {
    # The files were written under Python 2; NumPy 2 has since moved the function.
    ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class BadBatchError(Exception):
    """The file is not one of CIFAR-10's."""


class ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) in ADMITTED:
            return ADMITTED[module, name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no file of CIFAR-10 needs; nothing of it was run")


def read_batch(name, content):
    """(images, labels): uint8 of n x 3 x 32 x 32, and int64 of n from 0 to 9. `name` is for the message of BadBatchError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy's remark on how Python 2 wrote a boolean
            batch = ArrayUnpickler(io.BytesIO(content), encoding="bytes").load()
    except Exception as error:  # a damaged pickle can raise anything
        raise BadBatchError(f"{name} could not be read: {error}") from error
    images, labels = (batch.get(b"data"), batch.get(b"labels")) if isinstance(batch, dict) else (None, None)
    if not (isinstance(images, np.ndarray) and images.dtype == np.uint8 and images.ndim == 2 and images.shape[1] == PIXELS):
        raise BadBatchError(f"{name} holds no array of images (uint8, {PIXELS} a row) under 'data'")
    if not is_label_list(labels, len(images)):
        raise BadBatchError(f"{name} does not hold one label from 0 to 9 for each of its {len(images)} images")
    return images.reshape(-1, 3, 32, 32), np.array(labels, dtype=np.int64)


def is_label_list(labels, count):
    return isinstance(labels, list) and len(labels) == count and all(type(x) is int and 0 <= x < 10 for x in labels)
