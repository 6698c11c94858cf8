import { isValued } from './comparable.ts';
import { type Hyperparameter, type Hyperparameters, isNumeric, toUnit } from './hyperparameter.ts';
import { type Direction, improvement } from './objective.ts';
import type { SearchSpace } from './search-space.ts';
import { short, shortValues } from './short-values.ts';
import type { Trial } from './trial.ts';

/** Points of one slice that are told, those around its best. */
const MAX_POINTS = 4;
/** Slices of one hyperparameter that are told. */
const MAX_SLICES = 3;

/**
 * For each hyperparameter the trials that differ in it alone, in words: `64: 0.1212 (trial 5), 32: 0.1173 (trial 8)`. Such
 * differences need no other explanation, which no average over regions can say of itself. Of several such groups, told
 * apart by semicolons, the one with the best value comes first, then those whose values lie furthest apart. What becomes
 * active or inactive by a choice belongs to that choice.
 */
export function tellingSlices(
  space: SearchSpace,
  finished: readonly Trial[],
  direction: Direction,
): Record<string, string> {
  return Object.fromEntries(
    space.parameters.flatMap((parameter) => {
      const slices = slicesAlong(parameter, space, finished);
      const best = slices.toSorted((a, b) => improvement(bestOf(b, direction), bestOf(a, direction), direction))[0];
      const others = slices.filter((slice) => slice !== best).toSorted((a, b) => spreadOf(b) - spreadOf(a));
      const told = [...(best === undefined ? [] : [best]), ...others].slice(0, MAX_SLICES);
      return told.length === 0
        ? []
        : [[parameter.name, told.map((slice) => inWords(parameter, slice, direction)).join('; ')]];
    }),
  );
}

/** Groups of at least two trials, a value among them, with as many values of the parameter and nothing else apart. */
function slicesAlong(parameter: Hyperparameter, space: SearchSpace, finished: readonly Trial[]): Trial[][] {
  const groups = new Map<string, Map<string, Trial>>();
  for (const trial of finished) {
    const { [parameter.name]: own, ...others } = shortValues(trial.proposal.hyperparameters);
    if (own === undefined) continue;
    const rest = JSON.stringify(Object.entries(withoutDependents(others, parameter, space)).sort());
    const group = groups.get(rest) ?? new Map<string, Trial>();
    groups.set(rest, group.set(JSON.stringify(own), trial));
  }
  return [...groups.values()].map((group) => [...group.values()]).filter((group) => isTelling(group));
}

function isTelling(group: readonly Trial[]): boolean {
  return group.length > 1 && group.some(isValued);
}

function withoutDependents(values: Hyperparameters, on: Hyperparameter, space: SearchSpace): Hyperparameters {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !dependsOn(space.get(name), on.name, space)));
}

function dependsOn(parameter: Hyperparameter | undefined, name: string, space: SearchSpace): boolean {
  return Object.keys(parameter?.when ?? {}).some((each) => each === name || dependsOn(space.get(each), name, space));
}

function bestOf(slice: readonly Trial[], direction: Direction): number {
  const [first = Number.NaN, ...others] = slice.filter(isValued).map(({ value }) => value);
  return others.reduce((best, value) => (improvement(value, best, direction) > 0 ? value : best), first);
}

/** How far apart a slice’s values lie: what changing this one hyperparameter did. */
function spreadOf(slice: readonly Trial[]): number {
  const values = slice.filter(isValued).map(({ value }) => value);
  return Math.max(...values) - Math.min(...values);
}

function inWords(parameter: Hyperparameter, slice: readonly Trial[], direction: Direction): string {
  const hasOrder = isNumeric(parameter) || parameter.type === 'ordinal';
  const placeOf = ({ proposal }: Trial) => toUnit(parameter, proposal.hyperparameters[parameter.name] ?? null);
  const ordered = hasOrder ? slice.toSorted((a, b) => placeOf(a) - placeOf(b)) : slice;
  const best = bestOf(slice, direction);
  const centre = ordered.findIndex(({ value }) => value === best);
  const start = Math.max(0, Math.min(centre - 1, ordered.length - MAX_POINTS));
  return ordered
    .slice(start, start + MAX_POINTS)
    .map((trial) => {
      const own = shortValues(trial.proposal.hyperparameters)[parameter.name];
      const came = trial.value === undefined ? trial.state : short(trial.value);
      const broken = trial.brokenConstraints.length > 0 ? ', breaks a condition' : '';
      return `${typeof own === 'string' ? own : JSON.stringify(own)}: ${came} (trial ${trial.number}${broken})`;
    })
    .join(', ');
}
