import type { Hyperparameters } from '../study/hyperparameter.ts';

/** How `values` differ from the proposal, one clause each: a trial runs exactly what was proposed and logged. */
export function differencesFrom(proposed: Hyperparameters, values: Readonly<Record<string, unknown>>): string[] {
  const names = new Set([...Object.keys(proposed), ...Object.keys(values)]);
  return [...names].flatMap((name) => {
    const expected = proposed[name];
    if (!(name in values)) return [`${name} is missing; the proposal says ${JSON.stringify(expected)}`];
    if (expected === undefined) return [`${name} is not part of this proposal; leave it out`];
    if (Object.is(expected, values[name])) return [];
    return [`${name} = ${JSON.stringify(values[name])}, but the proposal says ${JSON.stringify(expected)}`];
  });
}
