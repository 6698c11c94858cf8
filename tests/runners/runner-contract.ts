import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Runner } from '../../runners/runner.ts';
import { aFolder, aliveOf, aRequest, outputOf, until } from './some-request.ts';

const never = new AbortController().signal;

/** What every runner keeps, wherever its trainings run. `createRunner` makes one with a grace of a second. */
export function runnerContract(name: string, createRunner: () => Runner): void {
  describe(`${name} keeps the runner’s contract`, () => {
    const runner = createRunner();

    test('a training that ends well is reported with its exit code, time and output', async () => {
      const request = aRequest('prints-metric.py');
      const outcome = await runner.run(request, never);
      expect(outcome).toMatchObject({ outcome: 'exited', exitCode: 0, signal: null });
      expect(outcome.wallSeconds).toBeGreaterThanOrEqual(0);
      expect(outputOf(request)).toBe('METRIC loss=0.5\n');
      expect(aliveOf(request)).toEqual([]);
    });

    test('a training gets its arguments, folder and environment, and no input', async () => {
      const request = aRequest('shows-surroundings.py', ['--x', 'a b', '$HOME;"', '']);
      await runner.run(request, never);
      const shown = JSON.parse(outputOf(request));
      expect(shown).toMatchObject({ arguments: ['--x', 'a b', '$HOME;"', ''], directory: request.folder, input: '' });
      const { PWD: _shell, LC_CTYPE: _python, AGENTHPO_ATTEMPT: mark, ...environment } = shown.environment;
      expect(environment).toEqual(request.environment);
      expect(mark).toBe(request.attemptId);
    });

    test('a training that fails is a value: its exit code', async () => {
      expect(await runner.run(aRequest('fails.py'), never)).toMatchObject({ outcome: 'exited', exitCode: 1 });
    });

    test('a traceback is part of the output', async () => {
      const request = aRequest('crashes.py');
      expect(await runner.run(request, never)).toMatchObject({ outcome: 'exited', exitCode: 1 });
      expect(outputOf(request)).toContain('ValueError: the shapes do not match');
    });

    test('a training killed by a signal is reported with the signal', async () => {
      const outcome = await runner.run(aRequest('kills-itself.py'), never);
      expect(outcome).toMatchObject({ outcome: 'exited', exitCode: null, signal: 'SIGKILL' });
    });

    test('output can be read while the training runs', async () => {
      const request = aRequest('never-ends.py');
      const stop = new AbortController();
      const running = runner.run(request, stop.signal);
      await until(() => outputOf(request) === 'METRIC loss=0.5\n');
      stop.abort();
      expect((await running).outcome).toBe('interrupted');
    });

    test('output beyond the limit is dropped without stopping the training', async () => {
      const request = aRequest('prints-much.py');
      expect(await runner.run(request, never)).toMatchObject({ outcome: 'exited', exitCode: 0 });
      const output = outputOf(request);
      expect(output.length).toBeLessThan(request.outputLimitBytes + 100);
      expect(output).toMatch(/x\n\[output cut after 1048576 bytes\]\n$/);
      expect(existsSync(join(request.folder, 'reached-the-end'))).toBe(true);
    });

    test('a training that never ends is ended at its time limit', async () => {
      const request = aRequest('never-ends.py', [], { timeLimitSeconds: 0.5 });
      const outcome = await runner.run(request, never);
      expect(outcome).toMatchObject({ outcome: 'timed-out', exitCode: null, signal: 'SIGTERM' });
      expect(outcome.wallSeconds).toBeGreaterThanOrEqual(0.5);
      expect(aliveOf(request)).toEqual([]);
    });

    test('a training that ignores SIGTERM is killed', async () => {
      const request = aRequest('ignores-sigterm.py', [], { timeLimitSeconds: 1 });
      expect(await runner.run(request, never)).toMatchObject({ outcome: 'timed-out', signal: 'SIGKILL' });
      expect(aliveOf(request)).toEqual([]);
    });

    test('a training above its memory limit is ended, its children counted', async () => {
      const request = aRequest('eats-memory.py', ['200'], { memoryLimitBytes: 100 * 1024 * 1024 });
      const outcome = await runner.run(request, never);
      expect(outcome).toMatchObject({ outcome: 'memory-limit' });
      expect(outcome.peakMemoryBytes).toBeGreaterThan(100 * 1024 * 1024);
      expect(aliveOf(request)).toEqual([]);
    });

    test('the peak memory covers the whole process tree', async () => {
      const request = aRequest('eats-memory.py', ['100'], { timeLimitSeconds: 1.5 });
      const { peakMemoryBytes } = await runner.run(request, never);
      expect(peakMemoryBytes).toBeGreaterThan(100 * 1024 * 1024);
      expect(peakMemoryBytes).toBeLessThan(200 * 1024 * 1024);
    });

    test.each([
      ['a worker in its own group', 'spawns-grandchild.py'],
      ['a daemon in a session of its own that holds the output', 'spawns-daemon.py'],
      ['a worker without the mark', 'hides.py'],
    ])('%s does not outlive a training that ended well', async (_, script) => {
      const request = aRequest(script);
      expect(await runner.run(request, never)).toMatchObject({ outcome: 'exited', exitCode: 0 });
      expect(outputOf(request)).toBe('METRIC loss=0.5\n');
      expect(aliveOf(request)).toEqual([]);
    });

    test('aborting ends the training and what it started', async () => {
      const request = aRequest('spawns-grandchild.py', ['stay']);
      const stop = new AbortController();
      const running = runner.run(request, stop.signal);
      await until(() => outputOf(request) !== '');
      stop.abort();
      expect(await running).toMatchObject({ outcome: 'interrupted', exitCode: null, signal: 'SIGTERM' });
      expect(aliveOf(request)).toEqual([]);
    });

    test('aborting at any early moment leaves nothing alive', async () => {
      for (const delayMs of [0, 2, 5, 8, 12, 20]) {
        const request = aRequest('never-ends.py');
        expect((await runner.run(request, AbortSignal.timeout(delayMs))).outcome).toBe('interrupted');
        expect(aliveOf(request)).toEqual([]);
      }
    });

    test('what was aborted before its start never starts', async () => {
      const request = aRequest('prints-metric.py');
      expect((await runner.run(request, AbortSignal.abort())).outcome).toBe('interrupted');
      expect(outputOf(request)).toBe('');
    });

    test('a finished attempt is found again with its result', async () => {
      const request = aRequest('fails.py');
      const outcome = await runner.run(request, never);
      expect(await runner.recover(request.folder, request.attemptId, never)).toEqual(outcome);
    });

    test('an attempt that was never started is lost, and cannot start any more', async () => {
      const request = aRequest('prints-metric.py');
      expect((await runner.recover(request.folder, request.attemptId, never)).outcome).toBe('lost');
      await expect(runner.run(request, never)).rejects.toMatchObject({ code: 'runner-failed' });
      expect((await runner.recover(request.folder, request.attemptId, never)).outcome).toBe('lost');
      expect(outputOf(request)).toBe('');
    });

    test('an attempt starts once', async () => {
      const request = aRequest('prints-metric.py');
      await runner.run(request, never);
      await expect(runner.run(request, never)).rejects.toMatchObject({ code: 'runner-failed' });
    });

    test('a missing program is the machine’s fault and says so', async () => {
      const request = aRequest('prints-metric.py', [], { command: ['/nowhere/python', 'train.py'] });
      await expect(runner.run(request, never)).rejects.toMatchObject({
        code: 'runner-failed',
        message: expect.stringContaining('/nowhere/python'),
      });
    });

    test('trainings run beside each other', async () => {
      const requests = [0, 1, 2].map(() => aRequest('prints-metric.py'));
      const outcomes = await Promise.all(requests.map((request) => runner.run(request, never)));
      expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    });

    test('a study in which nothing runs has no survivors', async () => {
      expect(await runner.survivors(aFolder())).toEqual([]);
    });
  });
}
