"""A generated graph in the place of Pubmed, to try everything without it. Nothing learned on it says anything of Pubmed.

Papers belong to topics and mostly cite within their own; some are cited far more than others. Each topic has words of its own.
"""

import numpy as np
from scipy.sparse import csr_matrix, identity

from dataset import split

NOTICE = "STAND-IN DATA: this graph is generated, it is not Pubmed. No number of this training says anything about it."
TOPICS, NODES, WORDS = 20, 2_000, 200
WORDS_PER_PAPER, CITATIONS_PER_PAPER = 15, 5
OWN_WORDS, OWN_WORD_SHARE, OWN_CITATION_SHARE = 20, 0.5, 0.9


def load(features):
    """(Citations, what the features are), as dataset.load gives them; `auto` has words."""
    random = np.random.default_rng(1)
    topics = np.arange(NODES) % TOPICS
    kind = "none" if features == "none" else "words"
    edges = cite(topics, random)
    return split(write_papers(topics, random) if kind == "words" else identity(NODES, format="csr"), edges), kind


def write_papers(topics, random):
    """How much each word says of each paper: some are of its topic, the others any."""
    shape = (NODES, WORDS_PER_PAPER)
    own_words = np.stack([random.choice(WORDS, OWN_WORDS, replace=False) for _ in range(TOPICS)])
    own = own_words[topics[:, None], random.integers(0, OWN_WORDS, shape)]
    words = np.where(random.random(shape) < OWN_WORD_SHARE, own, random.integers(0, WORDS, shape))
    table = np.zeros((NODES, WORDS), dtype=np.float32)
    table[np.arange(NODES)[:, None], words] = random.uniform(0.05, 0.5, shape)
    return csr_matrix(table)


def cite(topics, random):
    """Pairs of papers, each once, as in the real graph."""
    papers = np.repeat(np.arange(NODES), CITATIONS_PER_PAPER)
    rank = (random.pareto(2.0, len(papers)) * 20).astype(np.int64)  # low ranks are cited most
    within = topics[papers] + TOPICS * (rank % (NODES // TOPICS))
    anywhere = random.integers(0, NODES, len(papers))
    cited = np.where(random.random(len(papers)) < OWN_CITATION_SHARE, within, anywhere)
    pairs = np.stack([papers, cited], axis=1)[papers != cited]
    return np.unique(np.sort(pairs, axis=1), axis=0)
