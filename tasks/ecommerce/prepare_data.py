"""Makes sure that there are product texts to train on: python prepare_data.py

The paper's set, 4-class E-commerce text, has no published checksum that could be pinned here, so a person puts it there.
PriceRunner's titles, 4 MB, are downloaded. Standard library only.
"""

from data_files import DataNotFoundError, DataSet, Download, main, prepare

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


def prepare_if_possible(dataset):
    try:
        prepare(dataset)
    except DataNotFoundError as error:
        print(f"{error}\nGoing on without it.")


if __name__ == "__main__":
    if ECOMMERCE.find() is None:
        main(PRICERUNNER)
    else:
        print(f"{ECOMMERCE.title} is there: {ECOMMERCE.folder()}")
        prepare_if_possible(PRICERUNNER)
