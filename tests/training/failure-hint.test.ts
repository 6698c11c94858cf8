import { expect, test } from 'vitest';
import { hintFor } from '../../training/failure-hint.ts';

const FACTS = { script: 'train.py', args: [] };

/** The hint for a training whose output ends in this. */
function hint(tail: string): string | undefined {
  return hintFor({ cause: 'crash', message: tail.split('\n').at(-1) ?? '', tail }, FACTS);
}

test.each([
  ['  File "train.py", line 2, in <module>\n  File "<frozen os>", line 679, in __getitem__\nKeyError: \'DATA_ROOT\''],
  [
    '  File "/usr/lib/python3.8/os.py", line 675, in __getitem__\n    raise KeyError(key) from None\nKeyError: \'DATA_ROOT\'',
  ],
])('a variable that is not there is named, with how to pass it', (tail) => {
  expect(hint(tail)).toContain('environment: { pass: [DATA_ROOT] }');
});

test('a KeyError in a library of an environment is no missing variable', () => {
  const tail = '  File "/home/me/.cache/agenthpo/environments/x/lib.py", line 3, in f\nKeyError: \'momentumm\'';
  expect(hint(tail)).not.toContain('pass:');
});
