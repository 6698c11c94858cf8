import { beforeAll, expect, test, vi } from 'vitest';
import { acknowledgedLog, expectCleanError, expectWhole, proposalsOf, theStudy } from './study-checks.ts';
import {
  aWorld,
  type Ended,
  type Fault,
  isFull,
  kill,
  PATIENCE_MS,
  resume,
  threeAtATime,
  tune,
  type World,
} from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const TRIALS = 3;

/** What an undisturbed study does, one line an operation, and what it proposes. */
let operations: string[] = [];
let proposals: unknown;

beforeAll(async () => {
  await using world = aWorld();
  expect(await world.run(tune(TRIALS))).toMatchObject({ exitCode: 0 });
  operations = world.record().filter((line) => !line.startsWith('synced'));
  proposals = proposalsOf(world);
  expect(operations.length).toBeGreaterThan(100);
});

const SWEEPS = [
  { kind: 'kill', stride: 7, words: 'killed before an operation, or in the middle of a write' },
  { kind: 'kill-after', stride: 13, words: 'killed after an operation' },
  { kind: 'power-cut', stride: 13, words: 'cut from power after an operation, unsynced bytes lost' },
  { kind: 'error', stride: 7, words: 'refused an operation' },
  { kind: 'full', stride: 17, words: 'on a disk that is full from an operation on' },
  { kind: 'interrupt', stride: 13, words: 'interrupted by Ctrl-C at an operation' },
] as const;

// What a trial does repeats with the next one, so that a stride through three trials meets most of it.
for (const { kind, stride, words } of SWEEPS) {
  const extent = isFull ? 'every operation' : `every ${stride}th operation, all with AGENTHPO_FULL=1`;
  test(`a study of 3 trials ${words}, goes on as if nothing had happened (${extent})`, () =>
    sweep(kind, isFull ? 1 : stride));
}

test('a study that was killed as it appeared is the user’s own: resume goes on without a question', async () => {
  const appearance = operations.findIndex((line) => /renameSync \S+ \S+\/out\/tiny\/[^/\s]+$/.test(line));
  expect(appearance).toBeGreaterThan(0);
  await using world = aWorld();
  await survive(world, { kind: 'kill-after', at: appearance + 1 });
});

async function sweep(kind: Fault['kind'], stride: number): Promise<void> {
  const numbers = operations.map((_, index) => index + 1).filter((number) => number % stride === 0);
  const failed: string[] = [];
  await threeAtATime(numbers, async (at) => {
    await using world = aWorld();
    await survive(world, { kind, at }).catch((error) => {
      failed.push(`${kind} at ${operations[at - 1]}: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  expect(failed).toEqual([]);
}

async function survive(world: World, fault: Fault): Promise<void> {
  expectEnd(await world.run(tune(TRIALS), { fault }), fault);
  if (fault.kind === 'power-cut') for (const pid of world.alive()) kill(pid);
  const acknowledged = acknowledgedLog(world);
  await goOn(world);
  await expectWhole(world, { trials: TRIALS, proposals, acknowledged });
}

function expectEnd(ended: Ended, { kind }: Fault): void {
  if (kind === 'kill' || kind === 'kill-after' || kind === 'power-cut') expect(ended.signal).toBe('SIGKILL');
  else if (kind === 'interrupt') expect([0, 130]).toContain(ended.exitCode);
  else if (ended.exitCode !== 0) expectCleanError(ended);
}

/** Without a fault: resume what is there; begin anew when no study had appeared yet. */
async function goOn(world: World): Promise<void> {
  if (theStudy(world) === undefined) {
    expect(await world.run(tune(TRIALS))).toMatchObject({ exitCode: 0 });
    return;
  }
  const { exitCode, stdout, stderr } = await world.run(resume());
  const wasFinished = exitCode === 2 && stderr.includes('[study-finished]');
  if (!wasFinished) expect(`exit ${exitCode}\n${stdout}${stderr}`).toMatch(/^exit 0\n/);
}
