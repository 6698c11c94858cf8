import { getConfigValue, readConfigValues } from '../study/config-file.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Task } from '../study/task.ts';

/** What the script would get now, by hyperparameter name: from its config file, else what the command line will say. */
export function currentValues(
  task: Task,
  text: string | undefined,
  proposed: Hyperparameters,
): Record<string, unknown> {
  const { config } = task.train;
  if (config === undefined || text === undefined) return { ...proposed };
  const values = readConfigValues(text, config);
  const isInConfig = (name: string) => !task.train.outsideConfig.includes(name);
  return Object.fromEntries(
    task.space.parameters.map(({ name, key }) => [
      name,
      isInConfig(name) ? getConfigValue(values, key) : proposed[name],
    ]),
  );
}

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
