import type { History } from './history.ts';
import { type Hyperparameter, type HyperparameterValue, isNumeric, toUnit } from './hyperparameter.ts';
import { type Direction, improvement } from './objective.ts';
import { short } from './short-values.ts';
import type { Trial } from './trial.ts';

/** With fewer chosen trials that have a value, regions would say nothing that the trials themselves do not. */
export const FEWEST_FOR_REGIONS = 10;
/** A region of fewer trials is left out: its best and median would be those of single trials. */
const FEWEST_IN_REGION = 3;
const BINS = 3;
/** Values of a categorical that are listed; those with most trials first. */
const MAX_CHOICES = 6;
/** One hyperparameter’s regions are confounded with another’s when these tell so much of the errors in guessing them (Goodman and Kruskal’s lambda). */
const CONFOUNDED_FROM = 0.75;

/** What the trials in one region of a hyperparameter came to; see {@link REGION_COLUMNS}. */
export type Region = readonly [
  region: string,
  valued: number,
  without: number,
  best: number | null,
  median: number | null,
];

export const REGION_COLUMNS = ['values tried', 'trials with a value', 'trials without', 'best', 'median'] as const;

export interface Regions {
  readonly regions: Readonly<Record<string, readonly Region[]>>;
  /** Hyperparameters whose regions moved with those of others, by name: their effects cannot be told apart. */
  readonly movedWith: Readonly<Record<string, readonly string[]>>;
}

export const NO_REGIONS: Regions = { regions: {}, movedWith: {} };

/** Trials of one hyperparameter by the label of their region. */
type Groups = ReadonlyMap<string, readonly Trial[]>;

/**
 * What these finished trials in each region of each hyperparameter reached: `["0.0001 to 0.0009", 4, 1, 0.41, 0.55]`. Numbers
 * fall into three equal parts of their own (log) scale, named by the values tried in them; choices are themselves. Only
 * active values count, and only where at least two regions hold three trials each. The default trial is left out: nobody
 * chose its values for their own sake, and one bad start would stain a region of every parameter.
 */
export function describeRegions({ space, objective }: History, finished: readonly Trial[]): Regions {
  const chosen = finished.filter(({ proposal }) => proposal.origin !== 'default');
  if (chosen.filter(({ value }) => value !== undefined).length < FEWEST_FOR_REGIONS) return NO_REGIONS;
  const grouped = space.parameters
    .map((parameter) => ({ parameter, groups: largestGroups(parameter, chosen) }))
    .filter(({ groups }) => groups.size > 1);
  const movedWith = grouped.map(({ parameter, groups }) => {
    const others = grouped.filter((other) => other.parameter !== parameter);
    return [
      parameter.name,
      others.filter((other) => isToldBy(groups, other.groups)).map((other) => other.parameter.name),
    ];
  });
  return {
    regions: Object.fromEntries(
      grouped.map(({ parameter, groups }) => [
        parameter.name,
        [...groups.values()].map((trials) => toRegion(labelOf(parameter, trials), trials, objective.direction)),
      ]),
    ),
    movedWith: Object.fromEntries(movedWith.filter(([, names]) => names !== undefined && names.length > 0)),
  };
}

function largestGroups(parameter: Hyperparameter, trials: readonly Trial[]): Groups {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const value = trial.proposal.hyperparameters[parameter.name];
    if (value === undefined) continue;
    const key = regionKey(parameter, value);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  const large = [...groups].filter(([, members]) => members.length >= FEWEST_IN_REGION);
  return new Map(large.sort((a, b) => b[1].length - a[1].length).slice(0, MAX_CHOICES));
}

/** Whether knowing a trial’s region in `other` all but tells its region in `groups` (lambda, over the trials of both). */
function isToldBy(groups: Groups, other: Groups): boolean {
  const keys = [...other.values()].map((members) => new Set(members));
  const shared = [...groups.values()].map((members) =>
    keys.map((key) => members.filter((trial) => key.has(trial)).length),
  );
  const total = sumOf(shared.map(sumOf));
  const largest = Math.max(...shared.map(sumOf));
  const told = sumOf(keys.map((_, column) => Math.max(...shared.map((row) => row[column] ?? 0))));
  return total > largest && (told - largest) / (total - largest) >= CONFOUNDED_FROM;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function toRegion(label: string, trials: readonly Trial[], direction: Direction): Region {
  const ranked = trials.flatMap(({ value }) => value ?? []).sort((a, b) => improvement(b, a, direction));
  const [best] = ranked;
  if (best === undefined) return [label, 0, trials.length, null, null];
  return [label, ranked.length, trials.length - ranked.length, short(best), short(medianOf(ranked))];
}

function medianOf(ranked: readonly number[]): number {
  const [lower, upper] = [ranked[Math.floor((ranked.length - 1) / 2)], ranked[Math.ceil((ranked.length - 1) / 2)]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}

function regionKey(parameter: Hyperparameter, value: HyperparameterValue): string {
  if (!isNumeric(parameter)) return JSON.stringify(value);
  const few = parameter.type === 'int' && parameter.high - parameter.low < 5;
  return String(few ? value : Math.min(BINS - 1, Math.max(0, Math.floor(toUnit(parameter, value) * BINS))));
}

/** The values that were tried in a region. */
function labelOf({ name }: Hyperparameter, trials: readonly Trial[]): string {
  const values = trials.map(({ proposal }) => proposal.hyperparameters[name] ?? null);
  const numbers = values.filter((value) => typeof value === 'number');
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length === values.length) return low === high ? String(low) : `${digits(low)} to ${digits(high)}`;
  const [value] = values;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function digits(value: number): number {
  return Number(value.toPrecision(3));
}
