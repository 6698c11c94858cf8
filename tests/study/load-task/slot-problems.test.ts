import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../../study/errors.ts';
import { loadTask } from '../../../study/load-task.ts';
import { aFolder } from '../maker.ts';

/** What is wrong with a task that has these lines below `train:`, besides its script; empty for nothing. */
function problemsOf(train: string, { choices = 'sgd, adam', more = '', config = '' } = {}): string {
  const folder = join(aFolder(), 'small');
  mkdirSync(folder);
  writeFileSync(join(folder, 'train.py'), '');
  writeFileSync(join(folder, 'config.toml'), config);
  writeFileSync(
    join(folder, 'task.yaml'),
    `name: small
description: A test.
objective: { metric: loss, direction: minimize }
hyperparameters:
  lr: { type: float, range: [-1.0, 1.0], default: -0.1 }
  opt: { type: categorical, choices: [${choices}] }
  amp: { type: boolean, default: false }
train:
  script: train.py
${train}
${more}`,
  );
  try {
    loadTask(folder);
    return '';
  } catch (error) {
    return messageOf(error)
      .split('\n')
      .filter((line) => !line.includes('opt: has no default'))
      .join('\n');
  }
}

function problemsOfChoice(choice: string, args: string): string {
  const problems = problemsOf(`  args: ['{lr} {amp}', ${JSON.stringify(args)}]`, {
    choices: `sgd, ${JSON.stringify(choice)}`,
  });
  return problems
    .replace(/^.*: *$/m, '')
    .replaceAll(/^ {2}- line \d+: /gm, '')
    .trim();
}

describe('a choice that begins with a dash', () => {
  test('would be taken for a flag, and the cure is told', () => {
    expect(problemsOfChoice('-x', '--opt {opt}')).toContain(
      'hyperparameters.opt: "-x" would be taken for a flag in train.args ({opt}); join it to its own flag: --opt={opt}',
    );
  });

  test('is fine behind its flag, and so are negative numbers everywhere', () => {
    expect(problemsOfChoice('-x', '--opt={opt}')).not.toContain('-x');
  });
});

test.each(['a\nb', 'a\0b', 'a\x7fb'])('a choice with a control character (%j) is refused', (choice) => {
  expect(problemsOfChoice(choice, '--opt={opt}')).toContain('control character, which train.args cannot carry');
});

test('a choice that Hydra would interpolate is refused', () => {
  expect(problemsOfChoice(`a\${b}`, '--opt={opt}')).toContain('holds "${", which Hydra');
});

describe('in a Hydra override', () => {
  test.each(['a,b', '[a]', 'a b', 'x=1', 'é', 'null', '1e3', '1_0', '-inf', "it's", ' a', '(a)', 'a\\b'])(
    '%j is read as something else, and quotes are the cure unless it is plain after all',
    (choice) => {
      const problems = problemsOfChoice(choice, 'model.opt={opt}');
      if (choice === 'a b') expect(problems).not.toContain('Hydra');
      else expect(problems).toContain(`put its slot in quotes: 'model.opt="{opt}"'`);
    },
  );

  test('quotes carry any text but quotes and backslashes', () => {
    expect(problemsOfChoice('a, [b]', `'+model.opt="{opt}"'`)).not.toContain('a, [b]');
    expect(problemsOfChoice(`it's`, `'+model.opt="{opt}"'`)).toContain('holds a quote or a backslash');
  });

  test('a flag with an equals sign is none', () => {
    expect(problemsOfChoice('a,b', '--opt={opt}')).not.toContain('Hydra');
  });
});

test('a choice that the config file cannot hold is refused', () => {
  const problems = problemsOf('  config: config.toml', {
    choices: 'sgd, null',
    config: 'lr = 0.1\namp = true\nopt = "sgd"\n',
  });
  expect(problems).toContain(
    'hyperparameters.opt: config.toml cannot hold null; use a text that the script understands',
  );
});

test('a choice of a profile is looked at too', () => {
  const profile = 'profiles: { quick: { hyperparameters: { opt: { choices: [sgd, -x] } } } }';
  expect(problemsOf('  args: "{lr} {amp} {opt}"', { more: profile })).toContain(
    'profiles.quick.hyperparameters.opt: "-x" would be taken for a flag',
  );
});

test('two words are for a boolean', () => {
  expect(problemsOf('  args: "{lr} {opt?--a:--b} {amp?--amp}"')).toContain(
    'train.args: {opt?…} is for a boolean, and opt is of type categorical; write {opt}',
  );
});

test('a variable counts as reaching the script', () => {
  expect(problemsOf('  args: "{lr} {amp}"\n  env: { OPT: "{opt}" }')).not.toContain('never reach');
  expect(problemsOf('  args: "{lr}"\n  env: { OPT: "{opt}" }')).toContain(
    'hyperparameters.amp: would never reach the script: put {amp} into train.args or train.env',
  );
});

test.each([
  ['PATH', 'decides which Python runs'],
  ['LD_PRELOAD', 'decides which Python runs'],
  ['PYTHONPATH', 'decides which Python runs'],
  ['OPENAI_API_KEY', 'belongs to a provider of language models'],
  ['"A=B"', 'is not the name of a variable'],
  ['SEED', 'train.seed puts the seed there already'],
  ['WANDB_MODE', 'environment.pass passes it on already'],
])('the variable %s is refused', (name, reason) => {
  const more = 'environment: { pass: [WANDB_MODE] }';
  const train = `  args: "{lr} {opt} {amp}"\n  env: { ${name}: x }\n  seed: { environment: SEED }`;
  expect(problemsOf(train, { more })).toContain(reason);
});

test('variables of the script’s own are fine, PYTHONHASHSEED among them', () => {
  expect(
    problemsOf('  env: { LR: "{lr}", PYTHONHASHSEED: "{seed}", OPT: "{opt}", AMP: "{amp?1:0}", N: 3 }'),
  ).not.toContain('train.env');
});

test('an unknown slot in a variable is told with the nearest name', () => {
  expect(problemsOf('  args: "{lr} {opt} {amp}"\n  env: { LR: "{rl}" }')).toContain(
    'train.env.LR: {rl} stands for nothing (did you mean "lr"?)',
  );
});

test('an open quote is a problem of its key', () => {
  expect(problemsOf(`  args: ["{lr} {opt} {amp}", "'a"]`)).toContain(
    "train.args: the quote ' is opened and not closed",
  );
});
