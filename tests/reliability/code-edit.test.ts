import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { expectNothingAlive, historyOf } from './study-checks.ts';
import { aWorld, PATIENCE_MS, resume, tune, until, type World } from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

test('code edited during a trial pauses the study, and resume refuses to mix the two versions', async () => {
  await using world = aWorld();
  await editDuringFirstTrial(world);
  const refused = await world.run(resume());
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('error [code-changed]');
  expect(refused.stderr).toContain('--new-code');
  expect(historyOf(world).trials).toHaveLength(1);
});

test('with the edit undone, a plain resume goes on', async () => {
  await using world = aWorld();
  const original = readFileSync(join(world.task, 'train.py'), 'utf8');
  await editDuringFirstTrial(world);
  writeFileSync(join(world.task, 'train.py'), original);
  expect(await world.run(resume())).toMatchObject({ exitCode: 0 });
  expect(historyOf(world).complete).toHaveLength(3);
});

test('with --new-code it goes on, and compares no value with those of the earlier version', async () => {
  await using world = aWorld();
  await editDuringFirstTrial(world);
  expect(await world.run(resume('--new-code'))).toMatchObject({ exitCode: 0 });
  const history = historyOf(world);
  expect(history.complete).toHaveLength(3);
  expect(history.current.map(({ number }) => number)).toEqual([2, 3]);
  expect(history.incumbent?.number).not.toBe(1);
  await expectNothingAlive(world);
});

/** The trial under way trains the copy that was made of the code before, so it counts. */
async function editDuringFirstTrial(world: World): Promise<void> {
  world.tellTrainings('hold');
  const tuner = world.start(tune(3, '--json'));
  await until('the first training runs', () => world.ledger().length === 1);
  appendFileSync(join(world.task, 'train.py'), '\n# one more thought\n');
  world.release('hold');
  const { exitCode, stdout } = await tuner.ended;
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'paused', stopReason: 'code-changed', trials: { complete: 1 } });
}
