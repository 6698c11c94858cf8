import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aWheel } from '../runners/python-makers.ts';
import { RealTerminal } from './real-terminal.ts';
import { QUICK, Workplace } from './run-cli.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Reports three epochs; the larger third of the space fails. */
const SCRIPT = `import sys, time
x = float(sys.argv[1])
if x > 0.66: raise MemoryError("太多 too much 🚀")
for epoch in range(3):
    time.sleep(PAUSE)
    print(f"METRIC epoch={epoch} loss={(x - 0.3) ** 2}", flush=True)
`;

function tune(workplace: Workplace, size: readonly [number, number], options: { pause?: number; trials: number }) {
  const task = workplace.task(SCRIPT.replace('PAUSE', String(options.pause ?? 0)));
  const args = ['tune', task, ...QUICK, '--trials', String(options.trials)];
  return new RealTerminal({ workplace, args, columns: size[0], rows: size[1] });
}

/** The numbers of the finished trials, in the order in which they stand in the scrollback. */
function rowNumbers(lines: readonly string[]): number[] {
  return lines.flatMap((line) => {
    const found = /^ +(\d+) +(?:\d\S*|failed)(?: ★)? +<?[\d.]+s {2}(?:default|random)/.exec(line);
    return found === null ? [] : [Number(found[1])];
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe.skipIf(!hasPython)('on a real terminal (skipped where there is no python3 to make one)', () => {
  test.each([80, 200])(
    '%i columns: a hundred trials stand in the scrollback, each once and nothing torn',
    async (columns) => {
      const terminal = tune(new Workplace(), [columns, 24], { trials: 100 });
      expect(await terminal.ended()).toBe(0);
      const lines = await terminal.lines();
      expect(rowNumbers(lines)).toEqual(upTo(100));
      expect(lines.join('\n')).not.toMatch(/^ {2}(now|best|done) /m);
      expect(lines.filter((line) => line.includes('too much'))).not.toEqual([]);
      expect(lines.slice(-4).join('\n')).toMatch(/^Done: .*\nBest: trial \d+.*\n {2}x=.*\nReport: logs\//);
      expect(terminal.isCursorVisible).toBe(true);
    },
  );

  test('a resize either way leaves no remains and loses no line', async () => {
    const terminal = tune(new Workplace(), [100, 30], { trials: 8, pause: 0.1 });
    await terminal.shows(/now {3}trial [2-8] of 8/);
    terminal.resize(50, 30);
    await terminal.shows(/now {3}trial [4-8] of 8/);
    terminal.resize(160, 40);
    await terminal.shows(/now {3}trial [6-8] of 8/);
    expect((await terminal.lines()).filter((line) => line.startsWith('  done')).length).toBeLessThan(2);
    expect(await terminal.ended()).toBe(0);
    const lines = await terminal.lines();
    expect(rowNumbers(lines)).toEqual(upTo(8));
    expect(lines.join('\n')).not.toMatch(/^ {2}(now|best|done) /m);
  });

  test('prose and values are broken between words, below their own beginning; with --plain they stay whole', async () => {
    const workplace = new Workplace();
    const names = Array.from({ length: 9 }, (_, index) => `parameter_${index}`);
    const space = names.map((name) => `  ${name}: { type: categorical, choices: [relu, tanh], default: relu }`);
    const task = workplace.task(SCRIPT.replace('PAUSE', '0'), (yaml) =>
      yaml
        .replace('args: "{x}"', `args: "{x} ${names.map((name) => `{${name}}`).join(' ')}"`)
        .replace(/train:/, `${space.join('\n')}\ntrain:`),
    );
    const shown = async (...args: string[]) => {
      const terminal = new RealTerminal({ workplace, args, columns: 70, rows: 24 });
      expect(await terminal.ended()).toBe(0);
      return (await terminal.lines()).filter((line) => line.includes('parameter_'));
    };
    const ended = await shown('tune', task, ...QUICK, '--trials', '1');
    const values = ended.filter((line) => /^ {2}(x|parameter_\d)=/.test(line));
    expect(values.length).toBeGreaterThan(2);
    for (const line of values) expect(line).toMatch(/^ {2}(\w+=\S+ ?)+$/);
    const rows = await shown('show', 'latest');
    expect(rows.length).toBeGreaterThan(2);
    for (const line of [...values, ...rows]) expect(line.length).toBeLessThanOrEqual(70);
    const plain = await shown('tune', task, ...QUICK, '--trials', '1', '--plain');
    expect(plain.filter((line) => names.every((name) => line.includes(`${name}=`)))).toHaveLength(1);
  });

  test('an installation is one line drawn over and over, and in the end says how long it took', async () => {
    const workplace = new Workplace();
    const task = workplace.task(SCRIPT.replace('PAUSE', '0'));
    aWheel(join(task, 'wheels'), 'agenthpo_sample', '1.5');
    writeFileSync(join(task, 'requirements.txt'), '--no-index\n--find-links wheels\nagenthpo-sample>=1\n');
    const args = ['tune', task, ...QUICK, '--trials', '1'];
    const terminal = new RealTerminal({ workplace, args, columns: 80, rows: 24 });
    expect(await terminal.ended()).toBe(0);
    const lines = (await terminal.lines()).join('\n');
    expect(terminal.pieces.join('')).toContain('Installing: unpacking the packages … ');
    expect(lines).toMatch(/^Making a virtual environment .*\n[\s\S]*?Installed in [\d.ms ]+\.$/m);
    expect(lines).not.toMatch(/^Installing|Collecting/m);
  });

  test('Ctrl-C ends in order: what happens is said, the cursor is back, and the way on is named', async () => {
    const terminal = tune(new Workplace(), [80, 24], { trials: 5, pause: 5 });
    await terminal.shows('training');
    terminal.type('\u0003');
    expect(await terminal.ended()).toBe(130);
    const text = (await terminal.lines()).join('\n');
    expect(text).toMatch(
      /Stopping: [\s\S]*Paused: Interrupted; nothing is lost\.[\s\S]*Go on with: agenthpo resume \S+$/,
    );
    expect(terminal.isCursorVisible).toBe(true);
  });

  test('Ctrl-C twice ends at once, and the cursor is back', async () => {
    const terminal = tune(new Workplace(), [80, 24], { trials: 5, pause: 5 });
    await terminal.shows('training');
    terminal.type('\u0003\u0003');
    expect(await terminal.ended()).toBe(130);
    expect(terminal.isCursorVisible).toBe(true);
  });

  test('a terminal that does not know its size is taken for one of 80 columns', async () => {
    const terminal = tune(new Workplace(), [0, 0], { trials: 2 });
    expect(await terminal.ended()).toBe(0);
    const lines = await terminal.lines();
    expect(lines).toContainEqual(expect.stringMatching(/^ trial +loss +time +origin +changed/));
    expect(rowNumbers(lines)).toEqual([1, 2]);
  });

  test('draws no more than about ten frames a second, each whole', async () => {
    const terminal = tune(new Workplace(), [80, 24], { trials: 10 });
    const start = Date.now();
    expect(await terminal.ended()).toBe(0);
    const written = terminal.pieces.join('');
    const frames = written.split('\u001b[?2026h').length - 1;
    expect(frames).toBe(written.split('\u001b[?2026l').length - 1);
    expect(frames).toBeLessThanOrEqual(2 + (Date.now() - start) / 100);
  });

  test.each([
    [{ NO_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, false, false],
    [{ CI: 'true' }, false, false],
    [{ CI: 'true', FORCE_COLOR: '1' }, true, false],
  ])('%o: colour %s, live view %s', async (environment, hasColor, isLive) => {
    const workplace = new Workplace();
    const args = ['tune', 'quadratic', ...QUICK, '--trials', '1'];
    const terminal = new RealTerminal({ workplace, args, columns: 80, rows: 24, environment });
    expect(await terminal.ended()).toBe(0);
    const written = terminal.pieces.join('');
    expect(/\u001b\[\d+m/.test(written)).toBe(hasColor);
    expect(written.includes('\u001b[?25l')).toBe(isLive);
  });
});
