import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cureOf, probeBubblewrap } from '../../runners/sandbox-probe.ts';
import { aFolder } from './some-request.ts';

const never = new AbortController().signal;
const NOTHING = { clone: undefined, appArmor: undefined, maximum: undefined };

/** A folder with a program bwrap that does what the shell script says. */
function aBubblewrap(script: string): string {
  const folder = join(aFolder(), 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'bwrap'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bwrap'), 0o755);
  return folder;
}

test('a machine without bubblewrap is told how to get it', async () => {
  await expect(probeBubblewrap({ PATH: `.:relative:${aFolder()}` }, never)).rejects.toMatchObject({
    code: 'sandbox-unavailable',
    message: 'The sandbox needs bubblewrap, and there is no program bwrap on PATH.',
    hint: expect.stringContaining('apt install bubblewrap'),
  });
});

test('a bubblewrap that is forbidden to work is an error with its own words, never no sandbox', async () => {
  const folder = aBubblewrap('echo "bwrap: setting up uid map: Permission denied" >&2; exit 1');
  await expect(probeBubblewrap({ PATH: folder }, never)).rejects.toMatchObject({
    code: 'sandbox-unavailable',
    message: 'bubblewrap cannot make a sandbox here: bwrap: setting up uid map: Permission denied',
  });
});

test.each([
  ['Debian’s switch', { ...NOTHING, clone: '0' }, 'kernel.unprivileged_userns_clone=1'],
  ['a maximum of none', { ...NOTHING, clone: '1', maximum: '0' }, 'user.max_user_namespaces=10000'],
  ['AppArmor', { ...NOTHING, clone: '1', appArmor: '1', maximum: '9000' }, 'bwrap-userns-restrict'],
  ['a container', NOTHING, 'docker run --security-opt'],
])('%s is named with its cure', (_, settings, cure) => {
  expect(cureOf(settings)).toContain(cure);
});
