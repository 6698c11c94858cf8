import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followLog } from '../../training/follow-log.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'follow-log-'));
  path = join(folder, 'log');
});

afterEach(() => rm(folder, { recursive: true }));

test('a log that does not exist yet has no rows', async () => {
  expect(await followLog(path, 'jsonl').poll()).toEqual({ rows: [], restarted: false });
});

test('each row arrives once, when its line is complete', async () => {
  const follower = followLog(path, 'jsonl');
  await writeFile(path, '{"epoch": 1}\n{"epo');
  expect((await follower.poll()).rows).toEqual([{ epoch: 1 }]);
  expect((await follower.poll()).rows).toEqual([]);
  await appendFile(path, 'ch": 2}\n{"epoch": 3}\n');
  expect((await follower.poll()).rows).toEqual([{ epoch: 2 }, { epoch: 3 }]);
});

test('a character written byte by byte arrives whole', async () => {
  const follower = followLog(path, 'jsonl');
  const rows = [];
  for (const byte of Buffer.from('{"Verlust_é_😀": 0.5}\n')) {
    await appendFile(path, Buffer.of(byte));
    rows.push(...(await follower.poll()).rows);
  }
  expect(rows).toEqual([{ 'Verlust_é_😀': 0.5 }]);
});

test('a CSV’s rows keep the names of its header, however late they come', async () => {
  const follower = followLog(path, 'csv');
  await writeFile(path, 'epoch,lo');
  expect((await follower.poll()).rows).toEqual([]);
  await appendFile(path, 'ss\n');
  expect((await follower.poll()).rows).toEqual([]);
  await appendFile(path, '1,0.5\n2,0.2');
  expect((await follower.poll()).rows).toEqual([{ epoch: 1, loss: 0.5 }]);
  await appendFile(path, '5\n3,\n');
  expect((await follower.poll()).rows).toEqual([{ epoch: 2, loss: 0.25 }, { epoch: 3 }]);
});

test('lines with a pattern are followed too', async () => {
  const follower = followLog(path, 'lines', 'loss (?<loss>\\S+)');
  await writeFile(path, 'starting\nloss 0.5\n');
  expect((await follower.poll()).rows).toEqual([{ loss: 0.5 }]);
});

test('a truncated log starts again', async () => {
  const follower = followLog(path, 'jsonl');
  await writeFile(path, '{"epoch": 1}\n{"epoch": 2}\n');
  await follower.poll();
  await writeFile(path, '{"epoch": 1}\n');
  expect(await follower.poll()).toEqual({ rows: [{ epoch: 1 }], restarted: true });
  expect(await follower.poll()).toEqual({ rows: [], restarted: false });
});

test('a log replaced by a longer one starts again', async () => {
  const follower = followLog(path, 'csv');
  await writeFile(path, 'a,b\n1,2\n');
  await follower.poll();
  await writeFile(`${path}.new`, 'b,a\n2,1\n4,3\n');
  await rename(`${path}.new`, path);
  expect(await follower.poll()).toEqual({
    rows: [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
    restarted: true,
  });
});

test('an endless line is dropped instead of kept', async () => {
  const follower = followLog(path, 'jsonl');
  for (let part = 0; part < 3; part++) {
    await appendFile(path, 'x'.repeat(700_000));
    expect((await follower.poll()).rows).toEqual([]);
  }
  await appendFile(path, '\n{"epoch": 1}\n');
  expect((await follower.poll()).rows).toEqual([{ epoch: 1 }]);
});

test('a folder in the log’s place is an error, not an empty log', async () => {
  await expect(followLog(folder, 'jsonl').poll()).rejects.toThrow(/EISDIR/);
});
