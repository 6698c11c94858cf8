"""Pubmed as arrays: papers with the words in them, and the citations, split into those to train on and those to predict."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, identity

from data_files import DataNotFoundError
from planetoid import PlanetoidFiles
from prepare_data import GRAPH, PUBMED, what_lacks

FEATURES = ("auto", "words", "none")
VALIDATION_SHARE, TEST_SHARE = 0.05, 0.1


@dataclass(frozen=True)
class Candidates:
    """Pairs of papers (int64, n x 2): citations that the network has not seen, and as many pairs that are none."""

    citations: np.ndarray
    others: np.ndarray


@dataclass(frozen=True)
class Citations:
    #: A row for each paper: how much each word says of it, or a single 1 in a column of its own.
    features: csr_matrix
    #: The citations that the network sees and learns (int64, n x 2).
    train: np.ndarray
    validation: Candidates
    test: Candidates


def load(features):
    """(Citations, what the features are: "words" or "none")."""
    kind = choose_features(features)
    files = PlanetoidFiles(PUBMED if kind == "words" else GRAPH, "pubmed")
    nodes, edges = files.edges()
    rows = files.features() if kind == "words" else identity(nodes, format="csr")
    files.demand("graph", rows.shape[0] == nodes, f"has {nodes} nodes, and allx and tx have {rows.shape[0]} rows")
    print(f"{nodes:,} papers and {len(edges):,} citations in {files.folder}; features: {kind}")
    return split(rows, edges), kind


def choose_features(asked):
    """`words` or `none`. With `auto` it is `none` where the words are missing, which is said."""
    if asked not in FEATURES:
        raise ValueError(f"features must be one of {', '.join(FEATURES)}, got {asked!r}")
    if asked == "none":
        return "none"
    lacking = what_lacks()
    if lacking is None:
        return "words"
    if asked == "words":
        raise DataNotFoundError(f"Dataset not found: {lacking} Or train on the citations alone: `features: none` in config.yaml.")
    print(f"Training without words (features: none). {lacking}")
    return "none"


def split(features, edges):
    """The same for every seed: 5 % of the citations to choose by and 10 % to report on, each with as many pairs that are none."""
    nodes, random = features.shape[0], np.random.default_rng(10)
    shuffled = edges[random.permutation(len(edges))]
    validation, test = int(len(edges) * VALIDATION_SHARE), int(len(edges) * TEST_SHARE)
    others = pairs_that_are_none(edges, nodes, validation + test, random)
    return Citations(
        features,
        train=shuffled[validation + test :],
        validation=Candidates(shuffled[:validation], others[:validation]),
        test=Candidates(shuffled[validation : validation + test], others[validation:]),
    )


def pairs_that_are_none(edges, nodes, count, random):
    """`count` different pairs of different papers of which neither cites the other, any as likely as any other."""
    drawn = np.sort(random.integers(0, nodes, (2 * count + 1_000, 2)), axis=1)
    numbers = drawn[:, 0] * nodes + drawn[:, 1]
    is_first = np.isin(np.arange(len(numbers)), np.unique(numbers, return_index=True)[1])
    is_none = (drawn[:, 0] != drawn[:, 1]) & ~np.isin(numbers, edges[:, 0] * nodes + edges[:, 1])
    return drawn[is_first & is_none][:count]
