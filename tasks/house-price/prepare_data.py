"""Fetches the house prices unless they are there: python prepare_data.py

0.5 MB into $AGENTHPO_DATA/house-price, or data/ beside this file, checked. Standard library only.
"""

from data_files import DataSet, main
from download import Download

FILE = "train.csv"

HOUSES = DataSet(
    name="house-price",
    aliases=("house-prices",),
    title="House Prices",
    home="https://www.kaggle.com/competitions/house-prices-advanced-regression-techniques/data",
    files=(FILE,),
    downloads=(
        (
            FILE,
            Download(
                url="https://raw.githubusercontent.com/Yuugure-Yuu/Machile-Learning-in-sdu/c561b185bbbdd614ce4786b701f33e48a05aa42f/house-prices-advanced-regression-techniques/train_initial.csv",
                size_bytes=460_676,
                sha256="1e18addf81e5e4d347cc17ee6075bbe4a42b7fa26b9e5b063e8f692a5f929d41",
            ),
        ),
    ),
    terms="a Kaggle account and the competition's rules are needed",
)

if __name__ == "__main__":
    main(HOUSES)
