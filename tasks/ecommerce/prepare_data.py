"""Makes sure that there are product texts to train on: python prepare_data.py

The paper's set, 4-class E-commerce text, has no published checksum that could be pinned here, so a person puts it there.
PriceRunner's titles, 4 MB, are downloaded. A study needs the one that it trains on; by hand, `python prepare_data.py
pricerunner` asks for that one, and without a name for both. Standard library only.
"""

import json
import os
import sys

from data_files import DataSet, Download, main

COPY = "https://raw.githubusercontent.com/quoctoanpk2511/product-clustering/3dcb0033ad58248404e68f014dab93e6d20ba7a4"

ECOMMERCE = DataSet(
    name="ecommerce-text",
    title="E-commerce text (4 classes)",
    home="https://doi.org/10.5281/zenodo.3355823",
    terms="Gautam 2019",
    files=("ecommerceDataset.csv",),
    has_stand_in=True,
)

PRICERUNNER = DataSet(
    name="ecommerce-pricerunner",
    title="PriceRunner product titles",
    home="https://archive.ics.uci.edu/dataset/837/product+classification+and+clustering",
    terms="CC BY 4.0; cite Akritidis et al. 2020",
    files=("pricerunner_aggregate.csv",),
    downloads=(
        (
            "pricerunner_aggregate.csv",
            Download(
                f"{COPY}/pricerunner_aggregate.csv",
                size_bytes=3_919_560,
                sha256="9cb0af3b6c80f644da05dee170ba383f258ba9e85e3ae362676bccdaae75522b",
            ),
        ),
    ),
    has_stand_in=True,
)


#: By the name that config.yaml gives it.
DATASETS = {"pricerunner": PRICERUNNER, "ecommerce": ECOMMERCE}


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
