import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from './durable-files.ts';
import { AgentHpoError, systemCodeOf } from './errors.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

const lockFile = /^lock-[0-9a-f-]+\.json$/;
const identity = z.object({ host: z.string(), bootId: z.string(), pid: z.int(), startTime: z.string() });

/** Held while a process works on a study; dies with its owner. */
export interface StudyLock {
  release(): void;
}

/**
 * Every contender first puts down a lock file of its own (whole: written aside, then renamed), then looks at the others:
 * of two that come together at least one sees the other and backs off, so never do both go on. The file of a dead
 * process (of this boot or an earlier one) counts for nothing and is removed; another host’s is never broken silently.
 */
export function lockStudy(folder: string): StudyLock {
  const name = `lock-${randomUUID()}.json`;
  writeWhole(join(folder, name), JSON.stringify(ownIdentity()));
  const release = () => rmSync(join(folder, name), { force: true });
  const owner = otherOwner(folder, name);
  if (owner === undefined) return { release };
  release();
  throw lockedError(folder, owner);
}

/** Who works on the study now; undefined when nobody does. */
export function lockOwner(folder: string): ProcessIdentity | undefined {
  return otherOwner(folder, '');
}

function otherOwner(folder: string, own: string): ProcessIdentity | undefined {
  const others = readdirSync(folder).filter((name) => lockFile.test(name) && name !== own);
  return others.map((name) => livingOwner(join(folder, name))).find((owner) => owner !== undefined);
}

function livingOwner(file: string): ProcessIdentity | undefined {
  const owner = readOwner(file);
  if (owner !== undefined && isAlive(owner) !== 'dead') return owner;
  rmSync(file, { force: true });
  return undefined;
}

function readOwner(file: string): ProcessIdentity | undefined {
  try {
    return identity.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function lockedError(folder: string, owner: ProcessIdentity): AgentHpoError {
  const elsewhere = isAlive(owner) === 'unknown-host';
  return new AgentHpoError({
    code: 'study-locked',
    message: `Process ${owner.pid}${elsewhere ? ` on host ${owner.host}` : ''} is working on ${folder}.`,
    hint: elsewhere
      ? `If that process is gone for sure, delete ${folder}/lock-*.json.`
      : 'Wait for it, or end it with: agenthpo stop <study>.',
  });
}
