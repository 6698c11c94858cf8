import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeReport } from '../../report/write-report.ts';
import { someFacts } from './make-facts.ts';
import { aCurve, aHistory } from './make-history.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agenthpo-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const values = [0.5, 0.4, 0.45];
const history = aHistory({
  trials: values.map((value, index) => ({
    hyperparameters: { learning_rate: 10 ** (-2 - index), optimizer: 'adam', batch_size: 64, nesterov: false },
    value,
    curve: aCurve(value),
  })),
});
const request = () => ({ history, folder, facts: someFacts(), curves: new Map() });

it('the report is Markdown with its pictures, and one page that needs nothing else', async () => {
  const { markdownFile, htmlFile } = await writeReport(request());
  expect([markdownFile, htmlFile]).toEqual([join(folder, 'report.md'), join(folder, 'report.html')]);
  expect((await readdir(folder)).toSorted()).toEqual(['plots', 'report.html', 'report.md']);
  expect((await readdir(join(folder, 'plots'))).toSorted()).toEqual([
    'best-so-far.svg',
    'hyperparameters.svg',
    'learning-curves.svg',
  ]);
  const page = await readFile(htmlFile, 'utf8');
  expect(page.match(/<svg /g)?.length).toBe(3);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|url\(http|@import/i);
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
});

it('writing it again gives the same bytes', async () => {
  const { markdownFile, htmlFile } = await writeReport(request());
  const first = await Promise.all([markdownFile, htmlFile].map((file) => readFile(file, 'utf8')));
  await writeReport(request());
  expect(await Promise.all([markdownFile, htmlFile].map((file) => readFile(file, 'utf8')))).toEqual(first);
});

it('a folder that cannot be written is an error with the folder’s name', async () => {
  const blocked = join(folder, 'file');
  await writeFile(blocked, '');
  await expect(writeReport({ ...request(), folder: blocked })).rejects.toMatchObject({
    code: 'file-failed',
    message: expect.stringContaining(blocked),
  });
});
