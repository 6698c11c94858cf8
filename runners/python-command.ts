import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCodeOf } from '../study/errors.ts';

export interface PythonCommand {
  /** The program, then its arguments; never a shell line. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly limitSeconds: number;
  /** Longest time without a line of output; undefined: as long as it likes. */
  readonly silenceLimitSeconds?: number;
  /** Hears every line of stdout and stderr, free of control characters. */
  readonly onLine?: (line: string) => void;
}

export interface CommandEnd {
  /** null when it was ended from here. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last lines of stdout and stderr together. */
  readonly tail: readonly string[];
  /** Why it was ended before its time, if it was. */
  readonly stopped?: 'limit' | 'silence';
}

const TAIL_LINES = 15;
const MAX_STDOUT_CHARACTERS = 4_000_000;
const GRACE_MILLISECONDS = 2_000;

/**
 * Runs the program given as arguments and ends its whole group once our end of stdin is closed, as it is when this
 * process ends, however it ends: a killed tuner leaves no pip behind that goes on installing.
 */
const DIES_WITH_US = `
exec 3<&0
"$@" 3<&- & program=$!
{ read -r _ <&3; kill -9 0; } >/dev/null 2>&1 & watcher=$!
wait $program; status=$?
kill $watcher; wait $watcher 2>/dev/null
exit $status`;

/**
 * Runs a helper program (a probe, pip, uv) in a process group of its own to its end or to its limit. Whatever it ends
 * with is a value (127: there is no such program); rejects with the signal’s reason once an abort has ended it.
 */
export async function runCommand(command: PythonCommand, signal: AbortSignal): Promise<CommandEnd> {
  signal.throwIfAborted();
  const child = spawn('/bin/sh', ['-c', DIES_WITH_US, 'sh', ...command.command], {
    cwd: command.folder,
    env: { ...command.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: pip and uv start compilers and other Pythons, which must end with them.
    detached: true,
  });
  let stopped: CommandEnd['stopped'];
  const stop = (reason?: CommandEnd['stopped']) => {
    stopped ??= reason;
    endGroup(child);
  };
  const onAbort = () => stop();
  signal.addEventListener('abort', onAbort, { once: true });
  const limit = setTimeout(() => stop('limit'), command.limitSeconds * 1000);
  const silence = setTimeout(() => stop('silence'), (command.silenceLimitSeconds ?? command.limitSeconds) * 1000);
  try {
    const output = collectOutput(child, (line) => {
      silence.refresh();
      command.onLine?.(line);
    });
    const exitCode = await endOf(child);
    signal.throwIfAborted();
    return { exitCode, ...output(), ...(stopped ? { stopped } : {}) };
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(limit);
    clearTimeout(silence);
    // Whatever it left behind, a compiler that ignored SIGTERM included, ends with it.
    await killAll(child.pid);
  }
}

/** Asks the whole group to end; what is left when the program has ended, or when the grace is over, is killed. */
function endGroup(child: ChildProcess): void {
  killGroup(child.pid, 'SIGTERM');
  const kill = () => killGroup(child.pid, 'SIGKILL');
  const timer = setTimeout(kill, GRACE_MILLISECONDS);
  child.once('exit', () => {
    clearTimeout(timer);
    kill();
  });
}

/** The exit code, once the output is complete; a grandchild that holds on to stdout delays it only by the grace. */
function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
    child.once('exit', (code) => setTimeout(() => resolve(code), GRACE_MILLISECONDS).unref());
  });
}

/** Kills what is left of the group and waits until it is gone, but no longer: what init has yet to reap is dead already. */
async function killAll(pid: number | undefined): Promise<void> {
  for (let waited = 0; killGroup(pid, 'SIGKILL') && waited < 300; waited += 10) await sleep(10);
}

/** Signals a process group by its leader’s id. Answers whether there was anything left to signal. */
export function killGroup(pid: number | undefined, name: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, name);
  } catch (error) {
    // ESRCH: nothing of the group is left (macOS says EPERM while its leader is not yet reaped).
    if (['ESRCH', 'EPERM'].includes(systemCodeOf(error) ?? '')) return false;
    throw error;
  }
}

/** Splits both streams into lines; the returned function tells what has come so far. */
function collectOutput(child: { stdout: Readable; stderr: Readable }, onLine: (line: string) => void) {
  let stdout = '';
  const tail: string[] = [];
  const hear = (line: string) => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    onLine(line);
  };
  const flushers = [child.stdout, child.stderr].map((stream) => eachLine(stream, hear));
  child.stdout.on('data', (text: string) => {
    stdout = (stdout + text).slice(0, MAX_STDOUT_CHARACTERS);
  });
  return () => {
    for (const flush of flushers) flush();
    return { stdout, tail };
  };
}

/** Calls `hear` for every line that is not empty; the returned function passes on an unended last one. */
function eachLine(stream: Readable, hear: (line: string) => void): () => void {
  let rest = '';
  const pass = (line: string) => {
    const clean = withoutControls(line);
    if (clean.trim() !== '') hear(clean);
  };
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    // A line without an end is cut off where no real line is that long.
    rest = (lines.pop() ?? '').slice(-10_000);
    for (const line of lines) pass(line);
  });
  return () => {
    pass(rest);
    rest = '';
  };
}

/** What packages print is untrusted: escape sequences and control characters never reach the terminal. */
function withoutControls(line: string): string {
  return line.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
