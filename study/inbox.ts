import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from './durable-files.ts';
import { systemCodeOf } from './errors.ts';

const input = z.object({ kind: z.string(), payload: z.unknown() });

/** No input that a command leaves is nearly as large. */
const MOST_BYTES = 64 * 1024;

/** What another process asks of a study. */
export interface Input {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
}

/** Ask something of a study from outside: only its owner writes the log, everyone else drops a file here. */
export function dropInput(studyFolder: string, kind: string, payload: unknown): string {
  // The time first, at a fixed width: names sort in the order in which people asked.
  const id = `${Date.now().toString(16).padStart(12, '0')}-${randomUUID()}`;
  const folder = inboxOf(studyFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(join(folder, `${id}.json`), JSON.stringify({ kind, payload }));
  return id;
}

/** What lies in the inbox now, the oldest first. The owner logs each, then calls {@link removeInput}: in this order nothing is lost. */
export function readInputs(studyFolder: string): Input[] {
  return names(inboxOf(studyFolder)).flatMap((name) => {
    const file = join(inboxOf(studyFolder), name);
    const parsed = input.safeParse(
      statSync(file).size > MOST_BYTES ? undefined : parseJson(readFileSync(file, 'utf8')),
    );
    const id = name.slice(0, -'.json'.length);
    return parsed.success ? [{ id, ...parsed.data }] : [{ id, kind: 'unreadable', payload: null }];
  });
}

export function removeInput(studyFolder: string, id: string): void {
  rmSync(join(inboxOf(studyFolder), `${id}.json`), { force: true });
}

function inboxOf(studyFolder: string): string {
  return join(studyFolder, 'inbox');
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[0-9a-f-]+\.json$/.test(name))
      .sort();
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
