import type { Hyperparameters, HyperparameterValue } from '../study/hyperparameter.ts';
import type { Objective } from '../study/objective.ts';
import { isCreatorStrategy } from '../study/strategy.ts';
import { differingNames, type Origin, type Trial } from '../study/trial.ts';
import type { ReportAnalysis } from './analyse.ts';
import { formatNumber } from './numbers.ts';
import { codeSpan, inlineText } from './untrusted.ts';

/** The report’s words for what the log calls by shorter names. */

/** Where a sampler’s name says too little; any other one is called `<name> sampler`. */
const SAMPLER_TITLES: Readonly<Record<string, string>> = {
  random: 'random search',
  'quasi-random': 'quasi-random search',
  grid: 'grid search',
  tpe: 'TPE sampler',
  gp: 'Gaussian-process sampler',
  'optuna:tpe': 'Optuna’s TPE sampler',
  'optuna:gp': 'Optuna’s Gaussian-process sampler',
  'optuna:cmaes': 'Optuna’s CMA-ES sampler',
};

/** What proposes beside a language model. */
const BESIDE_CREATOR: Readonly<Record<string, string>> = {
  hybrid: ' with a Gaussian process',
  'llm-then-gp': ', then a Gaussian process',
};

/** Whether the proposals came from the embedded optimiser and not from a language model. */
function isOffline({ study, models }: Pick<ReportAnalysis, 'study' | 'models'>): boolean {
  return isCreatorStrategy(study.strategy) && models.every(isEmbedded);
}

/** Whether requests went to the embedded optimiser alone: a sampler’s study has an Executor, which may ask it as well. */
export function asksOffline({ models }: Pick<ReportAnalysis, 'models'>): boolean {
  return models.length > 0 && models.every(isEmbedded);
}

function isEmbedded({ model }: ReportAnalysis['models'][number]): boolean {
  return /^offline\b/.test(model);
}

/** Whom the requests went to: a language model, whoever proposed. */
export function askedModel({ study, models, facts }: Pick<ReportAnalysis, 'study' | 'models' | 'facts'>): string {
  return !isCreatorStrategy(study.strategy) && models.length > 0
    ? models.map(({ model }) => model.replace(/^openai:/, '')).join(', then ')
    : facts.modelLabel;
}

/** Who searched, as the title says it. */
export function searcherOf({ study, models, facts }: Pick<ReportAnalysis, 'study' | 'models' | 'facts'>): string {
  if (!isCreatorStrategy(study.strategy)) {
    const sampler = SAMPLER_TITLES[study.strategy] ?? `${study.strategy} sampler`;
    return study.executor === 'direct' || study.model === null ? `${sampler}, no agents` : sampler;
  }
  if (isOffline({ study, models })) return 'offline optimiser, no language model';
  return `${facts.modelLabel}${BESIDE_CREATOR[study.strategy] ?? ''}`;
}

export function better(objective: Objective): string {
  return objective.direction === 'minimize' ? 'lower is better' : 'higher is better';
}

export function rowThatCounts(objective: Objective): string {
  return objective.at === 'last' ? 'the last row that carries it' : 'its best row';
}

export function stateWord(trial: Trial): string {
  switch (trial.state) {
    case 'complete':
      return trial.brokenConstraints.length > 0 ? 'complete, breaks a constraint' : 'complete';
    case 'pruned':
      return 'pruned (partial)';
    case 'failed':
      return trial.failure === undefined ? 'failed' : `failed: ${causeWord(trial.failure.cause)}`;
    case 'timed-out':
      return 'timed out';
    default:
      return trial.state;
  }
}

export function causeWord(cause: string): string {
  return cause.replaceAll('-', ' ');
}

export function originWord(origin: Origin, isFallback = false): string {
  const word = origin === 'default' ? 'defaults' : origin;
  return isFallback ? `${word} (fallback)` : word;
}

/** A hyperparameter’s value in running text or a table: rounded for reading, safe whatever it is. */
export function shownValue(value: HyperparameterValue | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'string' ? inlineText(value, 60) : String(value);
}

/** `lr = 0.1, momentum not used`: what a configuration changes; `nothing: these are the defaults` when it changes none. */
export function changesText(values: Hyperparameters, defaults: Hyperparameters): string {
  const changes = differingNames(values, defaults).map((name) =>
    name in values ? `${nameSpan(name)} = ${shownValue(values[name])}` : `${nameSpan(name)} not used`,
  );
  return changes.length === 0 ? 'nothing: these are the defaults' : changes.join(', ');
}

export function nameSpan(name: string): string {
  return codeSpan(name, 60);
}

/** `1, 3–5 and 9`: trial numbers with runs drawn together. */
export function trialList(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  const parts = runs.flatMap(([from, to]) =>
    to - from === 1 ? [`${from}`, `${to}`] : [from === to ? `${from}` : `${from}–${to}`],
  );
  const shown = parts.length > 12 ? [...parts.slice(0, 11), `${parts.length - 11} more`] : parts;
  const word = numbers.length === 1 ? 'trial' : 'trials';
  return `${word} ${shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`}`;
}
