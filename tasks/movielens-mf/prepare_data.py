"""Fetches MovieLens 1M unless it is there: python prepare_data.py

6 MB are downloaded into $AGENTHPO_DATA/ml-1m (or data/ beside this file), checked, and three files of it unpacked (25 MB).
"""

from data_files import DataSet, main
from download import Download

# The checksum is the one that TensorFlow Datasets pins; the MD5 that GroupLens publishes beside the archive is
# c4d9eecfca2ab87c1945afe126590906.
ARCHIVE = Download(
    url="https://files.grouplens.org/datasets/movielens/ml-1m.zip",
    size_bytes=5_917_549,
    sha256="a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
    unpack={f"ml-1m/{name}": name for name in ("ratings.dat", "users.dat", "movies.dat")},
)

MOVIELENS = DataSet(
    name="ml-1m",
    title="MovieLens 1M",
    home="https://grouplens.org/datasets/movielens/1m/",
    files=("ratings.dat", "users.dat", "movies.dat"),
    downloads=((None, ARCHIVE),),
    terms="for research; not to be passed on, nor used for revenue, without GroupLens's permission",
    aliases=("movielens-1m", "movielens"),
    has_stand_in=True,
)

if __name__ == "__main__":
    main(MOVIELENS)
