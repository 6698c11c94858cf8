import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentHpoError, systemCodeOf } from '../study/errors.ts';
import { identityOf, type ProcessIdentity } from '../study/process-identity.ts';

/** Carries the attempt’s id in the environment of a training and of all it starts; the wrapper sets it. */
export const ATTEMPT_VARIABLE = 'AGENTHPO_ATTEMPT';

/** How long after SIGKILL a process may take to disappear before the machine counts as broken. */
const KILL_SECONDS = 15;

export interface AttemptProcess {
  readonly pid: number;
  readonly group: number;
  /** The attempt whose mark it carries. */
  readonly attemptId?: string;
}

/** Ends what is left of an attempt whose wrapper is gone or does not answer: SIGTERM, a grace, SIGKILL. */
export async function endAttempt(
  attemptId: string,
  wrapper: ProcessIdentity | undefined,
  graceSeconds: number,
): Promise<void> {
  const killAt = Date.now() + graceSeconds * 1000;
  const giveUpAt = killAt + KILL_SECONDS * 1000;
  let left = processesOf(attemptId, wrapper);
  sendSignal(left, 'SIGTERM');
  for (let pauseMs = 10; left.length > 0; pauseMs = Math.min(2 * pauseMs, 100)) {
    await sleep(pauseMs);
    left = processesOf(attemptId, wrapper);
    if (Date.now() >= killAt) sendSignal(left, 'SIGKILL');
    if (Date.now() >= giveUpAt && left.length > 0) throw immortal(attemptId, left);
  }
}

/** Everything alive of an attempt: what carries its mark, and its wrapper’s group. */
function processesOf(attemptId: string, wrapper?: ProcessIdentity): number[] {
  const group = wrapper !== undefined && isGroupOf(wrapper) ? wrapper.pid : undefined;
  return listProcesses()
    .filter((one) => one.attemptId === attemptId || one.group === group)
    .map(({ pid }) => pid);
}

/** A group’s number is free again only when group and leader are gone: a stranger who leads it now is no leftover. */
function isGroupOf(wrapper: ProcessIdentity): boolean {
  const now = identityOf(wrapper.pid);
  return now === undefined || (now.startTime === wrapper.startTime && now.bootId === wrapper.bootId);
}

/** Every living process whose environment may be read. */
export function listProcesses(): AttemptProcess[] {
  if (process.platform !== 'linux') return listProcessesByPs();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** Elsewhere `ps -E` prints a process’s environment after its command. */
function listProcessesByPs(): AttemptProcess[] {
  const lines = execFileSync('ps', ['-axEww', '-o', 'pid=,pgid=,stat=,command='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, group, state, rest] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (state === undefined || state.startsWith('Z')) return [];
    const attemptId = new RegExp(` ${ATTEMPT_VARIABLE}=([\\w-]+)`).exec(rest ?? '')?.[1];
    return [{ pid: Number(pid), group: Number(group), ...(attemptId !== undefined && { attemptId }) }];
  });
}

function readProcess(pid: number): AttemptProcess | undefined {
  const stat = readOther(`/proc/${pid}/stat`);
  const [state, , group] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  if (state === undefined || state === 'Z' || state === 'X') return undefined;
  const mark = readOther(`/proc/${pid}/environ`)
    ?.split('\0')
    .find((entry) => entry.startsWith(`${ATTEMPT_VARIABLE}=`));
  const attemptId = mark?.slice(ATTEMPT_VARIABLE.length + 1);
  return { pid, group: Number(group), ...(attemptId !== undefined && { attemptId }) };
}

/** A file of another process, which may end meanwhile or belong to somebody else. */
function readOther(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(systemCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}

export function sendSignal(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // ESRCH: it ended by itself. EPERM: it changed its user; the caller finds it still alive and says so.
      if (!['ESRCH', 'EPERM'].includes(systemCodeOf(error) ?? '')) throw error;
    }
  }
}

function immortal(attemptId: string, pids: readonly number[]): AgentHpoError {
  return new AgentHpoError({
    code: 'runner-failed',
    message: `Processes ${pids.join(', ')} of attempt ${attemptId} are still alive ${KILL_SECONDS} s after SIGKILL.`,
    hint: `Look at them with "ps -o pid,stat,wchan,args -p ${pids.join(',')}" (a D state means a stuck disk or GPU), then resume.`,
  });
}
