import type { History } from './history.ts';
import {
  fromUnit,
  type Hyperparameter,
  type HyperparameterValue,
  isNumeric,
  toUnit,
  valuesOf,
} from './hyperparameter.ts';
import { improvement } from './objective.ts';
import type { Trial } from './trial.ts';

/** With fewer valued trials than this, regions would say nothing that the trials themselves do not. */
const MIN_TRIALS = 4;
const BINS = 3;
/** Values of a categorical that are listed; those with most trials first. */
const MAX_CHOICES = 6;

/**
 * What the trials in each region of each hyperparameter reached: `0.0001 to 0.001: 4 trials, best 0.41, median 0.55`.
 * Numbers fall into three equal parts of their own (log) scale, choices are themselves; only active values count.
 */
export function describeRegions(history: History): Record<string, string[]> {
  const trials = history.current.filter((trial) => trial.value !== undefined);
  if (trials.length < MIN_TRIALS) return {};
  return Object.fromEntries(
    history.space.parameters.flatMap((parameter) => {
      const regions = regionsOf(parameter, trials, history);
      return regions.length > 1 ? [[parameter.name, regions]] : [];
    }),
  );
}

function regionsOf(parameter: Hyperparameter, trials: readonly Trial[], { objective }: History): string[] {
  const groups = new Map<string, number[]>();
  for (const trial of trials) {
    const value = trial.proposal.hyperparameters[parameter.name];
    if (value === undefined || trial.value === undefined) continue;
    const label = regionLabel(parameter, value);
    groups.set(label, [...(groups.get(label) ?? []), trial.value]);
  }
  const ordered = [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, MAX_CHOICES);
  return ordered.map(([label, values]) => {
    const ranked = values.toSorted((a, b) => improvement(b, a, objective.direction));
    const count = values.length === 1 ? '1 trial' : `${values.length} trials`;
    return `${label}: ${count}, best ${digits(ranked[0] ?? Number.NaN)}, median ${digits(medianOf(ranked))}`;
  });
}

function medianOf(ranked: readonly number[]): number {
  const [lower, upper] = [ranked[Math.floor((ranked.length - 1) / 2)], ranked[Math.ceil((ranked.length - 1) / 2)]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}

function regionLabel(parameter: Hyperparameter, value: HyperparameterValue): string {
  if (!isNumeric(parameter)) return JSON.stringify(value);
  const few = parameter.type === 'int' && parameter.high - parameter.low < 5 ? valuesOf(parameter) : undefined;
  if (few !== undefined) return String(value);
  const bin = Math.min(BINS - 1, Math.max(0, Math.floor(toUnit(parameter, value) * BINS)));
  const low = fromUnit(parameter, bin / BINS);
  const high = fromUnit(parameter, (bin + 1) / BINS);
  return `${digits(Number(low))} to ${digits(Number(high))}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
