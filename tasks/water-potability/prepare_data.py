"""Fetches the water samples unless they are there: python prepare_data.py

0.5 MB into $AGENTHPO_DATA/water-potability, or data/ beside this file, checked. Standard library only.
"""

from data_files import DataSet, main
from download import Download

FILE = "water_potability.csv"

WATER = DataSet(
    name="water-potability",
    title="Water Potability",
    home="https://www.kaggle.com/datasets/adityakadiwal/water-potability",
    files=(FILE,),
    downloads=(
        (
            FILE,
            Download(
                url="https://raw.githubusercontent.com/Jangrae/csv/c12ba9423bfd6f9743435eefcf49ea72a81093d9/water_potability.csv",
                size_bytes=521_910,
                sha256="111a9ba65f2d791003ac07b54b8e18e2f7e0bc1cfa37cfdb251d3758a4e8c24c",
            ),
        ),
    ),
)

if __name__ == "__main__":
    main(WATER)
