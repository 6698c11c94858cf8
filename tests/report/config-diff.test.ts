import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filePatch } from '../../report/config-diff.ts';

const DEFAULTS =
  '# The network\nlayers: 1\nunits: 32      # in each layer\n\nlr: 0.01\nbatch: 32\nepochs: 20\n\nseed: 0';
const BEST = DEFAULTS.replace('layers: 1', 'layers: 2').replace('epochs: 20', 'epochs: 40');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agenthpo-patch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What a program makes of the config file with the patch beside it. */
function patchedBy(command: readonly [string, ...string[]], before: string, after: string): string {
  writeFileSync(join(folder, 'config.yaml'), before);
  writeFileSync(join(folder, 'best.patch'), filePatch('config.yaml', before, after));
  const [program, ...words] = command;
  execFileSync(program, words, {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
  });
  return readFileSync(join(folder, 'config.yaml'), 'utf8');
}

describe('the winner’s change of the config file', () => {
  it('shows the changed lines with their neighbours', () => {
    const before = 'a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n';
    expect(filePatch('config.yaml', before, before.replace('e: 5', 'e: 50'))).toBe(
      '--- a/config.yaml\n+++ b/config.yaml\n@@ -2,5 +2,5 @@\n b: 2\n c: 3\n d: 4\n-e: 5\n+e: 50\n f: 6\n',
    );
  });

  it('is empty for equal texts', () => {
    expect(filePatch('config.yaml', 'a\nb\n', 'a\nb\n')).toBe('');
  });

  it.skipIf(!isThere('patch')).each([
    ['as the report writes the command', ['patch', 'config.yaml', 'best.patch']],
    ['by the names in it', ['patch', '-p1', '-i', 'best.patch']],
  ] as const)('is taken by patch %s', (_, command) => {
    expect(patchedBy([...command], DEFAULTS, BEST)).toBe(BEST);
    expect(patchedBy([...command], `${DEFAULTS}\n`, `${BEST}\n`)).toBe(`${BEST}\n`);
  });

  it.skipIf(!isThere('git'))('is taken by git apply', () => {
    expect(patchedBy(['git', 'apply', 'best.patch'], DEFAULTS, BEST)).toBe(BEST);
    expect(
      patchedBy(['git', 'apply', 'best.patch'], DEFAULTS.replaceAll('\n', '\r\n'), BEST.replaceAll('\n', '\r\n')),
    ).toBe(BEST.replaceAll('\n', '\r\n'));
  });

  it('turns any text into any other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        expect(applyPatch(before, filePatch('config.yaml', before, after))).toBe(after);
      }),
    );
  });
});
