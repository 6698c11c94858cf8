import { execFileSync, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../../runners/sandbox.ts';
import { probeBubblewrap } from '../../runners/sandbox-probe.ts';
import { sandboxView, type ViewRequest } from '../../runners/sandbox-view.ts';

const SCRIPTS = fileURLToPath(new URL('../fixtures/scripts/', import.meta.url));
const never = new AbortController().signal;

/** Why this machine has no sandbox to test with, asked of bwrap itself and not of our code; undefined when it has one. */
export function whyNoSandbox(): string | undefined {
  const words = ['--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '/bin/sh', '-c', ':'];
  const { error, status, stderr } = spawnSync('bwrap', words, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** A sandbox around the interpreter of the tests, with `taskFolder` (default: their scripts) to be read. */
export async function aSandbox(
  taskFolder: string = SCRIPTS,
  changes: Partial<Sandbox> = {},
  request: Partial<ViewRequest> = {},
): Promise<Sandbox> {
  const environment = { PATH: process.env['PATH'] ?? '' };
  const interpreter = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const view = await sandboxView({ taskFolder, interpreter, environment, home: homedir(), ...request }, never);
  return { bubblewrap: await probeBubblewrap(environment, never), ...view, hasNetwork: false, ...changes };
}
