import { constants, type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { systemCodeOf } from '../study/errors.ts';
import { parseTrainingLog } from './read-training-log.ts';
import type { LogFormat, LogRow } from './training-log.ts';

export interface LogNews {
  /** Rows whose lines were completed since the last poll. */
  readonly rows: readonly LogRow[];
  /** The script began its log anew (truncated or replaced it): `rows` stand in place of all earlier ones. */
  readonly restarted: boolean;
}

/** Reads a training log while it is written. Polled, because file events are lost on network file systems. */
export interface LogFollower {
  poll(): Promise<LogNews>;
}

/** More than this is left for the next poll, so that a chatty script cannot hold up its watcher. */
const MOST_BYTES_A_POLL = 4 * 1024 * 1024;
/** A line longer than this is no row; what was kept of it is dropped. */
const LONGEST_LINE = 1024 * 1024;

/** A follower of the log at `path`, which need not exist yet. A character written byte by byte arrives whole. */
export function followLog(path: string, format: LogFormat, pattern?: string): LogFollower {
  let state = startOfFile(undefined);
  return {
    async poll() {
      const file = await openIfThere(path);
      if (file === undefined) return { rows: [], restarted: false };
      try {
        const { ino, size } = await file.stat();
        const restarted = state.inode !== undefined && (ino !== state.inode || size < state.offset);
        if (restarted || state.inode === undefined) state = startOfFile(ino);
        const text = await readNew(file, size, state);
        return { rows: parseCompleteLines(text, state, format, pattern), restarted };
      } finally {
        await file.close();
      }
    },
  };
}

interface FollowState {
  readonly inode: number | undefined;
  readonly decoder: StringDecoder;
  offset: number;
  /** The beginning of a line that is not complete yet. */
  unfinished: string;
  /** A CSV’s first line; undefined until it is complete. */
  header: string | undefined;
}

function startOfFile(inode: number | undefined): FollowState {
  return { inode, decoder: new StringDecoder('utf8'), offset: 0, unfinished: '', header: undefined };
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    // Without waiting: a script may make its log a pipe, which would open only once somebody writes.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function readNew(file: FileHandle, size: number, state: FollowState): Promise<string> {
  const bytes = Buffer.alloc(Math.min(size - state.offset, MOST_BYTES_A_POLL));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, state.offset);
  state.offset += bytesRead;
  return state.decoder.write(bytes.subarray(0, bytesRead));
}

function parseCompleteLines(text: string, state: FollowState, format: LogFormat, pattern?: string): readonly LogRow[] {
  const all = state.unfinished + text;
  const end = all.lastIndexOf('\n') + 1;
  const rest = all.slice(end);
  state.unfinished = rest.length > LONGEST_LINE ? '' : rest;
  if (end === 0) return [];
  const complete = all.slice(0, end);
  if (format !== 'csv') return parseTrainingLog(complete, format, pattern).rows;
  const rows = parseTrainingLog((state.header ?? '') + complete, 'csv').rows;
  state.header ??= complete.slice(0, complete.indexOf('\n') + 1);
  return rows;
}
