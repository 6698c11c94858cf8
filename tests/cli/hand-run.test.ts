import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

/** Leaves its weights behind, and would start from those that it finds. */
const SCRIPT = `import os
config = dict(line.split(': ') for line in open('config.yaml') if ': ' in line)
x = float(config['x'])
warm = os.path.exists('weights.npy')
open('weights.npy', 'w').write(str(x))
print(f'METRIC loss={(x - 0.3) ** 2} warm={int(warm)}')
`;

async function aStudy(trials = '4') {
  const workplace = new Workplace();
  const task = workplace.task(SCRIPT, (yaml) =>
    yaml.replace(', default: 0.5', '').replace('args: "{x}"', 'config: config.yaml'),
  );
  writeFileSync(join(task, 'config.yaml'), 'x: 0.5\n');
  const { code, stderr } = await workplace.run(['tune', task, ...QUICK, '--trials', trials]);
  expect(code, stderr).toBe(0);
  const [id = ''] = readdirSync(join(workplace.folder, 'logs/mine')).filter((name) => !name.startsWith('.'));
  return { workplace, task, study: join(workplace.folder, 'logs/mine', id) };
}

function trainByHand(task: string): void {
  execFileSync('python3', ['train.py'], { cwd: task });
  expect(existsSync(join(task, 'weights.npy'))).toBe(true);
}

describe('a script that was run by hand in its folder', () => {
  test('leaves outputs that are no code: evaluate and resume go on, and no training starts from them', async () => {
    const { workplace, task, study } = await aStudy();
    trainByHand(task);
    const evaluated = await workplace.run(['evaluate', 'latest', '--objective', '--json']);
    expect(evaluated.code, evaluated.stderr).toBe(0);
    const resumed = await workplace.run(['resume', 'latest', '--trials', '5']);
    expect(resumed.code, resumed.stderr).toBe(0);
    for (const folder of ['trials/0005', 'evaluation/best'])
      expect(readFileSync(join(study, folder, 'stdout.log'), 'utf8')).toContain('warm=0');
  });

  test('is not asked about again, unless what is new can run', async () => {
    const { workplace, task } = await aStudy('1');
    trainByHand(task);
    const again = ['tune', task, '--strategy', 'random', '--executor', 'direct', '--trials', '1'];
    expect(await workplace.run(again)).toMatchObject({ code: 0 });
    writeFileSync(join(task, 'helper.py'), 'x = 1\n');
    const asked = await workplace.run(again);
    expect(asked.stderr).toContain('changed since you last ran it: helper.py (new).');
    expect(asked.stderr).toContain('[not-confirmed]');
  });

  test('does not hide new code: a file that no training made counts, before and after --new-code', async () => {
    const { workplace, task } = await aStudy('2');
    writeFileSync(join(task, 'helper.py'), 'x = 1\n');
    const refused = await workplace.run(['resume', 'latest', '--trials', '3']);
    expect(refused.stderr).toContain('changed since trial 2: helper.py (new).');
    const accepted = await workplace.run(['resume', 'latest', '--trials', '3', '--new-code']);
    expect(accepted.code, accepted.stderr).toBe(0);
    appendFileSync(join(task, 'helper.py'), 'y = 1\n');
    const again = await workplace.run(['resume', 'latest', '--trials', '4']);
    expect(again.stderr).toContain('changed since trial 3: helper.py (changed).');
  });
});

describe('after the best values were written into the config file', () => {
  test('evaluate and resume say which file changed and how to undo it', async () => {
    const { workplace, task, study } = await aStudy();
    const [config, patch] = [join(task, 'config.yaml'), join(study, 'best.patch')];
    execFileSync('patch', [config, patch]);
    await workplace.run(['report', 'latest']);
    const undo = `patch -R ${config} ${patch}`;
    const evaluated = await workplace.run(['evaluate', 'latest', '--objective']);
    expect(evaluated.stderr).toContain('config.yaml (changed)');
    expect(evaluated.stderr).toContain(undo);
    expect(evaluated.stderr).toMatch(/→ .*agenthpo evaluate \S+ --objective --new-code/);
    const resumed = await workplace.run(['resume', 'latest', '--trials', '5']);
    expect(resumed.stderr).toContain('config.yaml changed, and with it the defaults that this study began with.');
    expect(resumed.stderr).toContain(undo);
    execFileSync('patch', ['-R', config, patch]);
    expect(await workplace.run(['evaluate', 'latest', '--objective'])).toMatchObject({ code: 0 });
  });

  test('a change that the patch does not explain is to be undone by hand', async () => {
    const { workplace, task } = await aStudy('2');
    writeFileSync(join(task, 'config.yaml'), 'x: 0.123\n');
    const { stderr } = await workplace.run(['evaluate', 'latest', '--objective']);
    expect(stderr).toContain('→ Undo the change, or go on with it: agenthpo evaluate');
  });

  test('evaluate --new-code trains the study’s best and default with the code as it is, and says so', async () => {
    const { workplace, task, study } = await aStudy();
    execFileSync('patch', [join(task, 'config.yaml'), join(study, 'best.patch')]);
    appendFileSync(join(task, 'train.py'), "print(f'METRIC loss={(x - 0.3) ** 2 + 1}')\n");
    const report = readFileSync(join(study, 'report.md'), 'utf8');
    const { code, stdout, stderr } = await workplace.run(['evaluate', 'latest', '--objective', '--new-code', '--json']);
    expect(code, stderr).toBe(0);
    const { newCode, results, studyDifference } = JSON.parse(stdout);
    expect({ newCode, studyDifference }).toEqual({ newCode: true, studyDifference: null });
    expect(results[1]).toMatchObject({ which: 'default', trial: 1, hyperparameters: { x: 0.5 } });
    expect(results[1].value).toBeCloseTo(1.04, 10);
    expect(results[0].value).toBeLessThan(1.04);
    expect(readFileSync(join(study, 'report.md'), 'utf8')).toBe(report);
    const shown = await workplace.run(['evaluate', 'latest', '--objective', '--new-code']);
    expect(shown.stdout).toContain('Both were trained with the changed code');
  });
});
