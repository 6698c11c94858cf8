"""Fetches Pubmed (9 MB) unless it is there: python prepare_data.py

Where the papers' words cannot be had and the graph is there, that is said, and is no failure unless a study asks for the
words (`features: words`).
"""

import json
import os
from dataclasses import replace

from data_files import DataNotFoundError, DataSet, listed, main, prepare
from download import Download

COMMIT = "af6abf468a772cc055bec88c52e4d6f51b7c37e3"
#: Size in bytes and SHA-256 of each file at that commit.
FILES = {
    "ind.pubmed.graph": (471_808, "5b89f0036ca22909471f1e6558eb42fa06e0c730a577bde5b058b40638f81dc9"),
    "ind.pubmed.allx": (7_578_385, "508e538e2abdccdd54c4d3e9f49d638b4af7107d85845f66ddea5a5152658b7e"),
    "ind.pubmed.tx": (405_505, "4eb5f5d0f30f26497eb0ac6ac9719d09c67e284f1ed0385c93f3ef27a671da3d"),
    "ind.pubmed.test.index": (6_000, "b101d421688bbaecbd82e8a18f1e282378d6830f3a37666f28ebc47f844341b5"),
}


def download_of(name):
    size_bytes, sha256 = FILES[name]
    return Download(f"https://raw.githubusercontent.com/kimiyoung/planetoid/{COMMIT}/data/{name}", size_bytes, sha256)


PUBMED = DataSet(
    name="planetoid",
    title="Pubmed",
    home="https://github.com/kimiyoung/planetoid/tree/master/data",
    files=tuple(FILES),
    downloads=tuple((name, download_of(name)) for name in FILES),
    has_stand_in=True,
)
#: Who cites whom, which is enough to train without words.
GRAPH = replace(PUBMED, title="The graph of Pubmed", files=PUBMED.files[:1], downloads=PUBMED.downloads[:1])


def what_lacks():
    """Why the words of a graph that is there cannot be read, or None."""
    try:
        PUBMED.find()
    except DataNotFoundError as error:
        return str(error).removeprefix("Dataset not found: ") if GRAPH.find() else None
    return None


def prepare_words():
    """Completes a folder that has the graph, if that is possible."""
    try:
        prepare(PUBMED)
    except DataNotFoundError as error:
        _, missing = PUBMED.look()
        print(f"Without the papers' words: {listed(missing)} could not be had ({error.__cause__ or error})")


if __name__ == "__main__":
    features = json.loads(os.environ.get("AGENTHPO_CONFIG_CHANGES", "{}")).get("features")
    if features == "none":
        main(GRAPH)
    elif features == "words" or what_lacks() is None:
        main(PUBMED)
    else:
        prepare_words()
