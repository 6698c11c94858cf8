import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  acknowledgedLog,
  eventsOf,
  expectNothingAlive,
  expectWhole,
  historyOf,
  proposalsOf,
  theStudy,
} from './study-checks.ts';
import { aWorld, PATIENCE_MS, resume, tune, until, type World } from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

// Ctrl-C at every other moment, the report among them, is part of the sweep in faults.test.ts.

test('Ctrl-C during a training ends it, exits 130, and resume starts that trial again', async () => {
  await using world = aWorld();
  world.tellTrainings('hold');
  const tuner = world.start(tune(2));
  await until('the first training runs', () => world.ledger().length === 1);
  tuner.process.kill('SIGINT');
  expect(await tuner.ended).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('agenthpo resume') });
  await expectNothingAlive(world);
  expect(historyOf(world).end).toMatchObject({ status: 'paused', reason: 'interrupted' });

  world.release('hold');
  await expectGoesOn(world);
  expect(
    historyOf(world)
      .trial(1)
      ?.attempts.map(({ outcome }) => outcome),
  ).toEqual(['interrupted', 'exited']);
});

test('Ctrl-C does not wait for a training that ignores SIGTERM longer than its grace', async () => {
  await using world = aWorld();
  for (const word of ['hold', 'stubborn'] as const) world.tellTrainings(word);
  const tuner = world.start(tune(2));
  await until('the first training runs', () => world.ledger().length === 1);
  tuner.process.kill('SIGINT');
  expect(await tuner.ended).toMatchObject({ exitCode: 130 });
  await expectNothingAlive(world);

  for (const word of ['hold', 'stubborn'] as const) world.release(word);
  await expectGoesOn(world);
});

test('a second Ctrl-C ends the process at once; the training ends all the same, and resume goes on', async () => {
  await using world = aWorld();
  for (const word of ['hold', 'stubborn'] as const) world.tellTrainings(word);
  const tuner = world.start(tune(2));
  await until('the first training runs', () => world.ledger().length === 1);
  tuner.process.kill('SIGINT');
  await until('the first Ctrl-C arrived', () => tuner.process.kill('SIGINT') === false, 30);
  expect(await tuner.ended).toMatchObject({ exitCode: 130 });
  // An orderly end would have said so.
  expect(eventsOf(world).map(({ event }) => event)).not.toContain('study-paused');
  await expectNothingAlive(world);

  for (const word of ['hold', 'stubborn'] as const) world.release(word);
  await expectGoesOn(world);
});

test('Ctrl-C while Python is being looked for ends the search, before any study has begun', async () => {
  await using world = aWorld();
  const binaries = join(world.folder, 'bin');
  mkdirSync(binaries);
  for (const name of ['python3', 'python']) {
    writeFileSync(join(binaries, name), `#!/bin/sh\necho asked >>"$HOME/asked"\nexec sleep 600\n`);
    chmodSync(join(binaries, name), 0o755);
  }
  const path = `${binaries}:${process.env['PATH']}`;
  const tuner = world.start(tune(2), { environment: { PATH: path } });
  await until('a Python is asked', () => world.alive().length > 1 && world.asked());
  tuner.process.kill('SIGINT');
  expect(await tuner.ended).toMatchObject({ exitCode: 130 });
  expect(theStudy(world)).toBeUndefined();
  await expectNothingAlive(world);
});

/** Resumes, and expects what an undisturbed study would have come to. */
async function expectGoesOn(world: World): Promise<void> {
  await using other = aWorld();
  expect(await other.run(tune(2))).toMatchObject({ exitCode: 0 });
  const acknowledged = acknowledgedLog(world);
  expect(await world.run(resume())).toMatchObject({ exitCode: 0 });
  await expectWhole(world, { trials: 2, proposals: proposalsOf(other), acknowledged });
}
