import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocalRunner } from '../../runners/local.ts';
import type { RunRequest } from '../../runners/runner.ts';
import { compileRooms } from '../fixtures/compile-rooms.ts';
import { aFolder, aliveOf, aRequest, outputOf, until, wrapperOf } from './some-request.ts';

const TUNER = fileURLToPath(new URL('../fixtures/tuner.mjs', import.meta.url));
const never = new AbortController().signal;
const runner = createLocalRunner({ graceSeconds: 1 });

let rooms: string;
beforeAll(() => {
  rooms = compileRooms(['study', 'runners']);
});
afterAll(() => rmSync(rooms, { recursive: true, force: true }));

function startTuner(verb: 'run' | 'recover', request: RunRequest): ChildProcess {
  return spawn(process.execPath, [TUNER, rooms, verb, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** A training whose tuner has been killed with SIGKILL once the training had printed its first line. */
async function orphaned(request: RunRequest): Promise<RunRequest> {
  const tuner = startTuner('run', request);
  await until(() => outputOf(request) !== '');
  tuner.kill('SIGKILL');
  await once(tuner, 'exit');
  return request;
}

/** A script that prints, waits for the file `go` in its folder, and exits with 7. */
async function waitsForGo(): Promise<RunRequest> {
  const script =
    'import os,sys,time\nprint("METRIC loss=0.5", flush=True)\nwhile not os.path.exists("go"): time.sleep(0.02)\nprint("done")\nsys.exit(7)';
  const request = aRequest('never-ends.py');
  return orphaned({ ...request, command: [request.command[0] ?? '', '-c', script] });
}

test('a training whose tuner was killed goes on, is adopted and is read to its end', async () => {
  const request = await waitsForGo();
  expect(aliveOf(request)).not.toEqual([]);
  const adopted = runner.recover(request.folder, request.attemptId, never);
  writeFileSync(join(request.folder, 'go'), '');
  expect(await adopted).toMatchObject({ outcome: 'exited', exitCode: 7, signal: null });
  expect(outputOf(request)).toBe('METRIC loss=0.5\ndone\n');
  expect(aliveOf(request)).toEqual([]);
});

test('a training that finished while no tuner was there is read', async () => {
  const request = await waitsForGo();
  writeFileSync(join(request.folder, 'go'), '');
  await until(() => aliveOf(request).length === 0);
  expect(await runner.recover(request.folder, request.attemptId, never)).toMatchObject({
    outcome: 'exited',
    exitCode: 7,
  });
});

test('the time limit holds without a tuner', async () => {
  const request = await orphaned(aRequest('ignores-sigterm.py', [], { timeLimitSeconds: 1 }));
  await until(() => aliveOf(request).length === 0);
  expect(await runner.recover(request.folder, request.attemptId, never)).toMatchObject({ outcome: 'timed-out' });
});

test('an adopted training ends when its new tuner is interrupted', async () => {
  const request = await orphaned(aRequest('spawns-grandchild.py', ['stay']));
  const stop = new AbortController();
  const adopted = runner.recover(request.folder, request.attemptId, stop.signal);
  stop.abort();
  expect((await adopted).outcome).toBe('interrupted');
  expect(aliveOf(request)).toEqual([]);
});

test('an adopter that is killed as well leaves the training to the next one', async () => {
  const request = await waitsForGo();
  const second = startTuner('recover', request);
  const waiter = join(request.folder, '.attempts', request.attemptId, 'waiter.json');
  await until(() => JSON.parse(readFileSync(waiter, 'utf8')).pid === second.pid);
  second.kill('SIGKILL');
  await once(second, 'exit');
  const third = startTuner('recover', request);
  writeFileSync(join(request.folder, 'go'), '');
  const printed = third.stdout === null ? '' : await text(third.stdout);
  expect(JSON.parse(printed)).toMatchObject({ outcome: 'exited', exitCode: 7 });
});

test('a training whose wrapper was killed is ended and lost', async () => {
  const request = aRequest('spawns-grandchild.py', ['stay']);
  const running = runner.run(request, never);
  await until(() => outputOf(request) !== '');
  process.kill(wrapperOf(request) ?? Number.NaN, 'SIGKILL');
  expect((await running).outcome).toBe('lost');
  expect(aliveOf(request)).toEqual([]);
});

test('a deaf daemon does not outlive a wrapper that was killed', async () => {
  const request = aRequest('spawns-daemon.py');
  const staying = { ...request, command: ['/bin/sh', '-c', `"$0" "$1"; sleep 300`, ...request.command] };
  const running = runner.run(staying, never);
  await until(() => outputOf(request) !== '');
  process.kill(wrapperOf(request) ?? Number.NaN, 'SIGKILL');
  expect((await running).outcome).toBe('lost');
  expect(aliveOf(request)).toEqual([]);
});

test('with tuner and wrapper killed the training is ended, with nobody’s help', async () => {
  const request = await orphaned(aRequest('spawns-grandchild.py', ['stay']));
  process.kill(wrapperOf(request) ?? Number.NaN, 'SIGKILL');
  await until(() => aliveOf(request).length === 0);
  expect((await runner.recover(request.folder, request.attemptId, never)).outcome).toBe('lost');
});

test('a training that is killed alone is the training’s own end', async () => {
  const request = aRequest('prints-its-number.py');
  const running = runner.run(request, never);
  await until(() => outputOf(request).endsWith('\n'));
  process.kill(Number(outputOf(request)), 'SIGKILL');
  expect(await running).toMatchObject({ outcome: 'exited', exitCode: null, signal: 'SIGKILL' });
  expect(aliveOf(request)).toEqual([]);
});

test('survivors are those that no living tuner waits for; ending one leaves nothing of it', async () => {
  const study = aFolder();
  const folder = join(study, 'trials', '0001');
  await mkdir(folder, { recursive: true });
  const request = aRequest('spawns-grandchild.py', ['stay'], { folder });
  const tuner = startTuner('run', request);
  await until(() => outputOf(request) !== '');
  expect(await runner.survivors(study)).toEqual([]);
  tuner.kill('SIGKILL');
  await once(tuner, 'exit');
  const [survivor, ...others] = await runner.survivors(study);
  expect(others).toEqual([]);
  expect(survivor).toMatchObject({ attemptId: request.attemptId, folder, pid: wrapperOf(request) });
  if (survivor !== undefined) await runner.end(survivor);
  expect(aliveOf(request)).toEqual([]);
  expect(await runner.survivors(study)).toEqual([]);
  expect((await runner.recover(folder, request.attemptId, never)).outcome).toBe('interrupted');
});

test('a result of another attempt, or a torn one, is no result', async () => {
  const first = aRequest('fails.py');
  await runner.run(first, never);
  const second = { ...aRequest('fails.py'), folder: first.folder };
  const own = join(second.folder, '.attempts', second.attemptId);
  await cp(join(first.folder, '.attempts', first.attemptId), own, { recursive: true });
  expect((await runner.recover(second.folder, second.attemptId, never)).outcome).toBe('lost');
  writeFileSync(join(own, 'result.json'), `{"attemptId":"${second.attemptId}","outc`);
  expect((await runner.recover(second.folder, second.attemptId, never)).outcome).toBe('lost');
});

test('an attempt of another machine is neither adopted nor given up', async () => {
  const request = aRequest('fails.py');
  await runner.run(request, never);
  const start = join(request.folder, '.attempts', request.attemptId, 'start.json');
  writeFileSync(start, readFileSync(start, 'utf8').replace(/"host":"[^"]*"/, '"host":"elsewhere"'));
  // What finished there can be read here; of anything else nothing is known.
  expect((await runner.recover(request.folder, request.attemptId, never)).exitCode).toBe(1);
  rmSync(join(request.folder, '.attempts', request.attemptId, 'result.json'));
  await expect(runner.recover(request.folder, request.attemptId, never)).rejects.toMatchObject({
    code: 'runner-failed',
    message: expect.stringContaining('elsewhere'),
  });
});

test('a script’s own result.json stays its own', async () => {
  const request = aRequest('never-ends.py');
  const script = 'open("result.json", "w").write("mine")';
  const outcome = await runner.run({ ...request, command: [request.command[0] ?? '', '-c', script] }, never);
  expect(outcome).toMatchObject({ outcome: 'exited', exitCode: 0 });
  expect(readFileSync(join(request.folder, 'result.json'), 'utf8')).toBe('mine');
  expect((await runner.recover(request.folder, request.attemptId, never)).exitCode).toBe(0);
});

test('a folder that cannot hold the attempt’s files is the machine’s fault and says so', async () => {
  const request = aRequest('prints-metric.py');
  writeFileSync(join(request.folder, '.attempts'), 'in the way');
  await expect(runner.run(request, never)).rejects.toMatchObject({ code: 'runner-failed' });
  expect(existsSync(join(request.folder, 'stdout.log'))).toBe(false);
});
