import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  acknowledgedLog,
  expectCleanError,
  expectNothingAlive,
  expectWhole,
  proposalsOf,
  theStudy,
} from './study-checks.ts';
import { aWorld, PATIENCE_MS, resume, tune, until } from './world.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const mounts = canMount();
const reason = mounts ? '' : ' (skipped: only root may mount a small file system)';

test.skipIf(!mounts).each([0, 1, 2, 4, 8, 16])(
  `a disk with %i pages left stops the study with a clear error, and resume completes it once there is room${reason}`,
  async (pages) => {
    const proposals = await undisturbed();
    await using world = aWorld();
    using disk = aDisk(world.out);
    world.tellTrainings('hold');
    const tuner = world.start(tune(3));
    await until('the first training runs', () => world.ledger().length === 1);
    const filler = disk.fillExcept(pages);
    world.release('hold');
    const ended = await tuner.ended;
    expectCleanError(ended);
    expect([2, 3]).toContain(ended.exitCode);
    expect(ended.stderr).toMatch(/ENOSPC|no space|disk space/i);
    await expectNothingAlive(world);
    const acknowledged = acknowledgedLog(world);

    rmSync(filler);
    expect(await world.run(resume())).toMatchObject({ exitCode: 0 });
    await expectWhole(world, { trials: 3, proposals, acknowledged });
  },
);

test.skipIf(!mounts)(`a full disk at the beginning: a clear error and no half study${reason}`, async () => {
  await using world = aWorld();
  using disk = aDisk(world.out);
  disk.fillExcept(0);
  expectCleanError(await world.run(tune(3)));
  expect(theStudy(world)).toBeUndefined();
});

test.skipIf(!mounts)(`a study folder that became read-only: a clear error, then resume goes on${reason}`, async () => {
  const proposals = await undisturbed();
  await using world = aWorld();
  world.tellTrainings('hold');
  const tuner = world.start(tune(3));
  await until('the first training runs', () => world.ledger().length === 1);
  tuner.process.kill('SIGINT');
  await tuner.ended;
  world.release('hold');
  const acknowledged = acknowledgedLog(world);
  {
    using _seal = aReadOnlyView(theStudy(world) ?? '');
    const refused = await world.run(resume());
    expectCleanError(refused);
    expect(refused.stderr).toContain('EROFS');
  }
  expect(await world.run(resume())).toMatchObject({ exitCode: 0 });
  await expectWhole(world, { trials: 3, proposals, acknowledged });
});

async function undisturbed(): Promise<unknown> {
  await using world = aWorld();
  expect(await world.run(tune(3))).toMatchObject({ exitCode: 0 });
  return proposalsOf(world);
}

interface Disk extends Disposable {
  /** Fills it but for so many pages of 4 KiB; answers the file that does. */
  fillExcept(pages: number): string;
}

/** A disk of 2 MiB on a new folder. */
function aDisk(folder: string): Disk {
  mkdirSync(folder);
  mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder);
  return {
    fillExcept(pages) {
      const filler = join(folder, 'filler');
      const spare = join(folder, 'spare');
      fill(spare, pages);
      fill(filler, Number.POSITIVE_INFINITY);
      rmSync(spare);
      return filler;
    },
    [Symbol.dispose]: () => unmount(folder),
  };
}

/** Writes pages until they are enough or nothing fits any more. */
function fill(file: string, pages: number): void {
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  try {
    for (let written = 0; written < pages; written++) writeSync(descriptor, page);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(descriptor);
  }
}

function aReadOnlyView(folder: string): Disposable {
  mount('--bind', folder, folder);
  mount('-o', 'remount,ro,bind', folder);
  return { [Symbol.dispose]: () => unmount(folder) };
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'agenthpo-mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]).status === 0;
  if (isMounted) unmount(folder);
  rmdirSync(folder);
  return isMounted;
}

function mount(...words: string[]): void {
  expect(spawnSync('mount', words, { encoding: 'utf8' })).toMatchObject({ status: 0 });
}

function unmount(folder: string): void {
  // Lazily: a process that is just ending may still stand in it.
  expect(spawnSync('umount', ['-l', folder], { encoding: 'utf8' })).toMatchObject({ status: 0 });
}
