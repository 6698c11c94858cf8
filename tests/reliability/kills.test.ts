import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createRandom, type Random } from '../../study/random.ts';
import {
  acknowledgedLog,
  eventsOf,
  expectNoRepeats,
  expectNothingAlive,
  expectWhole,
  historyOf,
  proposalsOf,
  theStudy,
} from './study-checks.ts';
import {
  aWorld,
  type Ended,
  isFull,
  kill,
  PATIENCE_MS,
  type Running,
  resume,
  threeAtATime,
  tune,
  until,
  type World,
} from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const TRIALS = 6;
const KILLS = isFull ? 300 : 50;

test(`${KILLS} kills of the tuner at random moments lose nothing, repeat nothing and leave nothing alive`, async () => {
  const proposals = await undisturbed();
  let kills = 0;
  const studies = Array.from({ length: KILLS }, (_, index) => index);
  await threeAtATime(studies, async (index) => {
    if (kills >= KILLS) return;
    await using world = aWorld();
    world.tellTrainings('pace', '0.1');
    const random = createRandom(index);
    let acknowledged = '';
    for (let running = start(world); ; running = start(world)) {
      const wasKilled = await killLater(running, random.uniform() * 2_000);
      if (!wasKilled) break;
      kills++;
      const now = acknowledgedLog(world);
      expect(now.startsWith(acknowledged)).toBe(true);
      acknowledged = now;
    }
    await expectWhole(world, { trials: TRIALS, proposals, acknowledged });
    // A kill of the tuner is no reason to train anything twice: its training lives on, or its result waits.
    expect(world.ledger()).toHaveLength(TRIALS);
  });
  expect(kills).toBeGreaterThanOrEqual(KILLS);
});

test('a training that outlives its killed tuner is adopted, not started again', async () => {
  await using world = aWorld();
  await killTunerDuringTraining(world);
  expect(world.alive().length).toBeGreaterThanOrEqual(2);
  const resumed = world.start(resume());
  await until('the resumed study waits for the training', () => eventsOf(world).some(isResumed));
  await until('it says so', () => /^trial \d was still running: waiting for it$/m.test(resumed.said()));
  world.release('hold');
  expect(await resumed.ended).toMatchObject({ exitCode: 0 });
  expect(historyOf(world).trials.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  expect(world.ledger()).toHaveLength(2);
  await expectNothingAlive(world);
});

test('a training that ended while nobody watched counts with what it left', async () => {
  await using world = aWorld();
  await killTunerDuringTraining(world);
  world.release('hold');
  await expectNothingAlive(world);
  expect(await world.run(resume())).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^trial \d had finished meanwhile: its result counts$/m),
  });
  expect(historyOf(world).trials.map(({ state, attempts }) => [state, attempts.length])).toEqual([
    ['complete', 1],
    ['complete', 1],
  ]);
  expect(world.ledger()).toHaveLength(2);
});

test('when tuner, wrapper and training all die, the trial starts again as its second attempt', async () => {
  await using world = aWorld();
  await killTunerDuringTraining(world);
  for (const pid of world.alive()) kill(pid);
  world.release('hold');
  expect(await world.run(resume())).toMatchObject({ exitCode: 0 });
  const [first] = historyOf(world).trials;
  expect(first).toMatchObject({ state: 'complete', attempts: [{ outcome: 'interrupted' }, { outcome: 'exited' }] });
  await expectNothingAlive(world);
});

test.each([1, 2, 3])(
  'wrappers killed at random moments are lost attempts; their trials complete (seed %i)',
  async (seed) => {
    const proposals = await undisturbed();
    await using world = aWorld();
    world.tellTrainings('pace', '0.1');
    const random = createRandom(seed);
    const killed = new Set<string>();
    const stop = hunt(world, random, ({ attempt, isLeader }) => isLeader && attempt.endsWith('-1'), killed);
    try {
      await untilEnded(world);
    } finally {
      await stop();
    }
    expect(killed.size).toBeGreaterThan(0);
    await expectWhole(world, { trials: TRIALS, proposals, acknowledged: acknowledgedLog(world) });
  },
);

test.each([1, 2])(
  'trainings killed at random moments fail their trials with a cause, and nothing else (seed %i)',
  async (seed) => {
    await using world = aWorld();
    world.tellTrainings('pace', '0.1');
    const killed = new Set<string>();
    const isEvenTrial = (attempt: string) => Number(attempt.split('-').at(-2)) % 2 === 0;
    const stop = hunt(
      world,
      createRandom(seed),
      ({ attempt, isTraining }) => isTraining && isEvenTrial(attempt),
      killed,
    );
    const ended = await world.run(tune(TRIALS));
    await stop();
    expect(ended.exitCode).toBe(0);
    const history = historyOf(world);
    expect(killed.size).toBeGreaterThan(0);
    for (const { number, state, failure, value } of history.trials) {
      const wasKilled = [...killed].some((attempt) => attempt.endsWith(`-${number}-1`));
      if (!wasKilled) expect(state).toBe('complete');
      // The blow may fall when the script has done all its work.
      else if (state !== 'complete') {
        expect(value).toBeUndefined();
        expect(failure?.message).toMatch(/SIGKILL|killed/i);
      }
    }
    expectNoRepeats(world);
    await expectNothingAlive(world);
  },
);

async function undisturbed(): Promise<unknown> {
  await using world = aWorld();
  expect(await world.run(tune(TRIALS))).toMatchObject({ exitCode: 0 });
  return proposalsOf(world);
}

function start(world: World): Running {
  return world.start(theStudy(world) === undefined ? tune(TRIALS) : resume());
}

/** Kills the process after `delayMs`; false when it had ended by then, as it should. */
async function killLater({ process: child, ended }: Running, delayMs: number): Promise<boolean> {
  const first = await Promise.race([ended, sleep(delayMs)]);
  if (first === undefined) child.kill('SIGKILL');
  const { signal, exitCode, stdout, stderr } = await ended;
  if (signal === 'SIGKILL') return true;
  const wasFinished = exitCode === 2 && stderr.includes('[study-finished]');
  if (!wasFinished) expect(`exit ${exitCode}\n${stdout}${stderr}`).toMatch(/^exit 0\n/);
  return false;
}

/** Leaves a study of 2 trials whose first training is held and whose tuner is dead. */
async function killTunerDuringTraining(world: World): Promise<void> {
  world.tellTrainings('hold');
  const tuner = world.start(tune(2));
  await until('the first training runs', () => world.ledger().length === 1);
  tuner.process.kill('SIGKILL');
  await tuner.ended;
}

/** A wrapper that dies before it has claimed its attempt stops the study with an error; the next resume goes on. */
async function untilEnded(world: World): Promise<void> {
  let ended: Ended = await world.run(tune(TRIALS));
  for (let turn = 1; ended.exitCode === 2 && ended.stderr.includes('[runner-failed]') && turn < 10; turn++)
    ended = await world.run(resume());
  expect(`exit ${ended.exitCode}\n${ended.stdout}${ended.stderr}`).toMatch(/^exit 0\n/);
}

interface Prey {
  readonly pid: number;
  readonly attempt: string;
  readonly isLeader: boolean;
  readonly isTraining: boolean;
}

/** Kills what is wanted, each attempt once, a random time after it was seen; the answer ends the hunt. */
function hunt(
  world: World,
  random: Random,
  isWanted: (prey: Prey) => boolean,
  killed: Set<string>,
): () => Promise<void> {
  let isOver = false;
  const hunting = (async () => {
    while (!isOver) {
      for (const prey of preyIn(world)) {
        if (!isWanted(prey) || killed.has(prey.attempt)) continue;
        await sleep(random.uniform() * 120);
        kill(prey.pid);
        killed.add(prey.attempt);
      }
      await sleep(2);
    }
  })();
  return async () => {
    isOver = true;
    await hunting;
  };
}

function preyIn(world: World): Prey[] {
  return world.alive().flatMap((pid) => {
    const command = read(`/proc/${pid}/cmdline`);
    const mark = /AGENTHPO_ATTEMPT=([\w-]+)/.exec(read(`/proc/${pid}/environ`))?.[1];
    const named = /wrapper\.sh\0.*?\0.*?\0([\w-]+)\0/s.exec(command)?.[1];
    const group = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[2];
    const attempt = mark ?? named;
    if (attempt === undefined) return [];
    return [{ pid, attempt, isLeader: mark === undefined && Number(group) === pid, isTraining: mark !== undefined }];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // The process ended meanwhile.
  }
}

function isResumed({ event }: { event: string }): boolean {
  return event === 'study-resumed';
}
