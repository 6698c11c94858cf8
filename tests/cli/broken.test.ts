import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Workplace } from './run-cli.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/broken/', import.meta.url));
/** A task without a fault, of which each broken one holds only what it has otherwise. */
const SOUND = fileURLToPath(new URL('../fixtures/sound/', import.meta.url));

function lay(workplace: Workplace, name: string, as = name): void {
  for (const source of [SOUND, join(FIXTURES, name)]) cpSync(source, join(workplace.folder, as), { recursive: true });
}

interface Case {
  /** The cause, with the offending value and its place, and the cure, in this order. */
  readonly says: readonly (string | RegExp)[];
  /** 0 when the folder can be used all the same. */
  readonly code?: number;
}

/** Each folder holds one realistic mistake; what is said must let somebody mend it who knows no more than that. */
const CASES: Readonly<Record<string, Case>> = {
  'asks-a-question': { says: ['EOFError', 'waits for somebody to type (input())', 'train.args'] },
  'condition-on-broken': { says: ['has a problem:', /line 8: .*low ≤ high, got \[50, 5\]/] },
  'config-key-unknown': {
    says: [/line 24/, "KeyError: 'random_seed'", 'key of config.yaml, add it there, or correct the name in train.py'],
  },
  'data-missing': { says: [/line 24/, "'points.csv'", 'put the file into the task folder'] },
  'data-outside': {
    says: ['train.py line 24: "../shared/points.csv" leads out of the task folder', 'read it as data/points.csv'],
  },
  'default-outside-range': {
    says: [/line 8: .*learning_rate = 0\.9 is outside \[0\.001, 0\.5\]/, 'it stands in config.yaml'],
  },
  'direction-of-a-loss': {
    code: 0,
    says: ['Warning', 'val_loss is usually better when it is lower', 'direction: minimize'],
  },
  'duplicate-key': {
    says: ['line 12, column 5: "range" stands here a second time (first in line 10)', 'keep one of the two'],
  },
  'exits-with-error': { says: ['exit code 3', /recorded val_loss = 0\.09\d+/, 'end with exit code 0'] },
  'key-mentioned-never-used': { code: 0, says: ['Nothing to mend'] },
  'key-never-read': {
    code: 0,
    says: [
      'Warning',
      'hyperparameters.momentum: no effect',
      'momentum = 0 recorded the same numbers',
      'let train.py read it from config.yaml',
    ],
  },
  'key-typo': { says: ['line 11: hyperparameters.learning_rate.scael: unknown key (did you mean "scale"?)'] },
  'log-absolute': {
    says: ['train.py line 29: "~/slope-logs/train_log.jsonl"', 'wrote no train_log.jsonl', 'a relative path'],
  },
  'log-elsewhere': {
    says: [
      'wrote no train_log.jsonl; out/history.jsonl does',
      'Write "log: out/history.jsonl" under train in task.yaml',
    ],
  },
  'log-one-document': { says: ['history.json is one JSON document', 'write one object a line instead', '.jsonl'] },
  'metric-far': {
    says: ['records no "perplexity"; it records epoch, train_loss, val_loss', 'as the metric in task.yaml'],
  },
  'metric-nan': { says: ['"val_loss" is NaN', 'from the first row on', 'look in train.py'] },
  'metric-near': {
    says: ['records no "valid_loss" (did you mean "val_loss"?)', 'Write "val_loss" as the metric in task.yaml'],
  },
  'metric-printed': { says: ['no line METRIC val_loss=…', 'It does print "epoch 1', "pattern: 'val_loss"] },
  'missing-package': {
    says: [
      "No module named 'quietheron_metrics'",
      'Write a requirements.txt with the line "quietheron_metrics" beside train.py',
    ],
  },
  'missing-package-listed': {
    says: ["No module named 'quietheron_metrics'", 'Add the line "quietheron_metrics" to requirements.txt'],
  },
  'needs-argument': { says: ['demands --config', 'task.yaml has no train.args', 'args: "--config {config}"'] },
  'needs-gpu': { says: ['Found no NVIDIA driver', 'asks for a GPU', 'torch.cuda.is_available()'] },
  'needs-variable': { says: ["KeyError: 'SLOPE_DATA'", 'environment: { pass: [SLOPE_DATA] }'] },
  'never-ends': { says: ['past its time limit', 'Give a training more time, with --timeout 2h or train.timeout'] },
  'python-2': { says: ['line 36', 'print "epoch", epoch', 'written for Python 2'] },
  'range-reversed': {
    says: ['line 17: hyperparameters.epochs: range must be [low, high] with low ≤ high, got [50, 5]'],
  },
  'reads-argv': { says: ['IndexError', 'task.yaml has no train.args', 'args: "{config}"'] },
  'several-mistakes': {
    says: [
      'has 3 problems:',
      'line 4: objectve: unknown key (did you mean "objective"?)',
      /line 18: hyperparameters\.epochs\.type: got "integer"; must be .*"int"/,
      'line 20: train.script: is missing; it must be text',
    ],
  },
  'tabs-in-yaml': { says: ['line 5, column 1: a tab is used as indentation', 'put spaces in its place'] },
  'unknown-argument': { says: ['unrecognized arguments: --verbose', 'take it out'] },
  'utf-16': { says: ['task.yaml is not UTF-8 text: it is written in UTF-16', 'Save it as UTF-8'] },
  'works-byte-order-mark': { code: 0, says: ['Nothing to mend'] },
  'works-windows-line-ends': { code: 0, says: ['Nothing to mend'] },
  'wrong-interpreter': {
    says: ['at /opt/python3.9/bin/python', /named by environment\.python in .*task\.yaml/, 'leave it out'],
  },
  'wrong-shape': { says: ['line 4: objective: got "val_loss"; must be a mapping with the keys metric, direction'] },
};

test('every broken folder has its expected words', () => {
  expect(readdirSync(FIXTURES).sort()).toEqual(Object.keys(CASES).sort());
});

test.each(Object.entries(CASES))('check --run of %s names the cause and the cure', async (name, { says, code = 2 }) => {
  const workplace = new Workplace();
  lay(workplace, name);
  const run = await workplace.run(['check', name, '--run', '--yes']);
  let rest = run.stdout;
  for (const words of says) {
    const at = typeof words === 'string' ? rest.indexOf(words) : rest.search(words);
    expect(
      at,
      `${JSON.stringify(String(words))} after what was found before, in:\n${run.stdout}`,
    ).toBeGreaterThanOrEqual(0);
    rest = rest.slice(at);
  }
  expect(run.code).toBe(code);
  expect(run.stdout).not.toMatch(/<task>|<study>|undefined/);
});

test('check --json holds the plan, the warnings and the error apart', async () => {
  const workplace = new Workplace();
  for (const name of ['direction-of-a-loss', 'key-typo']) lay(workplace, name);
  const { code, stdout } = await workplace.run(['check', 'direction-of-a-loss', 'key-typo', '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual([
    {
      task: 'direction-of-a-loss',
      ok: true,
      error: null,
      warnings: [{ kind: 'direction', message: expect.stringContaining('val_loss') }],
      plan: expect.objectContaining({ name: 'slope', profiles: [], budget: expect.objectContaining({ trials: 10 }) }),
      trained: null,
      result: null,
    },
    {
      task: 'key-typo',
      ok: false,
      error: { code: 'task-invalid', message: expect.stringContaining('line 11'), hint: expect.any(String) },
      warnings: [],
      plan: null,
      trained: null,
      result: null,
    },
  ]);
});

test('a study whose default configuration fails ends with the same cure as check --run', async () => {
  const workplace = new Workplace();
  lay(workplace, 'log-elsewhere', 'mine');
  const flags = ['--trials', '2', '--strategy', 'random', '--executor', 'direct', '--yes'];
  const { code, stdout, stderr } = await workplace.run(['tune', 'mine', ...flags]);
  expect(code).toBe(4);
  expect(stdout + stderr).toContain('→ Write "log: out/history.jsonl" under train in task.yaml');
});

test('a variable that is no setting is noted with the nearest one; what else bears the prefix is not', async () => {
  const workplace = new Workplace();
  const { stderr } = await workplace.run(['list'], {
    AGENTHPO_TRAILS: '3',
    AGENTHPO_DATA: '/tmp',
    AGENTHPO_TRIALS: '3',
  });
  expect(stderr.match(/AGENTHPO_\w+ is no setting.*/g)).toEqual([
    'AGENTHPO_TRAILS is no setting and has no effect (did you mean "AGENTHPO_TRIALS"?).',
  ]);
});

test('a profile that does not exist is the command line’s mistake, not the task’s', async () => {
  const workplace = new Workplace();
  lay(workplace, 'works-byte-order-mark', 'mine');
  const { code, stderr } = await workplace.run(['tune', 'mine', '--profile', 'fast']);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /error \[usage\] --profile fast: there is no such profile; this task has no profiles\.\n→ agenthpo check /,
  );
  expect(stderr).not.toContain('task.yaml has');
});
