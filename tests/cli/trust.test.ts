import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { whyNoSandbox } from '../runners/some-sandbox.ts';
import { QUICK, Workplace } from './run-cli.ts';

/** Leaves a line for each run where it was told to, with what it sees of a variable. */
const SCRIPT = `import os
with open(os.environ["HOME"] + "/ran", "a") as file: file.write(os.environ.get("MY_SECRET_THING", "-") + "\\n")
print("METRIC loss=1 test_loss=1")
`;

let workplace: Workplace;
let task: string;
let ran: string;

beforeEach(() => {
  workplace = new Workplace();
  mkdirSync(join(workplace.folder, 'home'));
  ran = join(workplace.folder, 'home/ran');
  task = workplace.task(SCRIPT);
});

const runs = (): number => (existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n').length : 0);
const tune = (...more: readonly string[]) => workplace.run(['tune', 'mine', ...QUICK, '--trials', '1', ...more]);
const studyFile = (): string => {
  const logs = join(workplace.folder, 'logs/mine');
  return join(logs, readdirSync(logs)[0] ?? '', 'study.yaml');
};
/** As on the machine of somebody who has just cloned all this. */
const STRANGER = { XDG_STATE_HOME: '/nonexistent/state' };
const GO_ON = [
  { command: 'resume', words: ['resume', 'latest', '--trials', '2'] },
  { command: 'evaluate', words: ['evaluate', 'latest', '--objective'] },
];

describe.each(GO_ON)('$command', ({ words }) => {
  test('asks nothing about one’s own study', async () => {
    await tune();
    const { code, stderr } = await workplace.run(words);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/First use|changed since|not begun here/);
  });

  test('runs nothing of a study that came from elsewhere, and says what it would run, as study.yaml says it', async () => {
    await tune();
    const before = runs();
    const python = join(workplace.folder, 'python');
    writeFileSync(python, `#!/bin/sh\ntouch ${workplace.folder}/started\nexec python3 "$@"\n`, { mode: 0o755 });
    const record = readFileSync(studyFile(), 'utf8').replace(/interpreter: .*/, `interpreter: ${python}`);
    writeFileSync(studyFile(), record.replace(/ {4}PATH: .*/, '    LD_PRELOAD: ./evil.so'));
    const { code, stderr } = await workplace.run(words, STRANGER);
    expect(code).toBe(2);
    expect(stderr).toMatch(/was not begun here[\s\S]*First use of/);
    expect(stderr).toMatch(new RegExp(`runs +${python} train\\.py`));
    expect(stderr).toMatch(/with +.*LD_PRELOAD=\.\/evil\.so/);
    expect(stderr).toContain('error [not-confirmed]');
    expect([runs(), existsSync(join(workplace.folder, 'started'))]).toEqual([before, false]);
  });

  test('nor of a study.yaml that was edited, though its folder is known; --yes is remembered', async () => {
    await tune();
    const before = runs();
    const record = readFileSync(studyFile(), 'utf8');
    writeFileSync(studyFile(), record.replace(/(interpreter: ).*/, '$1/usr/bin/env'));
    const { stderr } = await workplace.run(words);
    expect(stderr).toMatch(
      /was not begun here[\s\S]*is as you know it[\s\S]*\/usr\/bin\/env train\.py[\s\S]*not-confirmed/,
    );
    expect(runs()).toBe(before);
    writeFileSync(studyFile(), record.replace(/created: .*/, 'created: 2026-01-01T00:00:00.000Z'));
    expect((await workplace.run([...words, '--yes'])).code).toBe(0);
    expect((await workplace.run(['evaluate', 'latest', '--objective'])).stderr).not.toContain('not begun here');
  });

  test('nor with variables, or a network, that task.yaml did not ask for before', async () => {
    await tune();
    const before = runs();
    const yaml = readFileSync(join(task, 'task.yaml'), 'utf8');
    for (const more of ['environment: { pass: [MY_SECRET_THING] }\n', 'environment: { network: true }\n']) {
      writeFileSync(join(task, 'task.yaml'), yaml + more);
      const { code, stderr } = await workplace.run(words, { MY_SECRET_THING: 'seen' });
      expect(code, more).toBe(2);
      expect(stderr).toMatch(/changed since you last ran it: task\.yaml\.[\s\S]*not-confirmed/);
      expect(runs()).toBe(before);
    }
  });

  test('takes no folder that is not absolute from study.yaml', async () => {
    await tune();
    writeFileSync(studyFile(), readFileSync(studyFile(), 'utf8').replace(/folder: .*mine$/m, 'folder: mine'));
    const { code, stderr } = await workplace.run([...words, '--yes']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/settings-invalid.*task\.folder/s);
  });
});

test('--new-code is a word for changes of a known folder, not for a stranger’s', async () => {
  await tune();
  writeFileSync(join(task, 'train.py'), `${SCRIPT}# more\n`);
  const refused = await workplace.run(['resume', 'latest', '--trials', '2', '--new-code'], STRANGER);
  expect(refused.stderr).toContain('error [not-confirmed]');
  const accepted = await workplace.run(['resume', 'latest', '--trials', '2', '--new-code']);
  expect(accepted.code, accepted.stderr).toBe(0);
});

describe('what runs besides the copied files is watched too', () => {
  const YAML = 'data: { prepare: data/get.py }\n';
  beforeEach(async () => {
    writeFileSync(join(task, 'task.yaml'), readFileSync(join(task, 'task.yaml'), 'utf8') + YAML);
    mkdirSync(join(task, 'data/tools'), { recursive: true });
    writeFileSync(join(task, 'data/get.py'), '');
    mkdirSync(join(task, '.venv/lib/python3/site-packages'), { recursive: true });
    mkdirSync(join(task, '.venv/bin'));
    writeFileSync(join(task, '.venv/pyvenv.cfg'), 'home = /usr/bin\n');
    writeFileSync(join(task, '.venv/bin/python'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { code, stderr } = await tune();
    expect(code, stderr).toBe(0);
  });

  test.each([
    ['data/get.py'],
    ['data/helper.py'],
    ['data/tools/more.py'],
    ['.venv/bin/python'],
    ['.venv/pyvenv.cfg'],
    ['.venv/lib/python3/site-packages/evil.pth'],
  ])('%s', async (path) => {
    const before = runs();
    const isNew = !existsSync(join(task, path));
    writeFileSync(join(task, path), 'import os\n');
    const { code, stderr } = await workplace.run(['tune', 'mine', ...QUICK.filter((word) => word !== '--yes')]);
    expect([code, runs()]).toEqual([2, before]);
    expect(stderr).toContain(`changed since you last ran it: ${path}${isNew ? ' (new)' : ''}. agenthpo`);
  });

  test('variables that the task sets are shown, and asked about when they change', async () => {
    const yaml = readFileSync(join(task, 'task.yaml'), 'utf8');
    writeFileSync(join(task, 'task.yaml'), yaml.replace('args:', 'env: { HTTPS_PROXY: "http://evil" }, args:'));
    const { code, stderr } = await workplace.run(['tune', 'mine', ...QUICK.filter((word) => word !== '--yes')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/sets +HTTPS_PROXY=http:\/\/evil/);
  });
});

const reason = whyNoSandbox();

describe.skipIf(reason !== undefined)(`with bubblewrap${reason === undefined ? '' : ` (${reason})`}`, () => {
  test.each(GO_ON)('$command heeds sandbox: true in agenthpo.yaml', async ({ words }) => {
    await tune();
    const before = runs();
    writeFileSync(join(workplace.folder, 'agenthpo.yaml'), 'sandbox: true\n');
    const { code, stderr } = await workplace.run(words);
    // The home inside is an empty one: nothing is written to the real one.
    expect(code, stderr).toBe(0);
    expect(runs()).toBe(before);
  });
});

test('a folder that was copied with its study asks under its new name', async () => {
  await tune();
  const copy = new Workplace();
  cpSync(workplace.folder, copy.folder, { recursive: true });
  const record = join(copy.folder, studyFile().slice(workplace.folder.length));
  writeFileSync(record, readFileSync(record, 'utf8').replaceAll(task, join(copy.folder, 'mine')));
  const before = runs();
  for (const { words } of GO_ON) {
    const { stderr } = await copy.run(words, { HOME: join(workplace.folder, 'home') });
    expect(stderr).toContain('error [not-confirmed]');
  }
  expect(runs()).toBe(before);
});
