"""Where the files of CIFAR-10 may lie. Standard library only: prepare_data.py needs it before anything is installed."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER_NAME = "cifar-10-batches-py"
ARCHIVE_NAME = "cifar-10-python.tar.gz"
TRAIN_FILES = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST_FILES = ("test_batch",)


class DatasetNotFoundError(Exception):
    """The images are not there, or not all of them; the message says how to get them."""


def places():
    """The folders that are searched, in this order."""
    shared = os.environ.get("AGENTHPO_DATA")
    beside_the_script = HERE / "data"
    return [Path(shared).expanduser() / "cifar10", beside_the_script] if shared else [beside_the_script]


def find_folder():
    """The first unpacked folder, or None. An incomplete one is an error: other images would be trained on in silence."""
    for place in places():
        folder = place / FOLDER_NAME
        if folder.is_dir():
            missing = [name for name in TRAIN_FILES + TEST_FILES if not (folder / name).is_file()]
            if missing:
                raise DatasetNotFoundError(
                    f"Dataset not found: {folder} lacks {', '.join(missing)}. "
                    "Complete that folder, or remove it to have CIFAR-10 fetched again."
                )
            return folder
    return None


def find_archive():
    """The first archive, or None."""
    return next((place / ARCHIVE_NAME for place in places() if (place / ARCHIVE_NAME).is_file()), None)


def ways_to_get_it(url):
    """What a person can do when CIFAR-10 is neither there nor downloadable."""
    return (
        f"Either download {url} by hand into {places()[0]}/, or point AGENTHPO_DATA at a folder whose cifar10/ holds "
        f"{FOLDER_NAME}/ or {ARCHIVE_NAME}. To try everything without the real images: --stand-in."
    )
