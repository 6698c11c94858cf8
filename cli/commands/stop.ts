import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalRunner } from '../../runners/local.ts';
import { AgentHpoError, systemCodeOf } from '../../study/errors.ts';
import { dropInput } from '../../study/inbox.ts';
import { lockedError, lockOwner } from '../../study/lock.ts';
import { isAlive } from '../../study/process-identity.ts';
import { studyLabel } from '../../study/study-folder.ts';
import type { Context } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { openStudy } from '../open-study.ts';

const WAIT_MS = 30_000;

/** `agenthpo stop <study>`: ends the process that works on it (in order, nothing is lost) and every training left alive. */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { folder, history } = openStudy(context, reference, options);
  const owner = lockOwner(folder);
  // A process of another host cannot be stopped from here, and its number may be anybody’s on this one.
  if (owner !== undefined && isAlive(owner) === 'unknown-host') throw lockedError(folder, owner);
  if (options['afterTrial'] === true) {
    if (owner !== undefined) dropInput(folder, 'stop', null);
    const words =
      owner === undefined
        ? `No process is working on ${studyLabel(folder)}; a training left alive goes on to its end.`
        : `${studyLabel(folder)} will stop after its running trial.`;
    return answer(
      context,
      options,
      { study: folder, stopped: false, afterTrial: owner !== undefined, ended: 0 },
      words,
    );
  }
  if (owner !== undefined) await endOwner(folder, owner.pid);
  const runner = createLocalRunner();
  const survivors = await runner.survivors(folder);
  for (const survivor of survivors) await runner.end(survivor);
  const study = studyLabel(folder);
  const what = owner === undefined ? `No process was working on ${study}` : `Stopped ${study} (process ${owner.pid})`;
  const canGoOn = owner !== undefined || history.end === undefined || history.end.status === 'paused';
  const also =
    survivors.length === 0 ? '' : `; ended ${survivors.length} training${survivors.length === 1 ? '' : 's'} left alive`;
  return answer(
    context,
    options,
    { study: folder, stopped: owner !== undefined, afterTrial: false, ended: survivors.length },
    `${what}${also}.${canGoOn ? `\nGo on with: agenthpo resume ${basename(folder)}` : ''}`,
  );
}

async function endOwner(folder: string, pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error;
    return; // It ended by itself just now.
  }
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(50)) if (lockOwner(folder) === undefined) return;
  throw new AgentHpoError({
    code: 'study-locked',
    message: `Process ${pid} did not stop within ${WAIT_MS / 1000} s.`,
    hint: `End it with: kill -9 ${pid}; then run agenthpo stop again to end its trainings.`,
  });
}

function answer(context: Context, options: Record<string, unknown>, data: object, words: string): number {
  context.stdout.write(options['json'] === true ? jsonLine(data) : `${words}\n`);
  return 0;
}
