import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..', '..');
const CLI = join(ROOT, 'dist', 'cli', 'main.js');
const FIXTURES = join(ROOT, 'tests', 'fixtures', 'reliability');

/** `AGENTHPO_FULL=1 npm test` runs every fault instead of a fixed selection of them. */
export const isFull = process.env['AGENTHPO_FULL'] === '1';

/** Longer than the whole of it takes on a slow and busy machine. */
export const PATIENCE_MS = 3_600_000;

/** How a process of the command line ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it said on stderr until now. */
  said(): string;
}

export interface Fault {
  readonly kind: 'error' | 'full' | 'kill' | 'kill-after' | 'power-cut' | 'interrupt';
  /** The operation it happens at, counted from 1. */
  readonly at: number;
}

/** One temporary home with a task in it, and the built command line at work there. */
export interface World extends AsyncDisposable {
  readonly folder: string;
  readonly task: string;
  readonly out: string;
  /** Starts `agenthpo <words>`; `fault` comes through a preload that also keeps a record of what was synced. */
  start(words: readonly string[], options?: { fault?: Fault; environment?: Record<string, string> }): Running;
  run(words: readonly string[], options?: { fault?: Fault; environment?: Record<string, string> }): Promise<Ended>;
  /** What the preload wrote down: one line an operation, and one for each sync of the log. */
  record(): string[];
  /** Puts a file into the trainings’ home: `pace`, `hold` or `stubborn`. */
  tellTrainings(name: 'pace' | 'hold' | 'stubborn', text?: string): void;
  /** Removes it again. */
  release(name: 'pace' | 'hold' | 'stubborn'): void;
  /** The ids of all attempts whose script really ran, in order, one entry a run. */
  ledger(): string[];
  /** Whether a stand-in for Python was asked what it is. */
  asked(): boolean;
  /** Process ids of everything alive that was started in this world. */
  alive(): number[];
}

/** A world that vanishes at its end, with all that still lives in it: `await using world = aWorld()`. */
export function aWorld(parent = tmpdir()): World {
  const folder = mkdtempSync(join(parent, 'agenthpo-world-'));
  const home = join(folder, 'home');
  const task = join(folder, 'task');
  const recordFile = join(folder, 'operations');
  for (const each of [home, join(folder, 'tmp')]) mkdirSync(each);
  cpSync(join(FIXTURES, 'task'), task, { recursive: true });

  const start: World['start'] = (words, { fault, environment = {} } = {}) => {
    const preload = ['--import', join(FIXTURES, 'inject-fault.mjs')];
    const child = spawn(process.execPath, [...preload, CLI, ...words], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        HOME: home,
        TMPDIR: join(folder, 'tmp'),
        FAULT_RECORD: recordFile,
        ...(fault && { FAULT_AT: String(fault.at), FAULT_KIND: fault.kind }),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return running(child);
  };

  return {
    folder,
    task,
    out: join(folder, 'out'),
    start,
    run: (words, options) => start(words, options).ended,
    record: () => linesOf(recordFile),
    tellTrainings: (name, text = '') => writeFileSync(join(home, name), text),
    release: (name) => rmSync(join(home, name), { force: true }),
    ledger: () => linesOf(join(home, 'ledger')),
    asked: () => existsSync(join(home, 'asked')),
    alive: () => processesIn(home),
    [Symbol.asyncDispose]: async () => {
      await endAll(home);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function running(child: ChildProcess): Running {
  const text = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, ...text }));
  });
  return { process: child, ended, said: () => text.stderr };
}

/** The words that begin the study of this suite. */
export function tune(trials: number, ...more: string[]): string[] {
  const settings = '--strategy random --executor direct --yes --seed 7 --out out --plain'.split(' ');
  return ['tune', './task', ...settings, '--trials', String(trials), ...more];
}

export function resume(...more: string[]): string[] {
  return ['resume', 'latest', '--out', 'out', '--plain', ...more];
}

/** Waits until `condition` holds; fails loudly after a time that no machine needs. */
export async function until(what: string, condition: () => boolean, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !condition(); await sleep(5))
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
}

/** Runs `work` on every item, three at a time; the first failure is thrown when all are done. */
export async function threeAtATime<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  const lanes = await Promise.allSettled([lane(), lane(), lane()]);
  for (const one of lanes) if (one.status === 'rejected') throw one.reason;
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

/** Everything alive whose home is this world: the command line, its wrappers, their trainings. */
function processesIn(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`HOME=${home}`))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // It ended meanwhile, or it is somebody else's.
  }
}

async function endAll(home: string): Promise<void> {
  await until('the end of everything that was started', () => {
    for (const pid of processesIn(home)) kill(pid);
    return processesIn(home).length === 0;
  });
}

/** SIGKILL to a process that may be gone already. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
