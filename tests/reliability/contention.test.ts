import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { expectNothingAlive, historyOf, theStudy } from './study-checks.ts';
import { aWorld, type Ended, PATIENCE_MS, type Running, resume, tune, until, type World } from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const ROOT = join(import.meta.dirname, '..', '..');
const LOCK_MODULE = join(ROOT, 'dist', 'study', 'lock.js');
const ASKS_FOR_LOCK = join(ROOT, 'tests', 'fixtures', 'reliability', 'asks-for-lock.mjs');

test('a study that is being worked on takes no second process: study-locked, exit 2', async () => {
  await using world = aWorld();
  world.tellTrainings('hold');
  const tuner = world.start(tune(2));
  await until('the first training runs', () => world.ledger().length === 1);
  expectLocked(await world.run(resume()), tuner);
  world.release('hold');
  expect(await tuner.ended).toMatchObject({ exitCode: 0 });
  await expectOneOfEach(world);
});

test.each([2, 5])('of %i that resume a study at the same time exactly one works', async (count) => {
  await using world = aWorld();
  world.tellTrainings('hold');
  for (let round = 1; round <= 2; round++) {
    const contenders =
      theStudy(world) === undefined
        ? [world.start(tune(2))]
        : Array.from({ length: count }, () => world.start(resume()));
    const ended: Ended[] = [];
    for (const one of contenders) void one.ended.then((end) => ended.push(end));
    await until('all but one have given up', () => ended.length >= contenders.length - 1);
    await until('that one trains', () => ended.length === contenders.length || world.ledger().length === round);
    expect(ended).toHaveLength(contenders.length - 1);
    const winner = contenders.find(({ process }) => process.exitCode === null && process.signalCode === null);
    for (const end of ended) expectLocked(end, winner);
    // Interrupted, so that there is something left to fight for in the next round.
    winner?.process.kill('SIGINT');
    expect(await winner?.ended).toMatchObject({ exitCode: 130 });
  }
  world.release('hold');
  expect(await world.run(resume())).toMatchObject({ exitCode: 0 });
  await expectOneOfEach(world);
});

test('the lock of a killed process is taken over at once, by one of five', async () => {
  await using world = aWorld();
  world.tellTrainings('hold');
  const tuner = world.start(tune(2));
  await until('the first training runs', () => world.ledger().length === 1);
  tuner.process.kill('SIGKILL');
  await tuner.ended;
  expect(locksOf(world)).toHaveLength(1);

  const contenders = Array.from({ length: 5 }, () => world.start(resume()));
  let over = 0;
  for (const one of contenders) void one.ended.then(() => over++);
  await until('four have given up', () => over >= 4);
  expect(over).toBe(4);
  world.release('hold');
  const ends = await Promise.all(contenders.map(({ ended }) => ended));
  expect(ends.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 2, 2, 2, 2]);
  expect(locksOf(world)).toEqual([]);
  await expectOneOfEach(world);
});

test('of five that ask for a lock in the same instant exactly one gets it, six times over', async () => {
  await using world = aWorld();
  for (let round = 1; round <= 6; round++) {
    const folder = mkdtempSync(join(world.folder, 'locked-'));
    const time = Date.now() + 500;
    const askers = Array.from({ length: 5 }, () =>
      spawn(process.execPath, [ASKS_FOR_LOCK, LOCK_MODULE, folder, String(time)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const answers = await Promise.all(askers.map(async ({ stdout }) => String(await once(stdout, 'data')).trim()));
    for (const { stdin } of askers) stdin.end();
    await Promise.all(askers.map((asker) => asker.exitCode ?? once(asker, 'exit')));
    expect(answers.toSorted()).toEqual(['got it', ...Array.from({ length: 4 }, () => 'study-locked')]);
  }
});

function expectLocked({ exitCode, stderr }: Ended, owner: Running | undefined): void {
  expect(stderr).toContain('error [study-locked]');
  expect(stderr).toContain(`Process ${owner?.process.pid} is working`);
  expect(exitCode).toBe(2);
}

function locksOf(world: World): string[] {
  return readdirSync(theStudy(world) ?? '').filter((name) => name.startsWith('lock-'));
}

async function expectOneOfEach(world: World): Promise<void> {
  expect(historyOf(world).trials.map(({ number, state }) => [number, state])).toEqual([
    [1, 'complete'],
    [2, 'complete'],
  ]);
  expect(world.ledger()).toEqual([...new Set(world.ledger())]);
  await expectNothingAlive(world);
}
