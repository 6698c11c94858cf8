import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { whyNoSandbox } from '../runners/some-sandbox.ts';
import { QUICK, Workplace } from './run-cli.ts';

const reason = whyNoSandbox();

/** Tries to leave a mark in its task’s folder, and reports whether that worked as its loss. */
const MARKS = `import os, sys
try:
    open(sys.argv[2] + "/mark", "w").close()
    loss = 1
except OSError:
    loss = 0
open("model.bin", "w").write("m")
print(f"METRIC loss={loss} test_loss={loss} home={int(os.path.exists(os.path.expanduser('~/secret')))}")
`;

/** The task of these tests: its script is told where its folder is. */
function aTask(workplace: Workplace, more = ''): string {
  const folder = join(workplace.folder, 'mine');
  return workplace.task(MARKS, (yaml) => `${yaml.replace('"{x}"', `"{x} ${folder}"`)}${more}`);
}

test('a sandbox that cannot be made stops everything before it begins', async () => {
  const workplace = new Workplace();
  const task = aTask(workplace);
  const { code, stderr } = await workplace.run(['tune', task, ...QUICK, '--sandbox'], {
    PATH: workplace.folder,
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/error \[sandbox-unavailable\] .*bwrap.*\n→ Install it: apt install bubblewrap/);
  expect(existsSync(join(workplace.folder, 'logs'))).toBe(false);
  expect(existsSync(join(task, 'mark'))).toBe(false);
});

describe.skipIf(reason !== undefined)(`with --sandbox${reason === undefined ? '' : ` (${reason})`}`, () => {
  test('tune, resume, evaluate and check --run train inside; study.yaml keeps it', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace, 'evaluate: { args: --test, metric: test_loss }\n');
    const trained = await workplace.run(['tune', task, ...QUICK, '--trials', '1', '--sandbox', '--json']);
    expect(trained.code, trained.stderr).toBe(0);
    const { study, best } = JSON.parse(trained.stdout);
    expect(best.value).toBe(0);
    expect(readFileSync(join(study, 'study.yaml'), 'utf8')).toContain('sandbox: true');
    expect(readFileSync(join(study, 'trials/0001/model.bin'), 'utf8')).toBe('m');
    const resumed = await workplace.run(['resume', 'latest', '--trials', '2', '--json']);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ trials: { complete: 2 }, best: { value: 0 } });
    const evaluated = await workplace.run(['evaluate', 'latest', '--json']);
    expect(JSON.parse(evaluated.stdout).results).toMatchObject([{ value: 0 }, { value: 0 }]);
    expect((await workplace.run(['check', task, '--run', '--sandbox', '--yes'])).stdout).toMatch(/loss 0(\.0*)? in/);
    expect(existsSync(join(task, 'mark'))).toBe(false);
  });

  test('the setting does as the flag, and without either the script writes where it likes', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace);
    await workplace.run(['tune', task, ...QUICK, '--trials', '1'], { AGENTHPO_SANDBOX: 'true' });
    expect(existsSync(join(task, 'mark'))).toBe(false);
    await workplace.run(['tune', task, ...QUICK, '--trials', '1']);
    expect(existsSync(join(task, 'mark'))).toBe(true);
  });

  test('the preparation of data writes data/ and nothing else', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace, 'data: { prepare: prepare.py }\n');
    writeFileSync(
      join(task, 'prepare.py'),
      'try: open("mark", "w")\nexcept OSError as error: open("data/set.csv", "w").write(error.strerror)\n',
    );
    const { code, stderr } = await workplace.run(['tune', task, ...QUICK, '--trials', '1', '--sandbox']);
    expect(code, stderr).toBe(0);
    expect(readFileSync(join(task, 'data/set.csv'), 'utf8')).toBe('Read-only file system');
    expect(existsSync(join(task, 'mark'))).toBe(false);
  });

  test('a data/ that leads out of the task folder is not written, but for the place that AGENTHPO_DATA names', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace, 'data: { prepare: prepare.py }\n');
    const keys = join(workplace.folder, 'home/.ssh');
    mkdirSync(keys, { recursive: true });
    symlinkSync(keys, join(task, 'data'));
    writeFileSync(join(task, 'prepare.py'), 'open("data/authorized_keys", "a").write("mine")\n');
    const words = ['tune', task, ...QUICK, '--trials', '1', '--sandbox'];
    const refused = await workplace.run(words);
    expect(refused.stderr).toContain(`follows   ${keys} (hidden by the sandbox)`);
    expect(refused.stderr).toContain(`error [sandbox-unavailable] ${task}/data leads to ${keys}`);
    expect(existsSync(join(keys, 'authorized_keys'))).toBe(false);
    const place = join(workplace.folder, 'sets');
    mkdirSync(place);
    rmSync(join(task, 'data'));
    symlinkSync(place, join(task, 'data'));
    const allowed = await workplace.run(words, { AGENTHPO_DATA: place });
    expect(allowed.code, allowed.stderr).toBe(0);
    expect(readFileSync(join(place, 'authorized_keys'), 'utf8')).toBe('mine');
  });

  test('the virtual environment of the task is not started outside: another Python trains', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace);
    const python = join(task, '.venv/bin/python');
    mkdirSync(join(task, '.venv/bin'), { recursive: true });
    writeFileSync(join(task, '.venv/pyvenv.cfg'), 'version = 3.12.1\n');
    writeFileSync(python, `#!/bin/sh\ntouch ${workplace.folder}/ran\nexec python3 "$@"\n`, { mode: 0o755 });
    const { code, stderr } = await workplace.run(['tune', task, ...QUICK, '--trials', '1', '--sandbox', '--plain']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('is not used: it lies in the task folder');
    expect(existsSync(join(workplace.folder, 'ran'))).toBe(false);
    const named = await workplace.run(['tune', task, ...QUICK, '--sandbox', '--python', python]);
    expect(named.stderr).toContain('error [sandbox-unavailable]');
    expect(existsSync(join(workplace.folder, 'ran'))).toBe(false);
  });

  test('what is installed for it is said to be installed outside', async () => {
    const workplace = new Workplace();
    const task = aTask(workplace);
    writeFileSync(join(task, 'requirements.txt'), 'agenthpo-nothing-of-that-name\n');
    const { stderr } = await workplace.run(['tune', task, '--strategy', 'random', '--executor', 'direct', '--sandbox']);
    expect(stderr).toMatch(/installs .*requirements\.txt asks.* \(outside of the sandbox\)\n/);
  });
});
