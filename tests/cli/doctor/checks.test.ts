import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Context } from '../../../cli/context.ts';
import type { Check } from '../../../cli/doctor/check.ts';
import { diskCheck } from '../../../cli/doctor/disk.ts';
import { judgeNode } from '../../../cli/doctor/installation.ts';
import { conclusionOf, formatChecks } from '../../../cli/doctor/print-checks.ts';
import { runChecks } from '../../../cli/doctor/run-checks.ts';
import { settingsSchema } from '../../../configs/schema.ts';
import { AgentHpoError } from '../../../study/errors.ts';

const signal = new AbortController().signal;

const context: Context = {
  workingFolder: '/somewhere',
  environment: { HOME: '/home/me' },
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  signal,
  commandLine: [],
};

test.each([
  ['20.19.4', 'problem'],
  ['20.20.0', 'ok'],
  ['18.99.0', 'problem'],
  ['24.0.1', 'ok'],
])('Node %s is judged against 20.20: %s', (version, status) => {
  expect(judgeNode(version, '20.20').status).toBe(status);
});

test.each([
  { bytes: 50e9, status: 'ok' },
  { bytes: 2e9, status: 'warning' },
  { bytes: 5e6, status: 'problem' },
])('$bytes free bytes are $status', async ({ bytes, status }) => {
  const input = { context, settings: settingsSchema.parse({}) };
  const check = diskCheck(input, async (path) => (path.includes('.cache') ? bytes : 100e9));
  const found = await check.look(signal);
  expect(found.status).toBe(status);
  if (status !== 'ok') expect(found.mend).toContain('/home/me/.cache/agenthpo');
});

test('a check that hangs is given up; the others keep their places', async () => {
  const quick: Check = { name: 'quick', look: () => ({ status: 'ok', finding: 'fine' }) };
  const never = { status: 'ok', finding: 'too late' } as const;
  const hangs: Check = { name: 'hangs', look: (own) => sleep(60_000, never, { signal: own, ref: false }) };
  const results = await runChecks([hangs, quick], signal, 0.05);
  expect(results).toMatchObject([
    { name: 'hangs', status: 'problem', finding: 'no answer within 0.05 s' },
    { name: 'quick', status: 'ok' },
  ]);
});

test('a fault that a user can mend is a problem with its cure; a bug is thrown', async () => {
  const fault = new AgentHpoError({ code: 'usage', message: 'No.', hint: 'Yes.' });
  const throwing = (error: unknown): Check => ({ name: 'x', look: () => Promise.reject(error) });
  expect(await runChecks([throwing(fault)], signal)).toEqual([
    { name: 'x', status: 'problem', finding: 'No.', mend: 'Yes.' },
  ]);
  await expect(runChecks([throwing(new RangeError('bug'))], signal)).rejects.toThrow('bug');
});

test('long findings are wrapped behind the names, cures below them, and nothing acts on the terminal', () => {
  const lines = formatChecks(
    [
      { name: 'Short', status: 'ok', finding: 'fine' },
      { name: 'Long', status: 'problem', finding: 'word '.repeat(20).trim(), mend: 'Mend\u001b[2J it.' },
    ],
    { columns: 40, hasColor: false },
  );
  expect(lines.every((line) => line.length <= 40)).toBe(true);
  expect(lines[0]).toBe('  ✓ Short  fine');
  expect(lines[1]).toMatch(/^ {2}✗ Long {3}word word/);
  expect(lines.at(-1)).toBe('           → Mend it.');
});

test('the conclusion counts what must be mended', () => {
  const result = (status: 'ok' | 'warning' | 'problem') => ({ name: 'x', status, finding: '' });
  expect(conclusionOf([result('ok'), result('problem')], 'next')).toContain('1 to mend');
  expect(conclusionOf([result('warning')], 'next')).toContain('see the warnings');
  expect(conclusionOf([result('ok')], 'next')).toBe('Everything that tune needs works. Next: next');
});
