import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentHpoError } from '../../study/errors.ts';
import { loadTask, type TaskChoices } from '../../study/load-task.ts';
import { aFolder } from './maker.ts';

const TASK = `
name: small
description: A small task.
objective: { metric: loss, direction: minimize }
hyperparameters:
  optimizer: { type: categorical, choices: [sgd, adam] }
  learning_rate: { type: float, range: [0.0001, 1.0], scale: log }
  momentum: { type: float, range: [0.0, 0.99], when: { optimizer: sgd } }
  epochs: { type: int, range: [1, 50] }
constraints:
  - learning_rate * epochs <= 20
train: { script: train.py, config: config.yaml, log: log.jsonl, seed: seed }
profiles:
  quick:
    description: For a CPU.
    fix: { epochs: 3 }
    hyperparameters: { learning_rate: { range: [0.001, 0.1] } }
    config: { subset: 100 }
    timeout: 2m
    budget: { trials: 5 }
`;
const CONFIG = 'optimizer: sgd # which\nlearning_rate: 0.01\nmomentum: 0.9\nepochs: 10\nsubset: 5000\nseed: 0\n';

function aTask(task: string, config = CONFIG): string {
  const folder = join(aFolder(), 'small');
  mkdirSync(folder);
  writeFileSync(join(folder, 'task.yaml'), task);
  writeFileSync(join(folder, 'config.yaml'), config);
  writeFileSync(join(folder, 'train.py'), '');
  return folder;
}

/** The message a user reads, without the temporary folder. */
function problem(task: string, config?: string, choices?: TaskChoices): string {
  const folder = aTask(task, config);
  try {
    loadTask(folder, choices);
  } catch (error) {
    if (error instanceof AgentHpoError) return `[${error.code}] ${error.message}`.replaceAll(folder, '<task>');
    throw error;
  }
  throw new Error('the task was accepted');
}

test('a whole task is read, its defaults taken from the config file', () => {
  const task = loadTask(aTask(TASK));
  expect(task.space.defaults()).toEqual({ optimizer: 'sgd', learning_rate: 0.01, momentum: 0.9, epochs: 10 });
  expect(task.train).toMatchObject({
    log: { path: 'log.jsonl', format: 'jsonl' },
    seed: { kind: 'config', key: 'seed' },
  });
  expect(task.objective).toEqual({ metric: 'loss', direction: 'minimize', at: 'last', constraints: [] });
});

test('what is reached without learning is told of the task, and is no part of the objective', () => {
  const task = loadTask(aTask(TASK.replace('minimize }', 'minimize, trivial: trivial_loss }')));
  expect(task.trivial).toBe('trivial_loss');
  expect(task.objective).toEqual(loadTask(aTask(TASK)).objective);
  expect(problem(TASK.replace('minimize }', 'minimize, trivial: loss }'))).toContain(
    'objective.trivial: is the metric itself; name what the script records beside it, such as trivial_loss',
  );
});

test('a profile fixes, narrows and sets; a fixed value still counts in constraints', () => {
  const task = loadTask(aTask(TASK), { profile: 'quick' });
  expect(task.space.names).toEqual(['optimizer', 'learning_rate', 'momentum']);
  expect(task.space.get('learning_rate')).toMatchObject({ low: 0.001, high: 0.1, default: 0.01 });
  expect(task).toMatchObject({
    configChanges: { subset: 100 },
    budget: { trials: 5 },
    fixed: [{ name: 'epochs', value: 3 }],
  });
  expect(task.train.timeoutSeconds).toBe(120);
  expect(task.space.constants).toEqual({ epochs: 3 });
});

test('--set fixes a hyperparameter, settles conditions on it, and changes other config keys', () => {
  const adam = loadTask(aTask(TASK), { sets: { optimizer: 'adam', subset: 7 } });
  expect(adam.space.names).toEqual(['learning_rate', 'epochs']);
  expect(adam.configChanges).toEqual({ subset: 7 });
  const sgd = loadTask(aTask(TASK), { sets: { optimizer: 'sgd' } });
  expect(sgd.space.get('momentum')?.when).toBeUndefined();
  const momentum = loadTask(aTask(TASK), { sets: { momentum: 0.5 } });
  expect(momentum.space.get('momentum')).toMatchObject({ low: 0.5, high: 0.5, when: { optimizer: ['sgd'] } });
});

test('a missing folder, and a folder without task.yaml, say so', () => {
  expect(() => loadTask(join(aFolder(), 'gone'))).toThrow(/There is no task folder at/);
  expect(() => loadTask(aFolder())).toThrow(/holds no task.yaml/);
});

test.each([
  ['YAML that is none', TASK.replace('name: small', 'name: [small'), /line 3, column \d+: not valid YAML: .*\(in: /],
  ['a tab', TASK.replace('  - learning', '\t- learning'), /line 11, column 1: a tab is used as indentation/],
  ['a typo in a key', TASK.replace('objective:', 'objectve:'), /objectve: unknown key \(did you mean "objective"\?\)/],
  [
    'a typo deep down',
    TASK.replace('scale: log', 'scal: log'),
    /hyperparameters\.learning_rate\.scal: unknown key \(did you mean "scale"\?\)/,
  ],
  [
    'a wrong direction',
    TASK.replace('minimize', 'minimise'),
    /objective\.direction: got "minimise"; must be "minimize" or "maximize"/,
  ],
  ['no description', TASK.replace('description: A small task.', ''), /description: is missing/],
  [
    'an impossible range',
    TASK.replace('[1, 50]', '[50, 1]'),
    /hyperparameters\.epochs: range must be \[low, high\] with low ≤ high, got \[50, 1\]/,
  ],
  [
    'a log scale from 0',
    TASK.replace('[0.0001, 1.0]', '[0, 1.0]'),
    /learning_rate: low must be > 0 on a log scale, got 0/,
  ],
  ['choices on a float', TASK.replace('scale: log', 'choices: [1]'), /learning_rate: float has no "choices"/],
  [
    'a condition on a stranger',
    TASK.replace('when: { optimizer: sgd }', 'when: { optimiser: sgd }'),
    /momentum\.when: "optimiser" is not a hyperparameter \(did you mean "optimizer"\?\)/,
  ],
  [
    'a condition on a value that is none',
    TASK.replace('optimizer: sgd }', 'optimizer: lion }'),
    /momentum\.when: optimizer = "lion" is not one of "sgd", "adam"/,
  ],
  [
    'a constraint on a stranger',
    TASK.replace('* epochs', '* epoch'),
    /constraints\[0\]: "epoch" is not a hyperparameter \(did you mean "epochs"\?\)/,
  ],
  [
    'a constraint that calls',
    TASK.replace('learning_rate * epochs <= 20', 'process.exit(1) == 2'),
    /constraints\[0\]: only these functions can be called/,
  ],
  ['a script that is not there', TASK.replace('train.py', 'trian.py'), /train\.script: there is no trian\.py/],
  [
    'a path out of the folder',
    TASK.replace('train.py', '../train.py'),
    /train\.script: got "\.\.\/train\.py"; must be a path inside the task folder/,
  ],
  [
    'a time limit that is none',
    TASK.replace('timeout: 2m', 'timeout: soon'),
    /profiles\.quick\.timeout: got "soon"; must be a duration/,
  ],
  [
    'a pattern without groups',
    TASK.replace('seed: seed }', 'seed: seed, pattern: "loss=(.*)" }'),
    /train\.pattern: needs a named group/,
  ],
])('%s: the message names the place, the value and what is accepted', (_, task, expected) => {
  expect(problem(task)).toMatch(expected);
});

test('two defaults that differ, and a key that the config lacks, are named with both sides', () => {
  const both = TASK.replace('type: int, range: [1, 50]', 'type: int, range: [1, 50], default: 12');
  expect(problem(both)).toContain(
    'hyperparameters.epochs: two defaults, 12 here and 10 in config.yaml (epochs); keep one',
  );
  expect(problem(TASK, CONFIG.replace('epochs: 10\n', ''))).toContain(
    'hyperparameters.epochs: config.yaml has no key "epochs"',
  );
});

test('all problems are listed at once', () => {
  const message = problem(TASK.replace('[1, 50]', '[50, 1]').replace('[0.0001, 1.0]', '[0, 1.0]'));
  expect(message).toMatch(/has 2 problems:\n {2}- .*\n {2}- /);
});

test('defaults outside of the space are an error', () => {
  expect(problem(TASK, CONFIG.replace('0.01', '3.0'))).toMatch(
    /the default is invalid: learning_rate = 3 is outside \[0\.0001, 1\] \(inclusive\)/,
  );
  expect(problem(TASK, CONFIG.replace('epochs: 10', 'epochs: 50').replace('0.01', '0.9'))).toMatch(
    /the defaults are not a valid configuration: the constraint "learning_rate \* epochs <= 20" does not hold for learning_rate = 0\.9, epochs = 50/,
  );
});

test('an unknown profile or --set key names the nearest known one', () => {
  expect(problem(TASK, CONFIG, { profile: 'quik' })).toContain(
    '[usage] --profile quik: there is no such profile; this task has quick.',
  );
  expect(problem(TASK, CONFIG, { sets: { subst: 3 } })).toContain(
    '--set subst: neither a hyperparameter nor a key of the config file (did you mean "subset"?)',
  );
});

test('a value given to --set must be one the hyperparameter accepts, and take effect', () => {
  expect(problem(TASK, CONFIG, { sets: { epochs: 'many' } })).toContain('--set epochs: must be a number, got "many"');
  expect(problem(TASK, CONFIG, { sets: { epochs: 99 } })).toContain(
    '--set epochs: epochs = 99 is outside [1, 50] (inclusive)',
  );
  expect(problem(TASK, CONFIG, { sets: { optimizer: 'adam', momentum: 0.3 } })).toContain(
    '--set momentum: momentum is never active',
  );
  expect(problem(TASK, CONFIG, { sets: { seed: 7 } })).toContain('choose it with --seed');
});

test('what would never reach the script is a mistake: a stray slot, a forgotten flag, a seed without its place', () => {
  const flags = TASK.replace(', config: config.yaml', '').replace(
    'seed: seed',
    'args: "--lr {learning_rat} {optimizer}", seed: { argument: true }',
  );
  const withDefaults = flags.replaceAll(
    /(choices: \[sgd, adam\]|scale: log|optimizer: sgd }|\[1, 50\])/g,
    '$1, default: 1',
  );
  expect(problem(withDefaults)).toContain(
    'train.args: {learning_rat} stands for nothing (did you mean "learning_rate"?)',
  );
  expect(problem(withDefaults)).toContain('hyperparameters.epochs: would never reach the script');
  expect(problem(withDefaults)).toContain('train.seed: argument: true needs {seed} in train.args');
});

test('Windows line ends and a byte order mark are no obstacle', () => {
  expect(
    loadTask(aTask(`\uFEFF${TASK.replaceAll('\n', '\r\n')}`, `\uFEFF${CONFIG.replaceAll('\n', '\r\n')}`)).name,
  ).toBe('small');
});

test('data: how it is prepared and stood in for; --stand-in joins the arguments of the training', () => {
  const data = 'data: { prepare: prepare.py, stand_in: --stand-in --rows 100, network: true }\n';
  const folder = aTask(TASK + data);
  writeFileSync(join(folder, 'prepare.py'), '');
  const real = loadTask(folder);
  expect(real.data).toEqual({ prepare: 'prepare.py', standIn: ['--stand-in --rows 100'], network: true });
  expect([real.train.args, real.dataIsStandIn]).toEqual([[], false]);
  const standIn = loadTask(folder, { standIn: true });
  expect([standIn.train.args, standIn.dataIsStandIn]).toEqual([['--stand-in --rows 100'], true]);
});

test('problems of data name their key, and --stand-in is refused where there is none', () => {
  expect(problem(`${TASK}data: { prepare: prepare.py, stand_in: '{sead}' }`)).toBe(
    '[task-invalid] <task>/task.yaml has 2 problems:\n' +
      '  - line 21: data.prepare: there is no prepare.py in <task>\n' +
      '  - line 21: data.stand_in: {sead} stands for nothing (did you mean "seed"?)',
  );
  expect(problem(`${TASK}data: { network: true }`)).toContain(
    'data: got {"network":true}; needs prepare, stand_in or both',
  );
  expect(problem(`${TASK}data: { stand_in: '' }`)).toContain('data.stand_in: got ""; must be at least one word');
  expect(problem(`${TASK}data: { prepair: x.py }`)).toContain('data.prepair: unknown key (did you mean "prepare"?)');
  expect(problem(TASK, undefined, { standIn: true })).toMatch(/^\[usage\] small has no stand-in data/);
});

test('a profile’s caveat is the task’s while the profile is chosen', () => {
  const task = TASK.replace('For a CPU.', 'For a CPU.\n    caveat: few epochs');
  expect(loadTask(aTask(task), { profile: 'quick' }).profile).toMatchObject({ name: 'quick', caveat: 'few epochs' });
  expect(loadTask(aTask(task)).profile).toBeUndefined();
});
