"""Fetches Cora (1 MB) unless it is there: python prepare_data.py"""

from data_files import DataSet, main
from download import Download

COMMIT = "af6abf468a772cc055bec88c52e4d6f51b7c37e3"
#: Size in bytes and SHA-256 of each file at that commit.
FILES = {
    "ind.cora.graph": (59_847, "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d"),
    "ind.cora.allx": (257_305, "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543"),
    "ind.cora.ally": (47_959, "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71"),
    "ind.cora.tx": (148_025, "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a"),
    "ind.cora.ty": (28_135, "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad"),
    "ind.cora.test.index": (5_000, "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875"),
}


def download_of(name):
    size_bytes, sha256 = FILES[name]
    return Download(f"https://raw.githubusercontent.com/kimiyoung/planetoid/{COMMIT}/data/{name}", size_bytes, sha256)


CORA = DataSet(
    name="planetoid",
    title="Cora",
    home="https://github.com/kimiyoung/planetoid/tree/master/data",
    files=tuple(FILES),
    downloads=tuple((name, download_of(name)) for name in FILES),
    has_stand_in=True,
)

if __name__ == "__main__":
    main(CORA)
