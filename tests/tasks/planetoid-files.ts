import { expect } from 'vitest';
import type { TaskCopy } from './task-copy.ts';

/**
 * A small graph in the files of Planetoid, as Python 2 and the SciPy of its days named things: 700 papers in a ring, of which
 * the last 60, in no order, are the test papers. Paper n is of subject n % 7 and has the words n % 20 and 20 + n % 7.
 */
const WRITE = `
import pathlib, pickle, random
import numpy as np
from collections import defaultdict
from scipy.sparse import csr_matrix
NAME, NODES, TESTED, SUBJECTS, WORDS = "%NAME%", 700, 60, 7, 27
folder = pathlib.Path("data")
folder.mkdir(exist_ok=True)

def write(part, value):
    content = pickle.dumps(value, protocol=3)
    for today, once in ((b"numpy._core", b"numpy.core"), (b"scipy.sparse._csr", b"scipy.sparse.csr"), (b"builtins", b"__builtin__")):
        content = content.replace(today, once)
    (folder / f"ind.{NAME}.{part}").write_bytes(content)

def describe(papers):
    words = np.zeros((len(papers), WORDS), dtype=np.float32)
    words[np.arange(len(papers)), papers % 20] = words[np.arange(len(papers)), 20 + papers % 7] = 1
    return csr_matrix(words), np.eye(SUBJECTS, dtype=np.int32)[papers % SUBJECTS]

graph = defaultdict(list, {n: [(n + 1) % NODES, (n - 1) % NODES, (n + 7) % NODES, n] for n in range(NODES)})
tested = np.arange(NODES - TESTED, NODES)
random.Random(0).shuffle(tested)
others = np.arange(NODES - TESTED)
write("graph", graph)
for part, value in zip(("allx", "ally"), describe(others)):
    write(part, value)
for part, value in zip(("tx", "ty"), describe(tested)):
    write(part, value)
(folder / f"ind.{NAME}.test.index").write_text("".join(f"{number}\\n" for number in tested))
`;

/** Python that writes the files below data/; `afterwards` may change some of them, with `write(part, value)` at hand. */
export function writePlanetoid(name: 'cora' | 'pubmed', afterwards = ''): string {
  return `${WRITE.replace('%NAME%', name)}\n${afterwards}`;
}

export function putPlanetoid(task: TaskCopy, name: 'cora' | 'pubmed', afterwards = ''): void {
  expect(task.python('-c', writePlanetoid(name, afterwards))).toMatchObject({ status: 0, stderr: '' });
}
