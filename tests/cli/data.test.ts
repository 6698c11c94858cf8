import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

const TRAIN = `import sys
if '--stand-in' not in sys.argv: open('data/images').read()
print('METRIC loss=' + sys.argv[1])
`;
const PREPARE = `import os, sys
if not os.path.exists('archive'): sys.exit('Put the archive into this folder, or set ARCHIVE_KEY.')
os.makedirs('data', exist_ok=True)
open('data/images', 'w').write('images')
`;

function aTask(data = 'data: { prepare: prepare_data.py, stand_in: --stand-in, network: true }'): string {
  const folder = workplace.task(
    TRAIN,
    (yaml) => `${yaml}${data}\nprofiles: { small: { caveat: not the real thing } }\n`,
  );
  writeFileSync(join(folder, 'prepare_data.py'), PREPARE);
  return folder;
}

const addArchive = (task: string) => writeFileSync(join(task, 'archive'), 'the original archive');
const studies = () =>
  existsSync(join(workplace.folder, 'logs')) ? readdirSync(join(workplace.folder, 'logs/mine')) : [];
const report = () => readFileSync(join(workplace.folder, 'logs/mine', studies()[0] ?? '', 'report.md'), 'utf8');

test('data that is not there stops before any study, with the script’s own words and the way to go on without', async () => {
  const task = aTask();
  const { code, stderr } = await workplace.run(['tune', 'mine', ...QUICK, '--trials', '1'], {
    ARCHIVE_KEY: 'k',
    WANDB_MODE: 'off',
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/error \[data-missing\] The data of mine is not there: prepare_data\.py .*exit code 1/);
  expect(stderr).toMatch(/prepares +.*python3? prepare_data\.py/);
  expect(stderr).toContain('\n  Put the archive into this folder, or set ARCHIVE_KEY.');
  expect(stderr).toContain('kept from it: ARCHIVE_KEY; environment.pass');
  expect(stderr).toContain(`agenthpo tune ${task} --stand-in`);
  expect(studies()).toEqual([]);
});

test('a task’s preparation gets its data before the first training of tune, check --run, resume and evaluate', async () => {
  const task = aTask('data: { prepare: prepare_data.py }\nevaluate: { args: --test, metric: loss }');
  addArchive(task);
  const checked = await workplace.run(['check', 'mine', '--run', '--yes']);
  expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/loss.* 0\.5/)]);
  const { code, stderr } = await workplace.run(['tune', 'mine', ...QUICK, '--trials', '1']);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('First use')]);
  writeFileSync(join(task, 'prepare_data.py'), 'raise SystemExit("gone")\n');
  const resumed = await workplace.run(['resume', 'latest', '--trials', '2', '--new-code']);
  expect(resumed.stderr).toContain('[data-missing]');
  writeFileSync(join(task, 'prepare_data.py'), PREPARE);
  expect((await workplace.run(['evaluate', 'latest', '--yes'])).code).toBe(0);
  expect(report()).not.toContain('STAND-IN');
});

test('the preparation is told what the profile and --set change in the config, --set before the profile', async () => {
  const task = workplace.task('', (yaml) =>
    yaml
      .replace('args: "{x}"', 'config: config.yaml')
      .concat(
        'data: { prepare: prepare_data.py }\n',
        'profiles: { small: { config: { data.set: photos, data.size: 8 } } }\n',
      ),
  );
  writeFileSync(join(task, 'config.yaml'), 'x: 0.5\ndata: { set: drawings, size: 32 }\n');
  writeFileSync(join(task, 'prepare_data.py'), "import os, sys\nsys.exit(os.environ['AGENTHPO_CONFIG_CHANGES'])\n");
  const told = async (...flags: string[]) => (await workplace.run(['tune', 'mine', ...QUICK, ...flags])).stderr;
  expect(await told()).toContain('\n  {}\n');
  expect(await told('--profile', 'small', '--set', 'data.set=maps')).toContain(
    '\n  {"data.set":"maps","data.size":8}\n',
  );
});

test('--stand-in trains without the data, and says so on screen, in the report’s title, in the list and in check', async () => {
  aTask();
  const standIn = await workplace.run(['tune', 'mine', ...QUICK, '--stand-in', '--trials', '1']);
  expect([standIn.code, standIn.stderr]).toEqual([0, expect.stringContaining('STAND-IN DATA')]);
  expect(standIn.stdout).toMatch(/^Best: trial 1, loss \S+ \(on stand-in data\)$/m);
  expect((await workplace.run(['show', 'latest'])).stdout).toMatch(/: minimize loss, on stand-in data\n/);
  expect(report()).toMatch(/^# STAND-IN DATA: mine/);
  const resumed = await workplace.run(['resume', 'latest', '--trials', '2', '--json']);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ trials: { complete: 2 } });
  expect((await workplace.run(['list'])).stdout).toContain('stand-in');
  expect((await workplace.run(['check', 'mine', '--run', '--yes', '--stand-in'])).stdout).toContain('STAND-IN DATA');
});

test('a profile’s caveat stands in check and in the report’s title', async () => {
  addArchive(aTask());
  const checked = await workplace.run(['check', 'mine', '--profile', 'small']);
  expect(checked.stdout).toContain('Profile small: not the real thing.');
  expect(checked.stdout).toMatch(/data +prepare_data\.py first \(may download\); without it: --stand-in/);
  await workplace.run(['tune', 'mine', ...QUICK, '--trials', '1', '--profile', 'small']);
  expect(report()).toMatch(/^# mine \(.*not the real thing\)/);
});

test('a real and a stand-in study never share a version of the code', async () => {
  addArchive(aTask());
  for (const flags of [[], ['--stand-in']]) await workplace.run(['tune', 'mine', ...QUICK, '--trials', '1', ...flags]);
  const hashes = studies().map((study) => {
    const log = readFileSync(join(workplace.folder, 'logs/mine', study, 'experiment-log.jsonl'), 'utf8');
    const { codeHash, standIn } = JSON.parse(log.split('\n')[0] ?? '');
    return [codeHash, standIn];
  });
  expect(hashes.map(([, standIn]) => standIn).sort()).toEqual([false, true]);
  expect(hashes[0]?.[0]).not.toBe(hashes[1]?.[0]);
});

test('a data folder named from where the user stands is that one in the preparation and in the trainings', async () => {
  const read = `import os\nprint('METRIC loss=' + open(os.environ['AGENTHPO_DATA'] + '/loss').read())\n`;
  const task = workplace.task(read, (yaml) => `${yaml}data: { prepare: train.py }\n`);
  mkdirSync(join(workplace.folder, 'shared'));
  writeFileSync(join(workplace.folder, 'shared', 'loss'), '0.25');
  const { code, stdout } = await workplace.run(['check', task, '--run', '--yes'], { AGENTHPO_DATA: 'shared' });
  expect([code, stdout]).toEqual([0, expect.stringContaining('loss 0.25')]);
});
