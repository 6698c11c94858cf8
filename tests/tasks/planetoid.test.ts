import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writePlanetoid } from './planetoid-files.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from './task-copy.ts';

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('cora');
});

afterEach(() => task.remove());

/** Prints a line of facts about what was read, or why it was refused. */
const READ = `
import numpy as np
from data_files import DataNotFoundError
from planetoid import PlanetoidFiles
from prepare_data import CORA
try:
    files = PlanetoidFiles(CORA, "cora")
    nodes, edges = files.edges()
    features, labels, papers = files.features(), files.labels(), np.arange(nodes)
    dense = features.toarray()
    print(nodes, edges.shape, (edges[:, 0] < edges[:, 1]).all(), len(set(map(tuple, edges.tolist()))))
    print((labels == papers % 7).all(), (dense[papers, papers % 20] == 1).all(), (dense[papers, 20 + papers % 7] == 1).all(), features.dtype)
except DataNotFoundError as error:
    print("refused:", error)
`;

describe.skipIf(!hasPackages('numpy', 'scipy'))(
  'the files of Planetoid (skipped where python3 has no NumPy and SciPy)',
  SLOW_IMPORT,
  () => {
    const read = (afterwards = '') => {
      const { stdout, stderr } = task.python('-c', `${writePlanetoid('cora', afterwards)}\n${READ}`);
      expect(stderr).toBe('');
      return stdout.trim();
    };

    test('every pair is once, and the rows of the test nodes are at the places that test.index says', () => {
      expect(read()).toBe('700 (1400, 2) True 1400\nTrue True True float32');
    });

    test.each([
      ['graph', 'write("graph", [1, 2])', 'is no dictionary of the nodes from 0 on'],
      ['graph', 'write("graph", {0: [0], 5: [0]})', 'is no dictionary of the nodes from 0 on'],
      ['graph', 'write("graph", {0: [1], 1: [2]})', 'does not hold a list of nodes from 0 to 1 for each node'],
      ['graph', 'write("graph", {0: [1], 1: "0"})', 'does not hold a list of nodes from 0 to 1 for each node'],
      ['graph', 'write("graph", {0: [0], 1: []})', 'links no nodes'],
      ['graph', '(folder / "ind.cora.graph").write_bytes(b"not a pickle")', 'could not be read'],
      ['allx', 'path = folder / "ind.cora.allx"; path.write_bytes(path.read_bytes()[:900])', 'could not be read'],
      ['allx', 'write("allx", np.zeros((640, 27)))', 'holds no sparse rows'],
      ['allx', 'rows = describe(others)[0]; rows.indices[3] = 99; write("allx", rows)', 'holds broken sparse rows'],
      ['allx', 'rows = describe(others)[0]; rows.data[3] = np.nan; write("allx", rows)', 'numbers that are not finite'],
      ['allx', 'path = folder / "ind.cora.allx"; path.unlink(); path.mkdir()', 'cannot be read (Is a directory)'],
      ['tx', 'write("tx", describe(tested)[0][:, :20])', 'has 20 columns, allx has 27'],
      ['tx', 'write("tx", describe(tested)[0][:0])', 'holds no sparse rows'],
      ['ally', 'write("ally", np.zeros((640, 7), dtype=np.int32))', 'does not hold a single 1 in each row'],
      ['ally', 'write("ally", "seven")', 'does not hold a single 1 in each row'],
      ['ty', 'write("ty", np.eye(6, dtype=np.int32)[tested % 6])', 'has 6 classes, ally has 7'],
      ['test.index', '(folder / "ind.cora.test.index").write_text("640\\nsix")', 'something else than numbers'],
      ['test.index', '(folder / "ind.cora.test.index").write_text("9" * 30)', 'something else than numbers'],
      ['test.index', '(folder / "ind.cora.test.index").write_text("640\\n640")', 'each number from 640 to 699 once'],
    ])('%s after %j is refused by its name', (part, afterwards, reason) => {
      const said = read(afterwards);
      expect(said).toContain(`refused: Dataset not found: ${join(task.folder, 'data', `ind.cora.${part}`)} `);
      expect(said).toContain(reason);
      expect(said).toContain('https://github.com/kimiyoung/planetoid');
    });

    test('a pickle that would run a command is refused, and the command is not run', () => {
      const hostile = `
import os
class Hostile:
    def __reduce__(self):
        return os.system, ("touch was-run",)
write("graph", {0: Hostile()})
`;
      expect(read(hostile)).toContain('asks for posix.system, which these files do not need');
      expect(existsSync(join(task.folder, 'was-run'))).toBe(false);
    });

    test('a folder that lacks a file is said to lack it', () => {
      expect(read('(folder / "ind.cora.ty").unlink()')).toContain(`${task.folder}/data lacks ind.cora.ty.`);
    });
  },
);
