import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { EventBody } from '../../study/events.ts';
import { ExperimentLog, readExperimentLog } from '../../study/experiment-log.ts';
import { Journal } from '../../study/journal.ts';
import { aCompleteTrial, aFolder, studyStarted } from './maker.ts';

const now = () => new Date('2026-11-21T09:30:12.000Z');
let file: string;
beforeEach(() => {
  file = join(aFolder(), 'experiment-log.jsonl');
});

function write(...bodies: EventBody[]): void {
  const { log } = ExperimentLog.open(file, now);
  log.append(bodies);
  log.close();
}

test('what was appended is read back, numbered from 1 with its time', () => {
  write(studyStarted());
  write(...aCompleteTrial(1, 0.5, 0.25));
  const { events, torn } = readExperimentLog(file);
  expect(events.map(({ seq, event }) => [seq, event])).toEqual([
    [1, 'study-started'],
    [2, 'trial-proposed'],
    [3, 'attempt-started'],
    [4, 'attempt-ended'],
    [5, 'trial-finished'],
  ]);
  expect(events.every(({ at, v }) => at === '2026-11-21T09:30:12.000Z' && v === 1)).toBe(true);
  expect(torn).toBeUndefined();
});

test('a log cut at any byte opens, keeps every complete line, and takes the next append', () => {
  write(studyStarted(), ...aCompleteTrial(1, 0.5, 0.25));
  const whole = readFileSync(file);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(file, whole.subarray(0, length));
    const complete = whole.subarray(0, length).toString().split('\n').length - 1;
    const { log, contents } = ExperimentLog.open(file, now);
    expect(contents.events).toHaveLength(complete);
    expect(contents.torn === undefined).toBe(length === 0 || whole[length - 1] === 0x0a);
    log.append([{ event: 'user-input', id: 'a', kind: 'stop', payload: null }]);
    log.close();
    const after = readExperimentLog(file);
    expect(after.torn).toBeUndefined();
    expect(after.events.at(-1)).toMatchObject({ seq: complete + 1, event: 'user-input' });
  }
});

test('a changed byte in an acknowledged line is reported with its line, never read as something else', () => {
  write(studyStarted(), ...aCompleteTrial(1, 0.5, 0.25));
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"value":0.25', '"value":0.26'));
  expect(() => readExperimentLog(file)).toThrow(/line 5: its checksum does not fit/);
});

test('a line that is missing in the middle is reported', () => {
  write(studyStarted(), ...aCompleteTrial(1, 0.5, 0.25));
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.filter((_, index) => index !== 2).join('\n'));
  expect(() => readExperimentLog(file)).toThrow(/line 3: it has sequence number 4/);
});

test('a log of a newer version is refused with the way out', () => {
  write(studyStarted());
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const body = '{"v":2,"seq":2,"at":"2026-11-21T09:30:13.000Z","event":"dream"}';
  appendFileSync(file, `${body.slice(0, -1)},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`);
  expect(() => readExperimentLog(file)).toThrow(/log version 2; this agenthpo reads up to 1/);
});

test('an unknown event of this version is an error, not skipped', () => {
  write(studyStarted());
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const body = '{"v":1,"seq":2,"at":"2026-11-21T09:30:13.000Z","event":"dream"}';
  appendFileSync(file, `${body.slice(0, -1)},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`);
  expect(() => readExperimentLog(file)).toThrow(/line 2/);
});

test('an event that breaks its schema (a NaN metric) is refused before anything is written', () => {
  write(studyStarted());
  const before = readFileSync(file, 'utf8');
  const [, , , finished] = aCompleteTrial(1, 0.5, Number.NaN);
  expect(() => write(finished as EventBody)).toThrow();
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('a replay gives the same history as the run did', () => {
  const running = new Journal(file, { now });
  running.record(studyStarted());
  running.record(...aCompleteTrial(1, 0.5, 0.25));
  running.record(...aCompleteTrial(2, 0.3, 0.2));
  running.close();
  const replayed = new Journal(file, { now });
  expect(replayed.history.trials).toEqual(running.history.trials);
  expect(replayed.history.incumbent?.number).toBe(2);
  replayed.close();
});

test('a listener that throws is told of, and the event counts all the same', () => {
  const errors: unknown[] = [];
  const deaf = {
    on: () => {
      throw new Error('deaf');
    },
  };
  const journal = new Journal(file, { listeners: [deaf], onListenerError: (error) => errors.push(error) });
  journal.record(studyStarted());
  journal.close();
  expect(errors).toHaveLength(1);
  expect(readExperimentLog(file).events).toHaveLength(1);
});

test('a torn last line is reported when the journal opens', () => {
  write(studyStarted(), ...aCompleteTrial(1, 0.5, 0.25));
  truncateSync(file, readFileSync(file).length - 10);
  const journal = new Journal(file);
  expect(journal.torn).toMatch(/trial-finished/);
  expect(journal.history.trial(1)?.state).toBe('running');
  journal.close();
});
