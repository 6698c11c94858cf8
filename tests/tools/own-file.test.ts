import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOwnFile } from '../../tools/own-file.ts';
import { outputTail } from '../../tools/read-outcome.ts';
import { followLog } from '../../training/follow-log.ts';
import { aFolder } from '../study/maker.ts';

test('only an ordinary file of the folder itself is its own', () => {
  const [folder, elsewhere] = [aFolder(), aFolder()];
  writeFileSync(join(elsewhere, 'id_rsa'), 'secret');
  writeFileSync(join(folder, 'log'), 'METRIC loss=1');
  symlinkSync('log', join(folder, 'again'));
  symlinkSync(join(elsewhere, 'id_rsa'), join(folder, 'escape'));
  symlinkSync(elsewhere, join(folder, 'away'));
  mkdirSync(join(folder, 'sub'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const own = ['log', 'again', 'escape', 'away/id_rsa', 'sub', 'pipe', 'nothing'].filter((name) =>
    isOwnFile(join(folder, name), folder),
  );
  expect(own).toEqual(['log', 'again']);
});

test('an output that was replaced by a link to a private file is not shown', () => {
  const [folder, elsewhere] = [aFolder(), aFolder()];
  writeFileSync(join(elsewhere, 'id_rsa'), 'secret');
  symlinkSync(join(elsewhere, 'id_rsa'), join(folder, 'stdout.log'));
  expect(outputTail(folder, (text) => text)).toBe('');
});

test('a log that is a pipe holds nobody up', async () => {
  const folder = aFolder();
  execFileSync('mkfifo', [join(folder, 'log.jsonl')]);
  expect((await followLog(join(folder, 'log.jsonl'), 'jsonl').poll()).rows).toEqual([]);
});
