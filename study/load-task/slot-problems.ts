import { getConfigValue } from '../config-file.ts';
import { refusalOf } from '../environment-names.ts';
import { AgentHpoError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { slotNames, slotsIn, splitWords } from '../slots.ts';
import type { TaskDocument } from '../task-schema.ts';
import { type Template, valueProblems } from './value-problems.ts';

/**
 * What is wrong with `args` and `env`: slots that stand for nothing, values that would not arrive as they are, names
 * that no task may set, and what would never reach the script (a hyperparameter, a seed).
 */
export function slotProblems(document: TaskDocument): string[] {
  const { train, hyperparameters } = document;
  const { templates, problems } = readTemplates(document);
  const reaching = slotNames(train); // data.stand_in and evaluate.args join only some trainings
  const unreached =
    train.config === undefined ? Object.keys(hyperparameters).filter((name) => !reaching.has(name)) : [];
  const isSeedLost = typeof train.seed === 'object' && 'argument' in train.seed && !reaching.has('seed');
  return [
    ...problems,
    ...variableProblems(document),
    ...templates.flatMap((template) => [
      ...unknownSlots(template, Object.keys(hyperparameters)),
      ...valueProblems(template, document),
    ]),
    ...unreached.map(
      (name) =>
        `hyperparameters.${name}: would never reach the script: put {${name}} into train.args or train.env, or name the config file (train.config)`,
    ),
    ...(isSeedLost ? ['train.seed: argument: true needs {seed} in train.args, such as "--seed {seed}"'] : []),
  ];
}

/** The hyperparameters that a config file has no key for, and that reach the script by `args` or `env` instead. */
export function outsideConfig(document: TaskDocument, config: Record<string, unknown> | undefined): string[] {
  if (config === undefined) return [];
  const reaching = slotNames(document.train);
  return Object.entries(document.hyperparameters)
    .filter(([name, { key = name }]) => reaching.has(name) && getConfigValue(config, key) === undefined)
    .map(([name]) => name);
}

function readTemplates({ train, data, evaluate }: TaskDocument): { templates: Template[]; problems: string[] } {
  const problems: string[] = [];
  const lines = { 'train.args': train.args, 'data.stand_in': data?.stand_in, 'evaluate.args': evaluate?.args };
  const words = Object.entries(lines).flatMap(([key, texts = []]) =>
    texts.flatMap((text) => {
      try {
        return splitWords(text).map((word) => ({ key, word }));
      } catch (error) {
        if (!(error instanceof AgentHpoError)) throw error;
        problems.push(error.message.replace(/^train\.args/, key));
        return [];
      }
    }),
  );
  const values = Object.entries(train.env).map(([name, word]) => ({ key: `train.env.${name}`, word }));
  return { templates: [...words, ...values], problems };
}

function unknownSlots({ key, word }: Template, names: readonly string[]): string[] {
  const known = [...names, 'config', 'seed', 'trial_dir'];
  return slotsIn(word)
    .filter(({ name }) => !known.includes(name))
    .map(({ name }) => `${key}: {${name}} stands for nothing (${didYouMean(name, known)})`);
}

function variableProblems({ train, environment }: TaskDocument): string[] {
  const seed = typeof train.seed === 'object' && 'environment' in train.seed ? train.seed.environment : undefined;
  return Object.keys(train.env).flatMap((name) => {
    const refusal = refusalOf(name);
    if (refusal !== undefined) return [`train.env.${name}: ${refusal}; leave it out`];
    if (name === seed) return [`train.env.${name}: train.seed puts the seed there already; keep one of the two`];
    if (environment.pass.includes(name))
      return [`train.env.${name}: environment.pass passes it on already; keep one of the two`];
    return [];
  });
}
