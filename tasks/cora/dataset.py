"""Cora as arrays: papers with the words in them, who cites whom, and the split into training, validation and test."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags

from planetoid import PlanetoidFiles
from prepare_data import CORA

TRAIN_PER_CLASS = 20
VALIDATION_NODES = 500


@dataclass(frozen=True)
class Citations:
    #: A row for each paper: which words occur (0 or 1).
    features: csr_matrix
    #: The subject of each paper, from 0 on (int64).
    labels: np.ndarray
    #: Every pair of papers of which one cites the other, once (int64, n x 2).
    edges: np.ndarray
    #: The numbers of the papers to train on, to choose by, and to report on.
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def load():
    files = PlanetoidFiles(CORA, "cora")
    nodes, edges = files.edges()
    features, labels, test = files.features(), files.labels(), np.sort(files.test_nodes())
    is_labelled = nodes == len(labels) == features.shape[0]
    files.demand("graph", is_labelled, f"has {nodes} nodes, and there are labels for {len(labels)}")
    train = np.arange(TRAIN_PER_CLASS * (labels.max() + 1))
    validation = np.arange(len(train), len(train) + VALIDATION_NODES)
    files.demand("ally", validation[-1] < test[0], f"has fewer rows than the {validation[-1] + 1} papers to train on and to choose by")
    is_balanced = np.array_equal(np.bincount(labels[train]), np.full(labels.max() + 1, TRAIN_PER_CLASS))
    files.demand("ally", is_balanced, f"does not begin with {TRAIN_PER_CLASS} papers of each subject")
    print(f"{nodes:,} papers and {len(edges):,} citations in {files.folder}")
    return Citations(features, labels, edges, train, validation, test)


def rows_that_sum_to_one(features):
    """Each word's share of the paper, so that long papers do not speak louder than short ones."""
    sums = np.asarray(features.sum(axis=1)).ravel()
    return diags(1 / np.maximum(sums, 1)).astype(np.float32) @ features
