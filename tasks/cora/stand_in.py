"""A generated graph in the place of Cora, to try everything without it. Nothing learned on it says anything of Cora.

Papers of seven subjects cite within their subject three times in four; a subject has words of its own, which make up a
fifth of a paper. Neither words nor citations alone are enough, so that hyperparameters matter.
"""

import numpy as np
from scipy.sparse import csr_matrix

from dataset import TRAIN_PER_CLASS, VALIDATION_NODES, Citations

NOTICE = "STAND-IN DATA: this graph is generated, it is not Cora. No number of this training says anything about it."
CLASSES, NODES, WORDS = 7, 1_500, 700
WORDS_PER_PAPER, CITATIONS_PER_PAPER = 12, 2
OWN_WORDS, OWN_WORD_SHARE, OWN_CITATION_SHARE = 60, 0.2, 0.75


def load():
    random = np.random.default_rng(1)
    labels = np.concatenate([np.arange(TRAIN_PER_CLASS * CLASSES) % CLASSES, random.integers(0, CLASSES, NODES)])[:NODES]
    validation = np.arange(TRAIN_PER_CLASS * CLASSES, TRAIN_PER_CLASS * CLASSES + VALIDATION_NODES)
    train, test = np.arange(validation[0]), np.arange(validation[-1] + 1, NODES)
    return Citations(write_papers(labels, random), labels, cite(labels, random), train, validation, test)


def write_papers(labels, random):
    """Which words occur in which paper: some of its subject's own, the others any."""
    shape = (NODES, WORDS_PER_PAPER)
    own_words = np.stack([random.choice(WORDS, OWN_WORDS, replace=False) for _ in range(CLASSES)])
    own = own_words[labels[:, None], random.integers(0, OWN_WORDS, shape)]
    words = np.where(random.random(shape) < OWN_WORD_SHARE, own, random.integers(0, WORDS, shape))
    table = np.zeros((NODES, WORDS), dtype=np.float32)
    table[np.arange(NODES)[:, None], words] = 1
    return csr_matrix(table)


def cite(labels, random):
    """Pairs of papers, each once, as in the real graph."""
    papers = np.repeat(np.arange(NODES), CITATIONS_PER_PAPER)
    of_subject = [np.flatnonzero(labels == subject) for subject in range(CLASSES)]
    within = np.array([random.choice(of_subject[label]) for label in labels[papers]])
    anywhere = random.integers(0, NODES, len(papers))
    cited = np.where(random.random(len(papers)) < OWN_CITATION_SHARE, within, anywhere)
    pairs = np.stack([papers, cited], axis=1)[papers != cited]
    return np.unique(np.sort(pairs, axis=1), axis=0)
