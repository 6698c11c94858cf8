"""Reads a citation graph from the files of Planetoid (Yang, Cohen and Salakhutdinov 2016, "Revisiting Semi-Supervised
Learning with Graph Embeddings"):

    ind.<name>.graph        a dictionary: node -> its neighbours
    ind.<name>.allx, ally   features (sparse rows) and labels (one-hot) of every node but the test nodes
    ind.<name>.tx, ty       those of the test nodes, in the order of test.index
    ind.<name>.test.index   the numbers of the test nodes, one a line, not sorted

(`x` and `y`, which belong to the set too, repeat the first rows of `allx` and `ally`.)
"""

import numpy as np
from scipy.sparse import csr_matrix, issparse, vstack

from safe_pickle import ARRAYS, DEFAULT_DICTS, SPARSE_ROWS, BadPickleError, load

ADMITTED = {**ARRAYS, **SPARSE_ROWS, **DEFAULT_DICTS}


class PlanetoidFiles:
    """Each method reads what it needs and checks it; DataNotFoundError names the file that is not what it should be."""

    def __init__(self, dataset, name):
        self.dataset, self.name, self.folder = dataset, name, dataset.folder()

    def edges(self):
        """(number of nodes, edges): every pair of linked nodes once, the smaller number first, as int64 of n x 2."""
        graph = self.read("graph")
        nodes = len(graph) if isinstance(graph, dict) else 0
        self.demand("graph", nodes > 0 and set(graph) == set(range(nodes)), "is no dictionary of the nodes from 0 on")
        neighbours = [each for each in graph.values() if is_list_of_nodes(each, nodes)]
        self.demand("graph", len(neighbours) == nodes, f"does not hold a list of nodes from 0 to {nodes - 1} for each node")
        pairs = np.array([(node, other) for node, others in graph.items() for other in others if node != other])
        self.demand("graph", len(pairs) > 0, "links no nodes")
        return nodes, np.unique(np.sort(pairs, axis=1), axis=0)

    def features(self):
        """One sparse row of float32 for each node, in the order of their numbers."""
        others, tested = self.sparse_rows("allx"), self.sparse_rows("tx")
        self.demand("tx", others.shape[1] == tested.shape[1], f"has {tested.shape[1]} columns, allx has {others.shape[1]}")
        return vstack([others, tested[self.order_after(others, tested)]], format="csr")

    def labels(self):
        """A class from 0 on for each node, in the order of their numbers, as int64."""
        others, tested = self.one_hot("ally"), self.one_hot("ty")
        self.demand("ty", others.shape[1] == tested.shape[1], f"has {tested.shape[1]} classes, ally has {others.shape[1]}")
        return np.concatenate([others, tested[self.order_after(others, tested)]]).argmax(axis=1)

    def test_nodes(self):
        """The numbers of the test nodes, in the order of the rows of tx and ty."""
        try:
            return np.array(self.path("test.index").read_text(encoding="ascii").split(), dtype=np.int64)
        except (OSError, ValueError, OverflowError) as error:
            raise self.damaged("test.index", "holds something else than numbers") from error

    def order_after(self, others, tested):
        """Sorts the rows of the test nodes by their numbers, which follow those of the other nodes."""
        numbers = self.test_nodes()
        first, end = others.shape[0], others.shape[0] + tested.shape[0]
        is_whole = np.array_equal(np.sort(numbers), np.arange(first, end))
        self.demand("test.index", is_whole, f"does not hold each number from {first} to {end - 1} once")
        return np.argsort(numbers)

    def sparse_rows(self, part):
        rows = self.read(part)
        self.demand(part, issparse(rows) and rows.format == "csr" and rows.shape[0] > 0, "holds no sparse rows")
        try:
            rows.check_format(full_check=True)
            numbers = csr_matrix(rows, dtype=np.float32)
        except (AttributeError, TypeError, ValueError) as error:
            raise self.damaged(part, f"holds broken sparse rows: {error}") from error
        self.demand(part, np.isfinite(numbers.data).all(), "holds numbers that are not finite")
        return numbers

    def one_hot(self, part):
        rows = self.read(part)
        is_table = isinstance(rows, np.ndarray) and rows.ndim == 2 and rows.dtype.kind in "iuf" and rows.size > 0
        is_one_hot = is_table and np.isin(rows, (0, 1)).all() and (rows.sum(axis=1) == 1).all()
        self.demand(part, is_one_hot, "does not hold a single 1 in each row")
        return rows

    def read(self, part):
        try:
            # Python 2 wrote these; its strings hold the bytes of the arrays.
            return load(self.path(part).read_bytes(), ADMITTED, encoding="latin1")
        except OSError as error:
            raise self.damaged(part, f"cannot be read ({error.strerror})") from error
        except BadPickleError as error:
            raise self.damaged(part, str(error)) from error

    def demand(self, part, is_so, reason):
        if not is_so:
            raise self.damaged(part, reason)

    def damaged(self, part, reason):
        return self.dataset.damaged(self.path(part), reason)

    def path(self, part):
        return self.folder / f"ind.{self.name}.{part}"


def is_list_of_nodes(others, nodes):
    return isinstance(others, list) and all(type(other) is int and 0 <= other < nodes for other in others)
