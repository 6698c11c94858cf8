"""Fetches SST-2 unless it is there: python prepare_data.py

Three tables, 1 MB, go into $AGENTHPO_DATA/sst2, or data/ beside this file. Standard library only.
"""

from data_files import DataSet, Download, main

REPOSITORY = "https://raw.githubusercontent.com/clairett/pytorch-sentiment-classification"
COPY = f"{REPOSITORY}/457ffd83de90a9d6d472d8ffc31bbffe40a8b236/data/SST2"


def table(name, size_bytes, sha256):
    return name, Download(f"{COPY}/{name}", size_bytes=size_bytes, sha256=sha256)


SST2 = DataSet(
    name="sst2",
    title="SST-2",
    home="https://nlp.stanford.edu/sentiment/",
    terms="for research; cite Socher et al. 2013",
    files=("train.tsv", "dev.tsv", "test.tsv"),
    downloads=(
        table("train.tsv", 720_259, "ec192f833a64da08f475488a77b0d0b47db47acd0f458bd18433fc793b569920"),
        table("dev.tsv", 92_057, "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359"),
        table("test.tsv", 188_749, "831169c7e2e429d6026e1bdbb542f33b636e3e596caad9602ebc953c205928b7"),
    ),
    has_stand_in=True,
)

if __name__ == "__main__":
    main(SST2)
