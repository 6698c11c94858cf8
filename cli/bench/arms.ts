import { type Settings, STRATEGIES } from '../../configs/schema.ts';
import { CREATOR_VARIANTS } from '../../configs/variants.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { didYouMean } from '../../study/nearest.ts';

/** One way of proposing, as a benchmark compares it with others. */
export interface Arm {
  /** As `--arms`, the tables and the folders call it. */
  readonly name: string;
  /** What it sets apart from the command line’s settings, which all arms share. */
  readonly settings: Partial<Settings>;
  /** What it stands for, in words. */
  readonly meaning: string;
}

/** Which arm the others are held against, where it takes part. */
const REFERENCE = 'random';

const MEANINGS: Readonly<Partial<Record<Settings['strategy'], string>>> = {
  creator: 'the Creator alone',
  hybrid: 'the Creator with an optimiser’s candidates',
  'llm-then-gp': 'the Creator first, a Gaussian process after it',
  random: 'random search after the defaults (“default + random”)',
  'quasi-random': 'quasi-random search after the defaults',
  grid: 'grid search after the defaults',
  tpe: 'our TPE',
  gp: 'our Gaussian process',
};

/** Every arm by its name: one entry more is one arm more, in `--arms` as in its help, completion and errors. */
const ARMS: Readonly<Record<string, Omit<Arm, 'name'>>> = {
  ...Object.fromEntries(
    STRATEGIES.map((strategy) => [strategy, { settings: { strategy }, meaning: MEANINGS[strategy] ?? strategy }]),
  ),
  ...Object.fromEntries(
    Object.entries(CREATOR_VARIANTS).map(([name, { settings, meaning }]) => [
      `creator:${name}`,
      { settings: { strategy: 'creator', ...settings }, meaning },
    ]),
  ),
};

export const ARM_NAMES: readonly string[] = Object.keys(ARMS);

/**
 * The arms of `--arms a,b` in that order, then a Creator for each model of `--models`. Throws `usage` for an unknown
 * one, for one named twice, and for fewer than two.
 */
export function parseArms(arms: string, models: string | undefined): Arm[] {
  const named = [...listed(arms).map(armOf), ...listed(models ?? '').map(creatorWith)];
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined)
    throw new AgentHpoError({
      code: 'usage',
      message: `The arm ${twice.name} is named twice.`,
      hint: 'Name each arm once; --seeds says how often each one runs.',
    });
  if (named.length < 2)
    throw new AgentHpoError({
      code: 'usage',
      message: `A comparison needs at least two arms, got ${named[0]?.name ?? 'none'}.`,
      hint: `Write for example: --arms ${named[0]?.name === REFERENCE ? 'creator' : (named[0]?.name ?? 'creator')},${REFERENCE}`,
    });
  return named;
}

function listed(words: string): string[] {
  return words
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function armOf(name: string): Arm {
  const found = Object.hasOwn(ARMS, name) ? ARMS[name] : undefined;
  if (found !== undefined) return { name, ...found };
  throw new AgentHpoError({
    code: 'usage',
    message: `There is no arm "${name}" (${didYouMean(name, ARM_NAMES)}).`,
    hint: 'Correct --arms; models side by side are --models.',
  });
}

function creatorWith(model: string): Arm {
  return {
    name: `creator(${model})`,
    settings: { strategy: 'creator', model, models: { creator: null, executor: null, report: null } },
    meaning: 'the Creator alone',
  };
}

/** The arm that the others are held against: random search, else the last one named. */
export function referenceOf(arms: readonly Arm[]): string {
  const reference = arms.find(({ name }) => name === REFERENCE) ?? arms.at(-1);
  if (reference === undefined) throw new Error('a comparison has arms');
  return reference.name;
}
