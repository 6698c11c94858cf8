"""Reads pickles from the internet: unpickling can run any code that the file names, so only what the caller admits is let in.

    load(content, admitted={**ARRAYS, **SPARSE_ROWS}, encoding="latin1")
"""

import importlib
import io
import pickle
import warnings

#: (module, name) as it stands in the file -> where it lies today. Published files were often written under Python 2 and by
#: old libraries, which have moved since. None of these runs anything but its own constructor.
ARRAYS = {
    ("numpy.core.multiarray", "_reconstruct"): ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"): ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"): ("numpy", "ndarray"),
    ("numpy", "dtype"): ("numpy", "dtype"),
}
#: How Python 3 writes the bytes of an array in the protocols of Python 2.
BYTES = {("_codecs", "encode"): ("_codecs", "encode")}
#: SciPy’s compressed sparse rows. Nothing is checked on the way: call `check_format(full_check=True)` before using one.
SPARSE_ROWS = {
    ("scipy.sparse.csr", "csr_matrix"): ("scipy.sparse", "csr_matrix"),
    ("scipy.sparse._csr", "csr_matrix"): ("scipy.sparse", "csr_matrix"),
    ("copy_reg", "_reconstructor"): ("copyreg", "_reconstructor"),
    ("__builtin__", "object"): ("builtins", "object"),
}
#: Graphs as `defaultdict(list)`.
DEFAULT_DICTS = {
    ("collections", "defaultdict"): ("collections", "defaultdict"),
    ("__builtin__", "list"): ("builtins", "list"),
    ("builtins", "list"): ("builtins", "list"),
}


class BadPickleError(Exception):
    """The content is no whole pickle, or asks for what was not admitted; the message continues "<path> …"."""


class RestrictedUnpickler(pickle.Unpickler):
    def __init__(self, file, admitted, encoding):
        super().__init__(file, encoding=encoding)
        self.admitted = admitted

    def find_class(self, module, name):
        if (module, name) not in self.admitted:
            raise BadPickleError(f"asks for {module}.{name}, which these files do not need; nothing of it was run")
        today, attribute = self.admitted[module, name]
        return getattr(importlib.import_module(today), attribute)


def load(content, admitted, encoding="ASCII"):
    """What the pickle `content` (bytes) holds. `encoding` ("bytes", "latin1") is for the strings of Python 2."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy's remark on how Python 2 wrote a boolean
            return RestrictedUnpickler(io.BytesIO(content), admitted, encoding).load()
    except BadPickleError:
        raise
    except Exception as error:  # a damaged pickle can raise anything
        raise BadPickleError(f"could not be read: {error}") from error
