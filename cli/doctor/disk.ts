import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { cacheFolder } from '../python-request.ts';
import type { Check, DoctorInput, Finding } from './check.ts';

const GB = 1e9;
/** A framework such as PyTorch takes about this much in the cache of environments. */
const ROOMY_BYTES = 5 * GB;
/** Below this not even a study without outputs is safe. */
const NEEDED_BYTES = 0.1 * GB;

/** Bytes that this user may still write where `path` lies. */
export type FreeBytes = (path: string) => Promise<number>;

/** Room where studies, Python environments and temporary files lie. */
export function diskCheck({ context, settings }: DoctorInput, freeBytes: FreeBytes = askFileSystem): Check {
  const places = {
    studies: resolve(context.workingFolder, settings.out),
    environments: cacheFolder(settings, context.environment),
    'temporary files': tmpdir(),
  };
  return {
    name: 'Disk',
    look: async () => {
      const free = await Promise.all(
        Object.entries(places).map(async ([what, path]) => ({ what, path, bytes: await freeBytes(path) })),
      );
      return judgeDisk(free);
    },
  };
}

interface Place {
  readonly what: string;
  readonly path: string;
  readonly bytes: number;
}

function judgeDisk(places: readonly Place[]): Finding {
  const finding = places.map(({ what, bytes }) => `${inGigabytes(bytes)} for ${what}`).join(', ');
  const [tightest] = places.toSorted((one, other) => one.bytes - other.bytes);
  if (tightest === undefined || tightest.bytes >= ROOMY_BYTES) return { status: 'ok', finding: `free: ${finding}` };
  const setting = { studies: ' or name another folder with --out', environments: ' or set AGENTHPO_CACHE' };
  const other = Object.entries(setting).find(([what]) => what === tightest.what)?.[1] ?? ' or set TMPDIR';
  return {
    status: tightest.bytes < NEEDED_BYTES ? 'problem' : 'warning',
    finding: `free: ${finding}`,
    mend: `Make room at ${tightest.path},${other}.`,
  };
}

async function askFileSystem(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(nearestExisting(path));
  return bavail * bsize;
}

/** The path itself, else the closest folder above it that is there. */
export function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function inGigabytes(bytes: number): string {
  return `${(bytes / GB).toFixed(bytes < 10 * GB ? 1 : 0)} GB`;
}
