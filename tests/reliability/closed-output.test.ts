import { expect, test, vi } from 'vitest';
import { expectNothingAlive, historyOf } from './study-checks.ts';
import { aWorld, PATIENCE_MS, tune } from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

test.each(['stdout', 'stderr'] as const)(
  'a reader of %s that goes away ends the printing, not the study',
  async (name) => {
    await using world = aWorld();
    const tuner = world.start(tune(2));
    tuner.process[name]?.destroy();
    expect(await tuner.ended).toMatchObject({ exitCode: 0 });
    expect(historyOf(world).complete).toHaveLength(2);
    await expectNothingAlive(world);
  },
);
