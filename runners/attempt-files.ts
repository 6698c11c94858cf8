import { linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { systemCodeOf } from '../study/errors.ts';
import { ownIdentity } from '../study/process-identity.ts';
import type { RunPaths } from './run-paths.ts';
import type { RunOutcome } from './runner.ts';

const identity = z.object({ host: z.string(), bootId: z.string(), pid: z.int().min(1), startTime: z.string() });

const start = identity.extend({
  attemptId: z.string(),
  startedAt: z.string(),
});
export type AttemptStart = z.infer<typeof start>;

const result = z.object({
  attemptId: z.string(),
  outcome: z.enum(['exited', 'timed-out', 'memory-limit', 'interrupted']),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  wallSeconds: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
});

/** Who owns the attempt; undefined when nobody has claimed it yet, or died in the moment of claiming it. */
export function readStart(paths: RunPaths): AttemptStart | undefined {
  return readJson(paths.start, start);
}

/** How the attempt ended; undefined as long as it has not, and for a file that a crash left torn. */
export function readResult(paths: RunPaths, attemptId: string): RunOutcome | undefined {
  const found = readJson(paths.result, result);
  if (found === undefined || found.attemptId !== attemptId) return undefined;
  const { outcome, exitCode, signal, wallSeconds, peakMemoryBytes } = found;
  return { outcome, exitCode, signal, wallSeconds, peakMemoryBytes };
}

/** Says that this process waits for the attempt’s end. Makes the control folder when there is none. */
export function writeWaiter(paths: RunPaths): void {
  mkdirSync(paths.control, { recursive: true, mode: 0o700 });
  const draft = `${paths.waiter}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(ownIdentity())}\n`);
  renameSync(draft, paths.waiter);
}

/** The process that last said it waits for the attempt; it may be dead. */
export function readWaiter(paths: RunPaths): z.infer<typeof identity> | undefined {
  return readJson(paths.waiter, identity);
}

/** From now on the attempt cannot start any more; one that has started is not disturbed. */
export function forbidStart(paths: RunPaths): void {
  writeFileSync(paths.abandoned, '');
}

/** Puts the result where people look for it, unless the script has a file of that name itself. */
export function publishResult(paths: RunPaths): void {
  try {
    linkSync(paths.result, paths.published);
  } catch (error) {
    // EPERM, ENOTSUP: a file system without links. The runner reads its own copy.
    if (!['EEXIST', 'EPERM', 'ENOTSUP'].includes(systemCodeOf(error) ?? '')) throw error;
  }
}

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseOrUndefined(text));
  return parsed.success ? parsed.data : undefined;
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** After a power cut a file can be there without its content; that is as good as no file. */
function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
