import { expect, test } from 'vitest';
import { failureSignature } from '../../study/failure-signature.ts';
import { explainFailure } from '../../training/failure-cause.ts';

function signatureOf(options: { trial?: string; line?: number; exception?: string; log?: string }): string {
  const { trial = '0001', line = 12, exception = 'KeyError: 7', log = '' } = options;
  const frame = `  File "/home/me/logs/trials/${trial}/train.py", line ${line}, in main\n    step()\n`;
  const output = `${log}Traceback (most recent call last):\n${frame}${exception}\n`;
  return failureSignature(explainFailure({ outcome: 'exited', exitCode: 1, signal: null, output }));
}

test.each([[{ trial: '0002' }], [{ exception: 'KeyError: -1.5e-3' }], [{ log: 'epoch 1\nepoch 2\n' }]])(
  'the same traceback in another trial is the same failure (%j)',
  (other) => {
    expect(signatureOf(other)).toBe(signatureOf({}));
  },
);

test('addresses and paths in a message do not matter', () => {
  const at = (path: string, address: string) => signatureOf({ exception: `OSError: <f at ${address}> in '${path}'` });
  expect(at('/tmp/a1/x.bin', '0x7f00aa')).toBe(at('/tmp/b2/y.bin', '0x7fffee'));
});

test.each([[{ line: 13 }], [{ exception: 'ValueError: 7' }], [{ exception: 'KeyError: name' }]])(
  'another place, kind or message is another failure (%j)',
  (other) => {
    expect(signatureOf(other)).not.toBe(signatureOf({}));
  },
);

test('where a deep traceback was cut does not matter', () => {
  const deep = (folder: string) => {
    const frames = `  File "${folder}/train.py", line 3, in again\n    again()\n`.repeat(80);
    const output = `Traceback (most recent call last):\n${frames}RecursionError: too deep\n`;
    return failureSignature(explainFailure({ outcome: 'exited', exitCode: 1, signal: null, output }));
  };
  expect(deep('/a')).toBe(deep('/a/much/longer/folder'));
});
