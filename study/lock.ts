import { linkSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from './durable-files.ts';
import { AgentHpoError, systemCodeOf } from './errors.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

const lockFile = /^lock-([0-9a-f.-]+)\.json$/;
const identity = z.object({ host: z.string(), bootId: z.string(), pid: z.int(), startTime: z.string() });

/** Held while a process works on a study; dies with its owner. */
export interface StudyLock {
  release(): void;
}

/**
 * Locks have numbers, and a contender links its own under the next one: a link appears whole, and of those that saw the
 * same state of things only one gets it. Then it looks once more, because whoever saw an older state linked another
 * number; if both are there, both step back and try again. So never do two go on, and one always does. The lock of a
 * dead process (of this boot or an earlier one) counts for nothing and goes; another host’s is never broken silently.
 */
export function lockStudy(folder: string): StudyLock {
  for (;;) {
    const seen = lockFiles(folder);
    const owner = livingOwner(folder, seen);
    if (owner !== undefined) throw lockedError(folder, owner);
    const name = claim(folder, 1 + Math.max(0, ...seen.map(numberOf)));
    if (name === undefined) continue;
    const release = () => rmSync(join(folder, name), { force: true });
    const others = lockFiles(folder).filter((other) => other !== name);
    if (livingOwner(folder, others) === undefined) {
      for (const dead of others) rmSync(join(folder, dead), { force: true });
      return { release };
    }
    release();
  }
}

/** Who works on the study now; undefined when nobody does. */
export function lockOwner(folder: string): ProcessIdentity | undefined {
  return livingOwner(folder, lockFiles(folder));
}

function lockFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => lockFile.test(name));
}

function numberOf(name: string): number {
  return Number.parseInt(lockFile.exec(name)?.[1] ?? '', 10) || 0;
}

/** Puts down this process’s lock under a number; undefined when somebody else has it. */
function claim(folder: string, number: number): string | undefined {
  const aside = join(folder, `.lock-${process.pid}`);
  writeWhole(aside, JSON.stringify(ownIdentity()));
  const name = `lock-${number}.json`;
  try {
    linkSync(aside, join(folder, name));
    return name;
  } catch (error) {
    const code = systemCodeOf(error) ?? '';
    if (code === 'EEXIST') return undefined;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(code)) throw error;
    return claimWithoutLinks(folder, number, aside);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** On a file system without links nobody else may have the name; the second look alone decides. */
function claimWithoutLinks(folder: string, number: number, aside: string): string {
  const name = `lock-${number}.${process.pid}.json`;
  renameSync(aside, join(folder, name));
  return name;
}

function livingOwner(folder: string, names: readonly string[]): ProcessIdentity | undefined {
  return names
    .map((name) => readOwner(join(folder, name)))
    .find((owner) => owner !== undefined && isAlive(owner) !== 'dead');
}

function readOwner(file: string): ProcessIdentity | undefined {
  try {
    return identity.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What whoever meets another’s lock is told. */
export function lockedError(folder: string, owner: ProcessIdentity): AgentHpoError {
  const elsewhere = isAlive(owner) === 'unknown-host';
  return new AgentHpoError({
    code: 'study-locked',
    message: `Process ${owner.pid}${elsewhere ? ` on host ${owner.host}` : ''} is working on ${folder}.`,
    hint: elsewhere
      ? `If that process is gone for sure, delete ${folder}/lock-*.json.`
      : `Wait for it, or end it with: agenthpo stop ${basename(folder)}`,
  });
}
