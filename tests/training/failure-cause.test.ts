import { expect, test } from 'vitest';
import { explainFailure, explainMissingValue } from '../../training/failure-cause.ts';

const exitedWith = (output: string, exitCode = 1) => ({ outcome: 'exited', exitCode, signal: null, output }) as const;

function aTraceback(exception: string): string {
  return `Traceback (most recent call last):\n  File "/home/me/train.py", line 3, in <module>\n    main()\n${exception}\n`;
}

test.each([
  ["ModuleNotFoundError: No module named 'torch'", 'import'],
  ["ImportError: cannot import name 'nn' from 'torch'", 'import'],
  ["FileNotFoundError: [Errno 2] No such file or directory: 'data/train.csv'", 'data'],
  ['urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>', 'data'],
  ['RuntimeError: Dataset not found. You can use download=True to download it', 'data'],
  ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB.', 'out-of-memory'],
  ['RuntimeError: CUDA error: out of memory', 'out-of-memory'],
  ['MemoryError', 'out-of-memory'],
  ['numpy._core._exceptions._ArrayMemoryError: Unable to allocate 7.28 TiB for an array', 'out-of-memory'],
  ['ValueError: Input X contains NaN.', 'diverged'],
  ['RuntimeError: loss is nan at step 12', 'diverged'],
  ['ValueError: Solver produced non-finite parameter weights. The input data may contain large values.', 'diverged'],
  ['FloatingPointError: overflow encountered in exp', 'diverged'],
  ["ValueError: Expected n_neighbors <= n_samples, but 'financial' names the information", 'crash'],
  ['CustomProblem: nothing known', 'crash'],
])('an output that ends in %s is explained by %s', (exception, cause) => {
  const failure = explainFailure(exitedWith(`epoch 1\n${aTraceback(exception)}`));
  expect(failure).toEqual({ cause, message: exception, tail: aTraceback(exception).trimEnd() });
});

test('the last of chained exceptions decides, and noise after it does not', () => {
  const first = aTraceback("ModuleNotFoundError: No module named 'fast'");
  const second = aTraceback('KeyError: 7');
  const between = '\nDuring handling of the above exception, another exception occurred:\n\n';
  const { cause, message, tail } = explainFailure(exitedWith(`${first}${between}${second}wandb: bye\nwandb: synced\n`));
  expect([cause, message]).toEqual(['crash', 'KeyError: 7']);
  expect(tail).toMatch(/^Traceback[\s\S]*KeyError: 7\nwandb: bye/);
});

test('a message of several lines stays in the tail', () => {
  const { message, tail } = explainFailure(exitedWith(aTraceback('RuntimeError: size mismatch:\n\tfor fc: 3 and 4')));
  expect(message).toBe('RuntimeError: size mismatch:');
  expect(tail).toContain('for fc: 3 and 4');
});

test('a syntax error has no traceback and is found all the same', () => {
  const output = '  File "train.py", line 1\n    def\n       ^\nSyntaxError: invalid syntax\n';
  expect(explainFailure(exitedWith(output))).toEqual({
    cause: 'crash',
    message: 'SyntaxError: invalid syntax',
    tail: output.trimEnd(),
  });
});

test('a program without exceptions is explained by its last lines', () => {
  expect(explainFailure(exitedWith('METRIC loss=nan\nstopping\n', 3))).toEqual({
    cause: 'diverged',
    message: 'exit code 3; its last line: stopping',
    tail: 'METRIC loss=nan\nstopping',
  });
  expect(explainFailure(exitedWith('', 2))).toEqual({
    cause: 'crash',
    message: 'exit code 2, without a word of output',
    tail: '',
  });
  expect(explainFailure({ outcome: 'exited', exitCode: null, signal: 'SIGSEGV', output: '' })).toMatchObject({
    cause: 'crash',
    message: 'signal SIGSEGV, without a word of output',
  });
});

test('how a training ended weighs more than its words', () => {
  const output = aTraceback('KeyError: 7');
  expect(explainFailure({ ...exitedWith(output), outcome: 'timed-out' }).cause).toBe('timed-out');
  expect(explainFailure({ ...exitedWith(output), outcome: 'memory-limit' }).cause).toBe('out-of-memory');
  expect(explainFailure({ ...exitedWith(output), outcome: 'lost' }).cause).toBe('infrastructure');
  expect(explainFailure(exitedWith('epoch 1\n', 137))).toMatchObject({
    cause: 'out-of-memory',
    message: expect.stringContaining('SIGKILL'),
  });
  expect(explainFailure({ outcome: 'exited', exitCode: null, signal: 'SIGKILL', output: '' }).cause).toBe(
    'out-of-memory',
  );
});

test('message and tail are printable and bounded, and the tail keeps the end', () => {
  const frames = '  File "train.py", line 3, in again\n    again()\n'.repeat(200);
  const output = `Traceback (most recent call last):\n${frames}RecursionError: \x1b[31m\x07deep\u202e ${'x'.repeat(9999)}\n`;
  const { message, tail } = explainFailure(exitedWith(output));
  expect(message).toMatch(/^RecursionError: deep x+…$/);
  expect(message).toHaveLength(300);
  expect(tail).toHaveLength(2000);
  expect(tail).toMatch(/^…[\s\S]*RecursionError: deep x+…$/);
});

test('only the end of 100 MB of output is looked at', () => {
  const output = `${'"ModuleNotFoundError: '.repeat(4_600_000)}\n${aTraceback('KeyError: 7')}`;
  expect(explainFailure(exitedWith(output))).toMatchObject({ cause: 'crash', message: 'KeyError: 7' });
});

test('a training that ended well without a value is explained by what its log lacks', () => {
  expect(explainMissingValue({ problem: 'no-metric', message: 'no "a"' }, 'one\ntwo\n')).toEqual({
    cause: 'no-metric',
    message: 'no "a"',
    tail: 'one\ntwo',
  });
  expect(explainMissingValue({ problem: 'not-finite', message: 'NaN' }, '').cause).toBe('diverged');
});
