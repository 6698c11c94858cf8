"""Makes sure that there are translations to train on: python prepare_data.py

OPUS Books (12 MB) is the paper's; Multi30k (1 MB) is what the profile `quick` trains on. A study fetches the one that it
trains on; by hand, `python prepare_data.py multi30k` fetches that one, and without a name both. Standard library only.
"""

import json
import os
import sys

from data_files import DataSet, Download, main

BOOKS_FILES = ("Books.en-fr.en", "Books.en-fr.fr")
MULTI30K_COPY = "https://raw.githubusercontent.com/multi30k/dataset/a3d2e0d26b56f3846f66a952536ffed4e401d05a/data/task1/raw"

OPUS_BOOKS = DataSet(
    name="opus-books",
    title="OPUS Books, English and French",
    home="https://opus.nlpl.eu/Books.php",
    terms="for personal, educational and research use; cite Tiedemann 2012",
    files=BOOKS_FILES,
    downloads=(
        (
            None,
            # The checksum that the library `datasets` of Hugging Face had on record for this file.
            Download(
                "https://object.pouta.csc.fi/OPUS-Books/v1/moses/en-fr.txt.zip",
                size_bytes=12_009_501,
                sha256="3b9eade0b11d6cc280502cbe52908ec476d9faa3bb589e70cf3ee1e44fcfc473",
                unpack={name: name for name in BOOKS_FILES},
                unpacked_bytes=33_000_000,
            ),
        ),
    ),
    has_stand_in=True,
)


def captions(name, size_bytes, sha256):
    return name, Download(f"{MULTI30K_COPY}/{name}", size_bytes=size_bytes, sha256=sha256)


MULTI30K_DOWNLOADS = (
    captions("train.en.gz", 568_929, "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"),
    captions("train.fr.gz", 604_242, "622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c"),
    captions("val.en.gz", 21_650, "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28"),
    captions("val.fr.gz", 23_001, "ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9"),
    captions("test_2016_flickr.en.gz", 21_077, "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9"),
    captions("test_2016_flickr.fr.gz", 22_310, "6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90"),
)

MULTI30K = DataSet(
    name="multi30k-en-fr",
    title="Multi30k, English and French",
    home="https://github.com/multi30k/dataset",
    terms="for research; cite Elliott et al. 2016",
    files=tuple(name for name, _ in MULTI30K_DOWNLOADS),
    downloads=MULTI30K_DOWNLOADS,
    has_stand_in=True,
)


#: By the name that config.yaml gives it.
DATASETS = {"multi30k": MULTI30K, "opus-books": OPUS_BOOKS}


def wanted():
    """The names on the command line, else the one that agenthpo says is trained on, else all."""
    changes = json.loads(os.environ.get("AGENTHPO_CONFIG_CHANGES", "{}"))
    names = sys.argv[1:] or [changes.get("dataset")]
    return list(DATASETS) if names == [None] else names


if __name__ == "__main__":
    for name in wanted():
        if name not in DATASETS:
            sys.exit(f"dataset: {name} is unknown; {' and '.join(DATASETS)} are known")
        main(DATASETS[name])
