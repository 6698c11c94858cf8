import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { AgentHpoError, messageOf } from './errors.ts';
import { type EventBody, eventBody, LOG_VERSION, type StudyEvent } from './events.ts';
import { describeIssues } from './schema-errors.ts';

/** What reading a log found. */
export interface LogContents {
  readonly events: readonly StudyEvent[];
  /** Bytes of complete lines; anything after is a torn last line. */
  readonly validBytes: number;
  /** The torn last line, if there was one: reported, and cut off before the next append. */
  readonly torn?: string;
}

/** Read a log and check every line (version, sequence, checksum, schema). Throws `log-corrupt` or `log-newer`. */
export function readExperimentLog(file: string): LogContents {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const events = lines.map((line, index) => parseLine(line, index + 1, file));
  const torn = bytes.subarray(end).toString('utf8');
  return { events, validBytes: end, ...(torn !== '' && { torn }) };
}

/**
 * One event as its line in the log, checksum last; ends in a newline.
 * @public for tools that write logs (bench/replay.mjs)
 */
export function formatLine(event: StudyEvent): string {
  const { v, seq, at, event: name, ...rest } = event;
  const body = JSON.stringify({ v, seq, at, event: name, ...rest });
  return `${body.slice(0, -1)},"crc":"${checksum(body)}"}\n`;
}

/**
 * The append-only record of a study. An append returns once the line is on disk (fdatasync) and not before. After a
 * failed write the file is cut back to the last acknowledged line; after a failed sync nothing more is ever appended,
 * because the disk no longer says what it holds.
 */
export class ExperimentLog {
  readonly #descriptor: number;
  readonly #file: string;
  readonly #now: () => Date;
  #bytes: number;
  #seq: number;
  #broken: unknown;

  private constructor(file: string, descriptor: number, bytes: number, seq: number, now: () => Date) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#bytes = bytes;
    this.#seq = seq;
    this.#now = now;
  }

  /** Opens (or creates) the log for appending, cutting off a torn last line. The caller holds the study’s lock. */
  static open(file: string, now: () => Date): { log: ExperimentLog; contents: LogContents } {
    const contents = existsSync(file) ? readExperimentLog(file) : { events: [], validBytes: 0 };
    const descriptor = openSync(file, 'a', 0o600);
    try {
      if (fstatSync(descriptor).size > contents.validBytes) {
        ftruncateSync(descriptor, contents.validBytes);
        fdatasyncSync(descriptor);
      }
    } catch (error) {
      closeSync(descriptor);
      throw writeFailed(file, error);
    }
    const seq = contents.events.at(-1)?.seq ?? 0;
    return { log: new ExperimentLog(file, descriptor, contents.validBytes, seq, now), contents };
  }

  /** Appends events together (one write, one sync) and answers them as recorded. Throws `log-write-failed`. */
  append(bodies: readonly EventBody[]): StudyEvent[] {
    if (this.#broken !== undefined) throw writeFailed(this.#file, this.#broken);
    const at = this.#now().toISOString();
    const events = bodies.map(
      (body, index): StudyEvent => ({ v: LOG_VERSION, seq: this.#seq + index + 1, at, ...eventBody.parse(body) }),
    );
    const bytes = Buffer.from(events.map(formatLine).join(''));
    this.#write(bytes);
    this.#bytes += bytes.length;
    this.#seq += events.length;
    return events;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(bytes: Buffer): void {
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      this.#cutBack(error);
      throw writeFailed(this.#file, error);
    }
    try {
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      this.#broken = error;
      throw writeFailed(this.#file, error);
    }
  }

  #cutBack(cause: unknown): void {
    try {
      ftruncateSync(this.#descriptor, this.#bytes);
    } catch (error) {
      this.#broken = new AggregateError([cause, error], 'the log could not be cut back after a failed write');
    }
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function parseLine(line: string, number: number, file: string): StudyEvent {
  const match = /^(.*),"crc":"([0-9a-f]{8})"\}$/.exec(line);
  const body = `${match?.[1] ?? ''}}`;
  if (match === null || checksum(body) !== match[2]) throw corrupt(file, number, 'its checksum does not fit', line);
  const raw: unknown = JSON.parse(body);
  const { v, seq, at } = header(raw, file, number, line);
  if (v > LOG_VERSION) throw newer(file, v);
  if (seq !== number) throw corrupt(file, number, `it has sequence number ${seq}`, line);
  const parsed = eventBody.safeParse(raw);
  if (!parsed.success) throw corrupt(file, number, describeIssues(parsed.error, eventBody, raw).join('; '), line);
  return { v, seq, at, ...parsed.data };
}

function header(raw: unknown, file: string, number: number, line: string): { v: number; seq: number; at: string } {
  if (typeof raw === 'object' && raw !== null && 'v' in raw && 'seq' in raw && 'at' in raw) {
    const { v, seq, at } = raw;
    if (typeof v === 'number' && typeof seq === 'number' && typeof at === 'string') return { v, seq, at };
  }
  throw corrupt(file, number, 'it lacks v, seq or at', line);
}

function corrupt(file: string, line: number, why: string, text: string): AgentHpoError {
  return new AgentHpoError({
    code: 'log-corrupt',
    message: `${file}, line ${line}: ${why}. The line begins: ${text.slice(0, 80)}`,
    hint: 'The file was changed by something other than agenthpo. Restore it from a copy, or cut it off before that line to go on from there.',
  });
}

function newer(file: string, version: number): AgentHpoError {
  return new AgentHpoError({
    code: 'log-newer',
    message: `${file} is written in log version ${version}; this agenthpo reads up to ${LOG_VERSION}.`,
    hint: 'Update agenthpo: npm install -g agenthpo@latest',
  });
}

function writeFailed(file: string, error: unknown): AgentHpoError {
  return new AgentHpoError({
    code: 'log-write-failed',
    message: `${file} could not be written: ${messageOf(error)}`,
    hint: `Free disk space or mend the permissions, then run: agenthpo resume ${basename(dirname(file))}. Everything acknowledged before is safe.`,
    cause: error,
  });
}
