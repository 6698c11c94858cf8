import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../study/durable-files.ts';
import { messageOf, systemCodeOf } from '../study/errors.ts';
import type { Context } from './context.ts';
import { homeOf } from './home-of.ts';

/** What of a task folder decides what runs: a hash by file name. */
export type Fingerprint = Readonly<Record<string, string>>;

const fingerprint = z.record(z.string(), z.string());
/** A plain hash was written by version 0.1: it counts as never seen. */
const trustedFolders = z.record(z.string(), z.union([fingerprint, z.string()]));

export interface TrustStore {
  /** The folder as it was when its use was last confirmed; undefined when it never was. */
  readonly find: (folder: string) => Fingerprint | undefined;
  readonly remember: (folder: string, state: Fingerprint) => void;
}

/**
 * The folders whose use was confirmed, kept in the user’s state folder. A file that cannot be read confirms nothing, one
 * that cannot be written costs the same question next time; both are said.
 */
export function openTrustStore(context: Context, say: (line: string) => void): TrustStore {
  const file = storeFile(context);
  const known = readStore(file, say);
  return {
    find: (folder) => {
      const found = Object.hasOwn(known, folder) ? known[folder] : undefined;
      return typeof found === 'string' ? undefined : found;
    },
    remember: (folder, state) => {
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        // Read again: another folder may have been confirmed meanwhile. That it cannot be read was said.
        writeWhole(file, JSON.stringify({ ...readStore(file, () => undefined), [folder]: state }));
      } catch (error) {
        if (systemCodeOf(error) === undefined) throw error;
        say(`This confirmation could not be kept (${messageOf(error)}); it will be asked for again.`);
      }
    },
  };
}

function readStore(file: string, say: (line: string) => void): z.infer<typeof trustedFolders> {
  if (!existsSync(file)) return {};
  try {
    return trustedFolders.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError) && systemCodeOf(error) === undefined)
      throw error;
    say(`${file}, which remembers confirmed task folders, cannot be read: every folder counts as new.`);
    return {};
  }
}

function storeFile(context: Context): string {
  return join(stateFolder(context), 'trusted.json');
}

/** Where agenthpo keeps what it remembers of its user’s decisions. */
export function stateFolder({ environment }: Context): string {
  const base = environment['XDG_STATE_HOME'] || join(homeOf(environment), '.local', 'state');
  return join(base, 'agenthpo');
}
