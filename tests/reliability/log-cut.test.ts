import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readExperimentLog } from '../../study/experiment-log.ts';
import { History } from '../../study/history.ts';
import { expectNothingAlive, expectWhole, historyOf, logFile, proposalsOf, theStudy } from './study-checks.ts';
import { aWorld, isFull, kill, PATIENCE_MS, resume, threeAtATime, tune, until, type World } from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const TRIALS = 3;
const STRIDE = isFull ? 20 : 160;

test.each([
  ['finished', finished],
  ['half-way', halfWay],
] as const)('the log of a %s study, cut at every byte, replays to what its whole lines say', async (_, prepare) => {
  await using world = aWorld();
  await prepare(world);
  const whole = readFileSync(logFile(world));
  const events = readExperimentLog(logFile(world)).events;
  const cut = join(world.folder, 'cut.jsonl');
  for (let length = whole.length; length >= 0; length--) {
    writeFileSync(cut, whole.subarray(0, length));
    const contents = readExperimentLog(cut);
    const lines = whole.subarray(0, length).toString('utf8').split('\n').length - 1;
    expect(contents.events).toEqual(events.slice(0, lines));
    expect(contents.torn === undefined).toBe(length === contents.validBytes);
    const history = new History();
    for (const event of contents.events) history.apply(event);
    expect(history.lastSeq).toBe(lines);
  }
});

test(`a study whose log was cut at every ${STRIDE}th byte after its first line is finished by resume`, async () => {
  await using undisturbed = aWorld();
  await finished(undisturbed);
  const proposals = proposalsOf(undisturbed);
  await threeAtATime([0, 1, 2], async (lane) => {
    await using world = aWorld();
    await finished(world);
    const study = theStudy(world) ?? '';
    const backup = join(world.folder, 'backup');
    cpSync(study, backup, { recursive: true });
    const whole = readFileSync(logFile(world));
    const firstLine = whole.indexOf(0x0a) + 1;
    const lengths = Array.from({ length: whole.length }, (_, index) => index).filter(
      (length) => length >= firstLine && length % STRIDE === 0 && (length / STRIDE) % 3 === lane,
    );
    for (const length of lengths) {
      rmSync(study, { recursive: true });
      cpSync(backup, study, { recursive: true, preserveTimestamps: true });
      truncateSync(join(study, 'experiment-log.jsonl'), length);
      const { exitCode, stdout, stderr } = await world.run(resume());
      expect(`cut at ${length}: exit ${exitCode}\n${stdout}${stderr}`).toMatch(/: exit 0\n/);
      const acknowledged = whole.subarray(0, whole.subarray(0, length).lastIndexOf(0x0a) + 1).toString('utf8');
      expect(readFileSync(logFile(world), 'utf8').startsWith(acknowledged)).toBe(true);
      expect(proposalsOf(world)).toEqual(proposals);
      expect(historyOf(world).complete).toHaveLength(TRIALS);
    }
    await expectNothingAlive(world);
  });
});

test('a log that ends in a torn line is cut back to its last whole one, and says nothing of it twice', async () => {
  await using world = aWorld();
  await finished(world);
  const proposals = proposalsOf(world);
  const whole = readFileSync(logFile(world), 'utf8');
  const lines = whole.split('\n');
  truncateSync(logFile(world), Buffer.byteLength(whole) - 10);
  expect(await world.run(resume())).toMatchObject({ exitCode: 0 });
  const acknowledged = `${lines.slice(0, -2).join('\n')}\n`;
  await expectWhole(world, { trials: TRIALS, proposals, acknowledged });
});

async function finished(world: World): Promise<void> {
  expect(await world.run(tune(TRIALS))).toMatchObject({ exitCode: 0 });
}

/** Killed while its second trial trains. */
async function halfWay(world: World): Promise<void> {
  world.tellTrainings('pace', '0.3');
  const tuner = world.start(tune(TRIALS));
  await until('the second training runs', () => world.ledger().length === 2);
  tuner.process.kill('SIGKILL');
  await tuner.ended;
  for (const pid of world.alive()) kill(pid);
}
