import { afterEach, describe, expect, test, vi } from 'vitest';
import { createProgress, type Progress, type ProgressOptions } from '../../cli/progress/progress.ts';
import { History } from '../../study/history.ts';
import { StudyEvents } from './study-events.ts';
import { TinyTerminal } from './tiny-terminal.ts';

const HOSTILE = 'good\u001b[2J\u001b]0;title\u0007 \u001b[31mred\u001b[0m\r\nline \u202Eback\u009b5A \u0000end';
const shown: Progress[] = [];

afterEach(() => {
  for (const progress of shown.splice(0)) progress.stop();
});

/** A progress on a terminal of its own, with the events’ clock. */
function show(options: Partial<ProgressOptions> & { width?: number } = {}) {
  const terminal = new TinyTerminal(options.width ?? 80);
  const events = new StudyEvents();
  const progress = createProgress({
    stream: terminal,
    size: () => ({ columns: terminal.columns, rows: 100 }),
    isTerminal: true,
    color: false,
    plain: false,
    now: () => events.now,
    ...options,
  });
  shown.push(progress);
  return { terminal, events, progress };
}

/** The screen once the live view has drawn what `text` is part of. */
async function screenWith(terminal: TinyTerminal, text: string): Promise<string> {
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain(text), { timeout: 10_000, interval: 20 });
  return terminal.screen.join('\n');
}

describe('plain lines', () => {
  test('tell a study in one line an event', () => {
    const { terminal, events, progress } = show({ plain: true, width: 1_000 });
    progress.say('environment: ready');
    for (const event of events.whole()) progress.on(event);
    progress.stop();
    expect(terminal.screen.join('\n')).toMatchInlineSnapshot(`
      "environment: ready
      digits: minimize val_loss in 3 trials
        proposals  offline optimiser, no language model · seed 7
      trial 1 proposed (default): the task’s defaults
      trial 1 started (time limit 10m 00s)
      trial 1 complete: val_loss 0.5 (best so far) in 2.0s
      trial 2: proposal rejected: units = 9000 is outside [8, 512] (inclusive)
      trial 2 proposed (offline): learning_rate 0.01→0.005, units 64→65 | Smaller steps.
      trial 2 started (time limit 10m 00s)
      trial 2 complete: val_loss 0.4 (best so far) in 2.0s | 1.2k tokens so far
      trial 3 proposed (offline): learning_rate 0.01→0.003333, units 64→66 | Smaller steps.
      trial 3 started (time limit 10m 00s)
      trial 3 training exited with 1 after 2.0s
      trial 3 failed in 2.0s | out-of-memory: took more than 2 GiB | 1.2k tokens so far
      budget reached: 3 of 3 trials
      finished in 16s: 3 of 3 trials done, best val_loss 0.4 in trial 2 (20% better than the default)
      "
    `);
  });

  test('are chosen wherever there is no terminal', () => {
    const { terminal, events, progress } = show({ isTerminal: false });
    for (const event of events.whole()) progress.on(event);
    expect(terminal.writes.join('')).not.toContain('\u001b');
    expect(terminal.writes.every((text) => /^[^\n]+\n$/.test(text))).toBe(true);
  });

  test('show a row of a long training now and then, not each one', () => {
    let now = Date.parse('2026-11-21T10:00:00Z');
    const { terminal, events, progress } = show({ plain: true, now: () => new Date(now) });
    for (const event of [events.started(), events.proposed(1), events.running(1)]) progress.on(event);
    const before = terminal.writes.length;
    for (let epoch = 1; epoch <= 100; epoch += 1) {
      now += 1_000;
      progress.epoch(1, { val_loss: 1 / epoch, epoch, accuracy: 0.5 });
    }
    expect(terminal.writes.slice(before)).toEqual([
      'trial 1: epoch 30  val_loss 0.03333  accuracy 0.5000\n',
      'trial 1: epoch 60  val_loss 0.01667  accuracy 0.5000\n',
      'trial 1: epoch 90  val_loss 0.01111  accuracy 0.5000\n',
    ]);
  });
});

describe('the live view', () => {
  test('leaves one row a finished trial, its reason below, and a visible cursor', () => {
    const { terminal, events, progress } = show();
    progress.say('environment: ready');
    for (const event of events.whole()) progress.on(event);
    progress.stop();
    expect(terminal.screen.join('\n')).toMatchInlineSnapshot(`
      "environment: ready
      digits: minimize val_loss in 3 trials
        proposals  offline optimiser, no language model · seed 7

       trial   val_loss      time  origin    changed (★ best so far)
           1     0.5000 ★    2.0s  default   the task’s defaults
           2  proposal rejected: units = 9000 is outside [8, 512] (inclusive)
           2     0.4000 ★    2.0s  offline   learning_rate 0.01→0.005, units 64→65
              Smaller steps.
           3     failed      2.0s  offline   learning_rate 0.01→0.003333, units 64→66
              out-of-memory: took more than 2 GiB
              Smaller steps.

      "
    `);
    expect(terminal.isCursorVisible).toBe(true);
  });

  test('shows what runs and why, the best so far and what is spent', async () => {
    const { terminal, events, progress } = show();
    const start = events.started({ model: 'openai:x', budget: { trials: 3, maxTokens: 60_000 } });
    const before = [start, events.proposed(1), events.running(1), ...events.ended(1, 0.5)];
    for (const event of [...before, events.modelCalled(2), events.proposed(2), events.running(2)]) progress.on(event);
    progress.epoch(2, { accuracy: 0.91, epoch: 12, val_loss: 0.45 });
    const screen = await screenWith(terminal, 'epoch 12');
    expect(terminal.isCursorVisible).toBe(false);
    expect(screen.slice(screen.indexOf('\n\n  now'))).toMatchInlineSnapshot(`
      "

        now   trial 2 of 3 · 0s · epoch 12  val_loss 0.4500  accuracy 0.9100
              offline: learning_rate 0.01→0.005, units 64→65
              Smaller steps.
        best  val_loss 0.5000 in trial 1
        done  1 of 3 trials, 7s, less than 10s left  ━━━━────────
        used  1.2k of 60k tokens in 1 request, cost unknown"
    `);
  });

  test('shows each of a hundred trials once, above an area that stays small', async () => {
    const { terminal, events, progress } = show();
    progress.on(events.started({ budget: { trials: 101 } }));
    for (let trial = 1; trial <= 100; trial += 1) {
      for (const event of [events.proposed(trial), events.running(trial)]) progress.on(event);
      progress.epoch(trial, { epoch: 1, val_loss: 1 });
      if (trial % 25 === 0) await screenWith(terminal, `${trial - 1} of 101 trials`);
      for (const event of events.ended(trial, 1 + trial)) progress.on(event);
    }
    await screenWith(terminal, '100 of 101 trials');
    const rows = terminal.screen.flatMap((line) => /^ +(\d+) +\d.*s {2}(default|offline)/.exec(line)?.[1] ?? []);
    expect(rows).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)));
    const below = terminal.screen.length - terminal.screen.findLastIndex((line) => line.includes('Smaller steps.')) - 1;
    expect(below).toBeLessThanOrEqual(6);
  });

  test('never draws a line that fills the terminal, and cuts wide characters whole', async () => {
    const { terminal, events, progress } = show({ width: 40 });
    for (const event of [events.started(), events.proposed(1), events.running(1), ...events.ended(1, 0.5)])
      progress.on(event);
    for (const event of [events.proposed(2, '学习率'.repeat(50)), events.running(2)]) progress.on(event);
    await screenWith(terminal, '学习率');
    for (const event of events.ended(2, 0.4)) progress.on(event);
    progress.stop();
    const rows = terminal.screen.filter((line) => line.includes('学'));
    expect(rows).toEqual([`        ${'学习率'.repeat(5)}…`]);
  });

  test('clears what a narrower terminal has wrapped', async () => {
    const { terminal, events, progress } = show();
    for (const event of [events.started(), events.proposed(1), events.running(1)]) progress.on(event);
    await screenWith(terminal, 'training');
    const area = terminal.screen.slice(terminal.screen.findIndex((line) => line.includes('training')) - 1);
    terminal.columns = 20;
    const rows = area.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 20)), 0);
    const before = terminal.writes.length;
    progress.epoch(1, { epoch: 3, val_loss: 0.3 });
    await vi.waitFor(() => expect(terminal.writes.length).toBeGreaterThan(before), { timeout: 10_000 });
    expect(rows).toBeGreaterThan(area.length);
    expect(terminal.writes[before]?.includes(`\r\u001b[${rows - 1}A`)).toBe(true);
  });

  test('gathers a burst of news into one write', async () => {
    const { terminal, events, progress } = show();
    for (const event of [events.started(), events.proposed(1), events.running(1)]) progress.on(event);
    for (let epoch = 1; epoch <= 1_000; epoch += 1) progress.epoch(1, { epoch });
    expect(terminal.writes).toEqual([]);
    await screenWith(terminal, 'epoch 1000');
    expect(terminal.writes.filter((text) => text.includes('epoch'))).toHaveLength(1);
  });

  test('claims no tokens where the model reports none', async () => {
    const { terminal, events, progress } = show();
    const silent = { promptTokens: null, completionTokens: null, costUsd: null, seconds: 1, model: 'openai:x' };
    const call = { event: 'model-called', role: 'creator', trial: 1, ...silent } as const;
    for (const event of [events.started({ model: 'openai:x' }), events.next(call), events.proposed(1)])
      progress.on(event);
    await screenWith(terminal, '\n  used  tokens unknown in 1 request, cost unknown');
  });

  test('shows several running trials in a line each', async () => {
    const { terminal, events, progress } = show();
    progress.on(events.started());
    for (let trial = 1; trial <= 5; trial += 1)
      for (const event of [events.proposed(trial), events.running(trial)]) progress.on(event);
    expect(await screenWith(terminal, 'and 2 more')).toMatch(
      / trial 1 of 3 .*training\n +trial 2 of 3 .*training\n +trial 3 of 3 .*training\n/,
    );
  });

  test('writes a long message whole, and after its end too', () => {
    const { terminal, progress } = show({ width: 30 });
    const message = Array.from({ length: 40 }, (_, index) => `word${index}`).join('-');
    progress.say(message);
    progress.stop();
    progress.stop();
    progress.say('afterwards');
    expect(terminal.screen.join('')).toContain(message);
    expect(terminal.screen.join('\n')).toContain('afterwards');
  });

  test('goes on with a resumed study without telling its trials again', () => {
    const events = new StudyEvents();
    const history = new History();
    for (const event of [events.started(), events.proposed(1), events.running(1), ...events.ended(1, 0.5)])
      history.apply(event);
    const { terminal, progress } = show({ history });
    progress.on(events.next({ event: 'study-resumed', codeHash: 'code', budget: { trials: 5 } }));
    for (const event of [events.proposed(2), events.running(2), ...events.ended(2, 0.4)]) {
      history.apply(event);
      progress.on(event);
    }
    progress.stop();
    const screen = terminal.screen.join('\n');
    expect(screen).toContain('resumed: 1 of 5 trials done, best val_loss 0.5 in trial 1');
    expect(screen).toMatch(/\n trial +val_loss .*\n {5}2 +0\.4000 ★/);
    expect(screen).not.toMatch(/\n {5}1 /);
  });
});

describe('what a model or a script wrote', () => {
  test.each([true, false])('cannot steer the terminal (plain lines: %s)', async (plain) => {
    const { terminal, events, progress } = show({ plain, width: 200 });
    progress.on(
      events.started({
        task: HOSTILE,
        objective: { metric: HOSTILE, direction: 'minimize', at: 'last', constraints: [] },
      }),
    );
    for (const event of [events.proposed(1), events.running(1), ...events.ended(1, 0.5)]) progress.on(event);
    for (const event of [events.proposed(2, HOSTILE), events.running(2)]) progress.on(event);
    progress.epoch(2, { [HOSTILE]: 1 });
    progress.say(HOSTILE);
    await screenWith(terminal, 'good red line back');
    progress.stop();
    const written = terminal.writes.join('').replaceAll(/\u001b\[(\?(?:25|7|2026)[lh]|\d+A|J|K)/g, '');
    expect(written).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
