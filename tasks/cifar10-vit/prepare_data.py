"""Fetches CIFAR-10 unless it is there: python prepare_data.py

170 MB are downloaded into $AGENTHPO_DATA/cifar10 (or data/ beside this file), checked, and unpacked into 186 MB.
An interrupted download goes on where it stopped. Standard library only.
"""

from data_files import DataSet, main
from download import Download

FOLDER = "cifar-10-batches-py"
TRAIN_FILES = tuple(f"{FOLDER}/data_batch_{number}" for number in range(1, 6))
TEST_FILES = (f"{FOLDER}/test_batch",)

CIFAR10 = DataSet(
    name="cifar10",
    aliases=("cifar-10",),
    title="CIFAR-10",
    home="https://www.cs.toronto.edu/~kriz/cifar.html",
    files=TRAIN_FILES + TEST_FILES,
    downloads=(
        (
            None,
            Download(
                url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
                size_bytes=170_498_071,
                sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                unpack={name: name for name in (*TRAIN_FILES, *TEST_FILES, f"{FOLDER}/batches.meta")},
                unpacked_bytes=186_500_000,
            ),
        ),
    ),
    has_stand_in=True,
)

if __name__ == "__main__":
    main(CIFAR10)
