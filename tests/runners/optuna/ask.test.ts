import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askOptuna } from '../../../runners/optuna/ask.ts';
import type { OptunaAnswer, OptunaQuestion } from '../../../runners/optuna/protocol.ts';
import { aFolder } from '../../study/maker.ts';
import { PythonWithOptuna } from './stand-in.ts';

const BRIDGE = fileURLToPath(new URL('../../../runners/optuna/bridge.py', import.meta.url));
const never = new AbortController().signal;

let python: PythonWithOptuna;
beforeAll(() => {
  python = new PythonWithOptuna(join(aFolder(), 'venv'));
});
beforeEach(() => python.behave('well'));

const QUESTION: OptunaQuestion = {
  sampler: 'tpe',
  seed: 7,
  parameters: [
    { name: 'rate', when: {}, kind: 'float', low: 1e-4, high: 1, log: true, step: null },
    { name: 'dropout', when: {}, kind: 'float', low: 0, high: 0.5, log: false, step: 0.1 },
    { name: 'units', when: {}, kind: 'int', low: 16, high: 512, log: true, step: 16 },
    { name: 'layers', when: {}, kind: 'int', low: 1, high: 4, log: false, step: null },
    { name: 'optimizer', when: {}, kind: 'choice', count: 3 },
    { name: 'momentum', when: { optimizer: [1, 2] }, kind: 'float', low: 0, high: 1, log: false, step: null },
    { name: 'nesterov', when: { momentum: [0.5] }, kind: 'choice', count: 2 },
  ],
  trials: [
    { point: { rate: 0.01, dropout: 0.1 + 0.2, units: 32, layers: 2, optimizer: 0 }, loss: 0.5 },
    { point: { rate: 0.1, dropout: 0, units: 16, layers: 1, optimizer: 2, momentum: 0.9 }, loss: null },
  ],
  pending: [{ rate: 1, dropout: 0.5, units: 512, layers: 4, optimizer: 0 }],
};

function ask(question = QUESTION, more: { limitSeconds?: number; signal?: AbortSignal; interpreter?: string } = {}) {
  const { signal = never, limitSeconds, interpreter = python.interpreter } = more;
  return askOptuna({ interpreter, environment: {} }, question, signal, limitSeconds);
}

/** A program in Python’s place. */
function aProgram(script: string): string {
  const file = join(aFolder(), 'python');
  writeFileSync(file, `#!/bin/sh\nread -r _\n${script}\n`, { mode: 0o755 });
  return file;
}

async function first(count: number, question = QUESTION): Promise<OptunaAnswer[]> {
  const answers: OptunaAnswer[] = [];
  for await (const answer of ask(question)) if (answers.push(answer) === count) break;
  return answers;
}

describe('a conversation', () => {
  test.each([
    ['tpe', 'TPESampler'],
    ['gp', 'GPSampler'],
    ['cmaes', 'CmaEsSampler'],
  ] as const)('%s is told every trial in its order, with its state', async (sampler, name) => {
    const [answer] = await first(1, { ...QUESTION, sampler });
    expect(answer?.how).toContain(`${name} of Optuna 5.0.0`);
    const told = python.told().at(-1);
    expect(told).toMatchObject({ sampler: name, seed: 7 });
    expect(told?.trials.map(({ state, value }) => [state, value])).toEqual([
      ['COMPLETE', 0.5],
      ['FAIL', null],
      ['RUNNING', null],
    ]);
    expect(told?.trials.map(({ params }) => params)).toEqual([
      ...QUESTION.trials.map(({ point }) => point),
      ...QUESTION.pending,
    ]);
  });

  test('a point holds the active parameters, each within its range', async () => {
    for (const { point } of await first(30)) {
      const { rate = 0, dropout = 0, units = 0, layers = 0, optimizer = 0, momentum, nesterov } = point;
      expect(rate >= 1e-4 && rate <= 1).toBe(true);
      expect(Math.abs(dropout * 10 - Math.round(dropout * 10))).toBeLessThan(1e-8);
      expect([units, layers, optimizer].every(Number.isInteger)).toBe(true);
      expect(momentum === undefined).toBe(optimizer === 0);
      expect(nesterov === undefined).toBe(momentum !== 0.5);
    }
  });

  test('another point is another one, and the same question has the same answers', async () => {
    const answers = await first(3);
    expect(new Set(answers.map(({ point }) => point['rate'])).size).toBe(3);
    expect(await first(3)).toEqual(answers);
    expect(await first(1, { ...QUESTION, seed: 8 })).not.toEqual(answers.slice(0, 1));
  });

  test('what packages print does not get into it', async () => {
    python.behave('prints');
    expect(await first(2)).toHaveLength(2);
  });

  test('what CMA-ES draws at random is said', async () => {
    const [answer] = await first(1, { ...QUESTION, sampler: 'cmaes' });
    expect(answer?.how).toMatch(/draws at random what CMA-ES cannot model: .*optimizer/);
  });
});

describe('a bridge that fails is an error with one action', () => {
  test.each([
    ['raises', /said RuntimeError: no positive definite matrix/],
    ['dies', /ended without an answer: Fatal: out of memory\./],
  ] as const)('one that %s', async (mode, message) => {
    python.behave(mode);
    await expect(ask().next()).rejects.toMatchObject({
      code: 'sampler-failed',
      message: expect.stringMatching(message),
      hint: expect.stringContaining(`${python.interpreter} -m pip install`),
    });
  });

  test('one that hangs', async () => {
    python.behave('hangs');
    const asked = ask(QUESTION, { limitSeconds: 1 }).next();
    await expect(asked).rejects.toMatchObject({
      code: 'sampler-failed',
      message: expect.stringContaining('within 1 s'),
    });
  });

  test.each([
    ['what is no JSON', 'echo hello'],
    ['what is no point', `echo '{"point": {"rate": "high"}, "how": ""}'`],
    ['without end', 'yes x | tr -d "\\n"'],
  ])('one that answers %s', async (_, script) => {
    const asked = ask(QUESTION, { interpreter: aProgram(script) }).next();
    await expect(asked).rejects.toMatchObject({ code: 'sampler-failed' });
  });

  test('one that cannot be started', async () => {
    const asked = ask(QUESTION, { interpreter: '/nowhere/python3' }).next();
    await expect(asked).rejects.toMatchObject({
      code: 'sampler-failed',
      message: expect.stringContaining('ENOENT'),
    });
  });
});

describe('no process is left behind', () => {
  test('by an abort, which is the reason', async () => {
    python.behave('hangs');
    const controller = new AbortController();
    const asked = ask(QUESTION, { signal: controller.signal }).next();
    controller.abort(new Error('stopped by the user'));
    await expect(asked).rejects.toThrow('stopped by the user');
  });

  test('when its reader dies while Optuna is busy', async () => {
    python.behave('hangs');
    const before = python.told().length;
    const bridge = spawn(python.interpreter, ['-I', '-B', BRIDGE], { stdio: ['pipe', 'ignore', 'ignore'] });
    bridge.stdin.write(`${JSON.stringify(QUESTION)}\n`);
    await expect.poll(() => python.told().length, { timeout: 30_000 }).toBe(before + 1);
    bridge.stdin.end();
    expect(await once(bridge, 'exit')).toEqual([0, null]);
  });
});
