import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Prints what it was given, so that a test sees which values and which seed a command trained with. */
const SCRIPT = `import random, sys
config = {}
for line in open('config.yaml'):
    if ':' in line: key, value = line.split('#')[0].split(':'); config[key.strip()] = float(value)
x, seed = config['x'], int(sys.argv[sys.argv.index('--seed') + 1])
noise = random.Random(seed).gauss(0, 0.001)
name = 'test_loss' if '--test' in sys.argv else 'loss'
print(f'METRIC {name}={(x - 0.3) ** 2 + noise} seen_x={x} seen_seed={seed}')
`;

function aTask(workplace: Workplace): string {
  const folder = workplace.task(SCRIPT, (yaml) =>
    yaml
      .replace(', default: 0.5', '')
      .replace('args: "{x}"', 'config: config.yaml, args: "--seed {seed}"')
      .concat('evaluate: { args: "--test", metric: test_loss }\n'),
  );
  writeFileSync(join(folder, 'config.yaml'), '# where to look\nx: 0.5  # in [0, 1]\n\nwidth: 3\n');
  return folder;
}

function reportOf(workplace: Workplace): { folder: string; report: string } {
  const parent = join(workplace.folder, 'logs/mine');
  const [id = ''] = readdirSync(parent).filter((name) => !name.startsWith('.'));
  const folder = join(parent, id);
  return { folder, report: readFileSync(join(folder, 'report.md'), 'utf8') };
}

/** The lines of a section’s shell blocks, without their comments. */
function commandsUnder(report: string, heading: string): string[] {
  const [, section = ''] = report.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/```sh\n([\s\S]*?)\n```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Runs a line as a reader would who pastes it into a shell, somewhere else than where the study began. */
async function paste(workplace: Workplace, line: string): Promise<{ code: number | null; output: string }> {
  const start = `agenthpo() { "${process.execPath}" "${MAIN}" "$@"; }`;
  const { PATH = '' } = process.env;
  const child = spawn('sh', ['-c', `${start}\n${line}`], {
    cwd: '/',
    env: { PATH, HOME: join(workplace.folder, 'home'), CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => parts.push(String(part)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: parts.join('') };
}

describe('the commands in a report', () => {
  test('work when they are pasted, wherever the reader is', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace);
    expect(await workplace.run(['tune', task, ...QUICK, '--trials', '6'])).toMatchObject({ code: 0 });
    const { folder, report } = reportOf(workplace);
    const steps = commandsUnder(report, 'Next steps');
    expect(steps.map((line) => line.replace(folder, 'STUDY'))).toEqual([
      'agenthpo confirm STUDY',
      'agenthpo evaluate STUDY',
      'agenthpo resume STUDY --trials 16',
    ]);
    const outputs = [];
    for (const line of steps.slice(0, 2)) outputs.push(await paste(workplace, line));
    const after = reportOf(workplace).report;
    expect(after).toMatch(
      /Is that above the noise\?\*\* \*\*Confirmed: better by [\d.]+ on each of 3 fresh seeds\.\*\*/,
    );
    outputs.push(await paste(workplace, steps[2] ?? ''));
    expect(outputs.map(({ code, output }) => [code, code === 0 ? '' : output])).toEqual(steps.map(() => [0, '']));
    expect(outputs[0]?.output).toMatch(/\n8 .*\n9 .*\n10 .*\nmean ± sd .*\nThe lead is confirmed/);
    expect(outputs[1]?.output).toMatch(
      /^ +trial +seed +test_loss +configuration\nbest +\d+ +7 .*\ndefault +1 +7 .*\nHere, too, the best is better /,
    );
    expect(after).toMatch(/## Confirmation[\s\S]*\| 8 \|[\s\S]*## Evaluations[\s\S]*\| `test_loss` \| 7 \|/);
    expect(after).not.toContain('no configuration was trained with a second seed');
    expect(commandsUnder(after, 'Next steps')[0]).toContain('agenthpo resume');
  });

  test('write the best values into the config file and train with them', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace);
    await workplace.run(['tune', task, ...QUICK, '--trials', '6']);
    const { report } = reportOf(workplace);
    const [apply = '', train = '', ...others] = commandsUnder(report, 'How to use it');
    expect(others).toEqual([]);
    expect(await paste(workplace, apply)).toMatchObject({ code: 0 });
    const [, exact = ''] = /"x": ([\d.e-]+)/.exec(report) ?? [];
    expect(readFileSync(join(task, 'config.yaml'), 'utf8')).toBe(
      `# where to look\nx: ${exact}  # in [0, 1]\n\nwidth: 3\n`,
    );
    const { code, output } = await paste(workplace, train);
    expect(code).toBe(0);
    expect(output).toContain(`seen_x=${exact} seen_seed=7`);
  });

  test('of a study whose defaults fail show the fault', async () => {
    const workplace = new Workplace();
    const task = workplace.task('import sys\nsys.exit("no luck")\n');
    await workplace.run(['tune', task, ...QUICK, '--trials', '3']);
    const [check = '', resume = ''] = commandsUnder(reportOf(workplace).report, 'Next steps');
    expect((await paste(workplace, check)).output).toContain('no luck');
    writeFileSync(join(task, 'train.py'), 'print("METRIC loss=1")\n');
    expect((await paste(workplace, `${resume} --new-code`)).code).toBe(0);
  });
});
