"""Fetches the taxi trips unless they are there: python prepare_data.py

4 MB into $AGENTHPO_DATA/nyc-taxi, or data/ beside this file, checked. Standard library only.
"""

from data_files import DataSet, main
from download import Download

FILE = "yellow_2026-01_sample.csv"

TAXI = DataSet(
    name="nyc-taxi",
    title="NYC Taxi (100,000 yellow-cab trips of January 2026)",
    home="https://www.nyc.gov/site/tlc/about/tlc-trip-record-data.page",
    files=(FILE,),
    downloads=(
        (
            FILE,
            Download(
                url="https://raw.githubusercontent.com/akareivaDU/COMP4450-Final/868c1e12c5108a431ef17d893f2d05a7c9e2f696/data/taxi_sample.csv",
                size_bytes=4_113_420,
                sha256="5769d67c1021ff8767f5e6c44f595c8169f2e445c8c5a9767d9ca2c7f3b599c9",
            ),
        ),
    ),
    terms="which has whole months as Parquet files; this is a sample of one, as CSV",
)

if __name__ == "__main__":
    main(TAXI)
