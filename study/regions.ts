import type { History } from './history.ts';
import {
  fromUnit,
  type Hyperparameter,
  type HyperparameterValue,
  isNumeric,
  toUnit,
  valuesOf,
} from './hyperparameter.ts';
import { type Direction, improvement } from './objective.ts';
import type { Trial } from './trial.ts';

/** With fewer valued trials than this, regions would say nothing that the trials themselves do not. */
const MIN_TRIALS = 4;
const BINS = 3;
/** Values of a categorical that are listed; those with most trials first. */
const MAX_CHOICES = 6;

/** What the trials in one region of a hyperparameter came to; see {@link REGION_COLUMNS}. */
export type Region = readonly [
  region: string,
  valued: number,
  without: number,
  best: number | null,
  median: number | null,
];

export const REGION_COLUMNS = ['region', 'trials with a value', 'without', 'best', 'median'] as const;

/**
 * What these finished trials in each region of each hyperparameter reached: `["0.0001 to 0.001", 4, 1, 0.41, 0.55]`. Numbers fall
 * into three equal parts of their own (log) scale, choices are themselves; only active values count. The default
 * trial is left out: nobody chose its values for their own sake, and one bad start would stain a region of every parameter.
 */
export function describeRegions(history: History, finished: readonly Trial[]): Record<string, Region[]> {
  const trials = finished.filter(({ proposal }) => proposal.origin !== 'default');
  if (trials.filter(({ value }) => value !== undefined).length < MIN_TRIALS) return {};
  return Object.fromEntries(
    history.space.parameters.flatMap((parameter) => {
      const regions = regionsOf(parameter, trials, history.objective.direction);
      return regions.length > 1 ? [[parameter.name, regions]] : [];
    }),
  );
}

function regionsOf(parameter: Hyperparameter, trials: readonly Trial[], direction: Direction): Region[] {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const value = trial.proposal.hyperparameters[parameter.name];
    if (value === undefined) continue;
    const label = regionLabel(parameter, value);
    groups.set(label, [...(groups.get(label) ?? []), trial]);
  }
  const ordered = [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, MAX_CHOICES);
  return ordered.map(([label, members]) => toRegion(label, members, direction));
}

function toRegion(label: string, trials: readonly Trial[], direction: Direction): Region {
  const ranked = trials.flatMap(({ value }) => value ?? []).sort((a, b) => improvement(b, a, direction));
  const [best] = ranked;
  if (best === undefined) return [label, 0, trials.length, null, null];
  return [label, ranked.length, trials.length - ranked.length, digits(best), digits(medianOf(ranked))];
}

function medianOf(ranked: readonly number[]): number {
  const [lower, upper] = [ranked[Math.floor((ranked.length - 1) / 2)], ranked[Math.ceil((ranked.length - 1) / 2)]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}

function regionLabel(parameter: Hyperparameter, value: HyperparameterValue): string {
  if (!isNumeric(parameter)) return typeof value === 'string' ? value : JSON.stringify(value);
  const few = parameter.type === 'int' && parameter.high - parameter.low < 5 ? valuesOf(parameter) : undefined;
  if (few !== undefined) return String(value);
  const bin = Math.min(BINS - 1, Math.max(0, Math.floor(toUnit(parameter, value) * BINS)));
  const low = fromUnit(parameter, bin / BINS);
  const high = fromUnit(parameter, (bin + 1) / BINS);
  return `${digits(Number(low))} to ${digits(Number(high))}`;
}

function digits(value: number): number {
  return Number(value.toPrecision(3));
}
