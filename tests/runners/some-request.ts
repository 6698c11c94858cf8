import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { RunRequest } from '../../runners/runner.ts';

const SCRIPTS = fileURLToPath(new URL('../fixtures/scripts/', import.meta.url));
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** A training of `tests/fixtures/scripts/<script>` in a fresh folder that goes when the test ends. */
export function aRequest(script: string, args: readonly string[] = [], changes: Partial<RunRequest> = {}): RunRequest {
  return {
    attemptId: `test-${randomUUID()}`,
    folder: aFolder(),
    command: [PYTHON, join(SCRIPTS, script), ...args],
    environment: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', PYTHONUNBUFFERED: '1' },
    timeLimitSeconds: 60,
    outputLimitBytes: 1024 * 1024,
    ...changes,
  };
}

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The processes alive that carry the attempt’s mark, or whose group is the wrapper’s. */
export function aliveOf({ attemptId, folder }: Pick<RunRequest, 'attemptId' | 'folder'>): number[] {
  const group = wrapperOf({ attemptId, folder });
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const [state, , itsGroup] = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
        .replace(/^.*\) /s, '')
        .split(' ');
      if (state === '' || state === 'Z' || state === 'X') return false;
      const environment = quietly(() => readFileSync(`/proc/${pid}/environ`, 'latin1')).split('\0');
      return environment.includes(`AGENTHPO_ATTEMPT=${attemptId}`) || Number(itsGroup) === group;
    })
    .map(Number);
}

/** The wrapper’s process, which leads its group; undefined before the attempt has been claimed. */
export function wrapperOf({ attemptId, folder }: Pick<RunRequest, 'attemptId' | 'folder'>): number | undefined {
  const text = quietly(() => readFileSync(join(folder, '.attempts', attemptId, 'start.json'), 'utf8'));
  return text === '' ? undefined : JSON.parse(text).pid;
}

export function outputOf({ folder }: Pick<RunRequest, 'folder'>): string {
  return quietly(() => readFileSync(join(folder, 'stdout.log'), 'utf8'));
}

/** Resolves once the condition holds; a test’s time limit is the only one. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

/** The text, or nothing for what is not there (any more). */
function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
