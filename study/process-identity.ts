import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCodeOf } from './errors.ts';

/** One process, told apart from every later one that gets the same number. */
export interface ProcessIdentity {
  readonly host: string;
  /** Changes with every boot of the machine. */
  readonly bootId: string;
  readonly pid: number;
  /** When the process started, as the system counts (clock ticks since boot on Linux): compared, never read. */
  readonly startTime: string;
}

/** The process that asks. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { host: hostname(), bootId: bootId(), pid: process.pid, startTime: '' };
}

/** The identity of the living process `pid` of this machine; undefined when there is none (a zombie counts as gone). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { host: hostname(), bootId: bootId(), pid, startTime };
}

/** Whether the process still runs. Of another host’s processes nothing can be known from here. */
export function isAlive(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown-host' {
  if (identity.host !== hostname()) return 'unknown-host';
  if (identity.bootId !== bootId()) return 'dead';
  return startTimeOf(identity.pid) === identity.startTime ? 'alive' : 'dead';
}

let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??=
    process.platform === 'linux'
      ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      : ask('sysctl', ['-n', 'kern.boottime']);
  return knownBootId;
}

function startTimeOf(pid: number): string | undefined {
  return process.platform === 'linux'
    ? linuxStartTimeOf(pid)
    : ask('ps', ['-o', 'lstart=', '-p', String(pid)]) || undefined;
}

/** Field 22 of /proc/<pid>/stat. Field 2 (the name) may hold spaces and brackets, so counting starts after its end. */
function linuxStartTimeOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined || state === 'Z' || state === 'X' ? undefined : rest[18];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // ESRCH: the process ended between open and read.
    if (['ENOENT', 'ESRCH'].includes(systemCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** The output of a small system program, trimmed; empty when it found nothing. */
function ask(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch (error) {
    if (error instanceof Error && 'status' in error && typeof error.status === 'number') return '';
    throw error;
  }
}
